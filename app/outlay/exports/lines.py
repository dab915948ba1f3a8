"""The sections of an archive: for each the SQL whose rows are its lines."""

from typing import Final, NamedTuple

from outlay.exports.sql import decimal_of, escaped, json_line, number, quoted

GONE: Final = "Former member"
"""The name of people whose account is no more."""


class Section(NamedTuple):
    """`sql` takes the ledger's id as $1."""

    name: str
    sql: str


_ROW: Final = {
    "version": "r.version",
    "created_at": escaped("r.created_at"),
    "updated_at": escaped("r.updated_at"),
}

_LEDGER: Final = {
    "name": escaped("r.name"),
    "currency": quoted("r.currency"),
    "time_zone": escaped("r.time_zone"),
    "first_day_of_month": "r.first_day_of_month",
    "first_day_of_week": "r.first_day_of_week",
    "is_demo": escaped("r.is_demo"),
    **_ROW,
}
_PERSON: Final = {
    "id": quoted("p.id"),
    "name": escaped(f"coalesce(r.name, '{GONE}')"),
}
_MEMBER: Final = {
    "user_id": quoted("r.user_id"),
    "role": quoted("r.role"),
    **_ROW,
}
_CATEGORY: Final = {
    "id": quoted("r.id"),
    "parent_id": quoted("r.parent_id"),
    "name": escaped("r.name"),
    "kind": quoted("r.kind"),
    "hue": "r.hue",
    "icon": escaped("r.icon"),
    "position": "r.position",
    "archived_at": escaped("r.archived_at"),
    **_ROW,
}
_ACCOUNT: Final = {
    "id": quoted("r.id"),
    "name": escaped("r.name"),
    "kind": quoted("r.kind"),
    "currency": quoted("r.currency"),
    "opening_balance": quoted(decimal_of("r.opening_balance", "r.currency")),
    "position": "r.position",
    "archived_at": escaped("r.archived_at"),
    **_ROW,
}
_TAG: Final = {
    "id": quoted("r.id"),
    "name": escaped("r.name"),
    **_ROW,
}
_PROFILE: Final = {
    "id": quoted("r.id"),
    "name": escaped("r.name"),
    "layout": "r.layout::text",
    "account_id": quoted("r.account_id"),
    "category_id": quoted("r.category_id"),
    **_ROW,
}
_EXPENSE: Final = {
    "id": quoted("r.id"),
    "kind": quoted("r.kind"),
    "date": quoted("r.date"),
    "amount": quoted(decimal_of("r.amount", "r.currency")),
    "currency": quoted("r.currency"),
    "description": escaped("r.description"),
    "note": escaped("r.note"),
    "category_id": quoted("r.category_id"),
    "tag_ids": escaped("r.tag_ids"),
    "account_id": quoted("r.account_id"),
    "to_account_id": quoted("r.to_account_id"),
    "to_amount": quoted(decimal_of("r.to_amount", "r.to_currency")),
    "to_currency": quoted("r.to_currency"),
    "purchase_id": quoted("r.purchase_id"),
    "refund_of": quoted("r.refund_of"),
    "reference": escaped("r.reference"),
    "source": quoted("r.source"),
    "import_id": quoted("r.import_id"),
    "created_by": quoted("r.created_by"),
    "deleted_at": escaped("r.deleted_at"),
    **_ROW,
}
_CHANGE_SET: Final = {
    "seq": "r.seq",
    "actor_id": quoted("r.actor_id"),
    "source": escaped("r.source"),
    "action": escaped("r.action"),
    "request_id": escaped("r.request_id"),
    "undoes": number("r.undoes"),
    "kinds": escaped("r.kinds"),
    "entities": "r.entities",
    "at": escaped("r.at"),
}


def _image(column: str) -> str:
    """A row as the log keeps it, without the ids that its line has already."""
    return f"coalesce(({column} - '{{ledger_id,id,user_id}}'::text[])::text, 'null')"


_CHANGE: Final = {
    "seq": "r.seq",
    "entity": escaped("r.entity"),
    "id": quoted("r.entity_id"),
    "before": _image("r.before"),
    "after": _image("r.after"),
}


def _of_table(name: str, fields: dict[str, str], table: str, order: str) -> Section:
    line = json_line(name, fields)
    return Section(
        name, f"select {line} from public.{table} r where r.ledger_id = $1 order by {order}"
    )


def _people(*, history: bool) -> Section:
    sources = [
        "select user_id as id from public.members where ledger_id = $1",
        "select created_by from public.expenses where ledger_id = $1",
    ]
    if history:
        sources += [
            "select actor_id from public.change_sets where ledger_id = $1",
            "select entity_id from public.change_log where ledger_id = $1 and entity = 'member'",
        ]
    return Section(
        "person",
        f"select {json_line('person', _PERSON)} from ({' union '.join(sources)}) p "
        "left join public.users r on r.id = p.id where p.id is not null order by p.id",
    )


def sections(*, history: bool) -> list[Section]:
    """What lies between an archive's first and last line, in order."""
    line = json_line("ledger", _LEDGER)
    found = [
        Section("ledger", f"select {line} from public.ledgers r where r.id = $1"),
        _people(history=history),
        _of_table("member", _MEMBER, "members", "r.user_id"),
        _of_table("category", _CATEGORY, "categories", "r.parent_id is not null, r.id"),
        _of_table("account", _ACCOUNT, "accounts", "r.id"),
        _of_table("tag", _TAG, "tags", "r.id"),
        _of_table("profile", _PROFILE, "import_profiles", "r.id"),
        _of_table("expense", _EXPENSE, "expenses", "r.id"),
    ]
    if history:
        found += [
            _of_table("change_set", _CHANGE_SET, "change_sets", "r.seq"),
            _of_table("change", _CHANGE, "change_log", "r.seq, r.entity, r.entity_id"),
        ]
    return found
