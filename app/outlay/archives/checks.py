"""What the lines of an archive must say of each other, checked over all of them at once."""

from typing import Final, NamedTuple
from uuid import UUID

from outlay.archives.errors import MOST_ERRORS
from outlay.db import Connection
from outlay.errors import FieldError, InvalidInput


class Check(NamedTuple):
    """`sql` gives the numbers of the wrong lines, as `line`; it may use $1, the archive's ledger."""

    pointer: str
    sentence: str
    sql: str


def _twice(kind: str, key: str, where: str = "true") -> str:
    return (
        "select line from (select line, row_number() over "
        f"(partition by {key} order by line) as nth from pg_temp.archive_{kind} where {where}) k "
        "where nth > 1"
    )


def _missing(kind: str, column: str, target: str, on: str, where: str = "true") -> str:
    return (
        f"select x.line from pg_temp.archive_{kind} x where x.{column} is not null and {where} "
        f"and not exists (select from pg_temp.archive_{target} t where {on})"
    )


_LIVE_REFUND: Final = """
pg_temp.archive_expense x join pg_temp.archive_expense t on t.id = x.refund_of
where x.deleted_at is null
"""
_LAST_IMAGES: Final = """
with last as (
  select distinct on (entity, id) line, entity, id, (after ->> 'version')::bigint as version
  from pg_temp.archive_change order by entity, id, seq desc
), present as (
  select 'ledger' as entity, $1::uuid as id, version from pg_temp.archive_ledger
  union all select 'member', user_id, version from pg_temp.archive_member
  union all select 'category', id, version from pg_temp.archive_category
  union all select 'account', id, version from pg_temp.archive_account
  union all select 'tag', id, version from pg_temp.archive_tag
  union all select 'expense', id, version from pg_temp.archive_expense
)
select l.line from last l left join present p on p.entity = l.entity and p.id = l.id
where p.version is distinct from l.version
"""

_IDS: Final = [
    Check("/id", "Another line has this id already", _twice(kind, "id"))
    for kind in ("person", "category", "account", "tag", "profile", "expense")
]
_NAMES: Final = [
    Check(
        "/name",
        "There is a category of that name already",
        _twice("category", "kind, parent_id, lower(name)", "archived_at is null"),
    ),
    Check(
        "/name",
        "There is an account of that name already",
        _twice("account", "lower(name)", "archived_at is null"),
    ),
    Check("/name", "There is a tag of that name already", _twice("tag", "lower(name)")),
    Check("/name", "There is a profile of that name already", _twice("profile", "lower(name)")),
]
_PEOPLE: Final = [
    Check("/user_id", "This member is there already", _twice("member", "user_id")),
    *(
        Check(
            f"/{column}",
            "No line names this person",
            _missing(kind, column, "person", f"t.id = x.{column}"),
        )
        for kind, column in (
            ("member", "user_id"),
            ("expense", "created_by"),
            ("change_set", "actor_id"),
        )
    ),
    Check(
        "/id",
        "No line names this person",
        _missing("change", "id", "person", "t.id = x.id", "x.entity = 'member'"),
    ),
]
_ROWS: Final = [
    Check(
        "/parent_id",
        "No category of the first level has this id",
        _missing("category", "parent_id", "category", "t.id = x.parent_id and t.parent_id is null"),
    ),
    Check(
        "/category_id",
        "No line has this category",
        _missing("expense", "category_id", "category", "t.id = x.category_id"),
    ),
    Check(
        "/account_id",
        "No line has this account in that currency",
        _missing(
            "expense", "account_id", "account", "t.id = x.account_id and t.currency = x.currency"
        ),
    ),
    Check(
        "/to_account_id",
        "No line has this account in that currency",
        _missing(
            "expense",
            "to_account_id",
            "account",
            "t.id = x.to_account_id and t.currency = x.to_currency",
        ),
    ),
    Check(
        "/tag_ids",
        "No line has one of these tags",
        "select distinct x.line from pg_temp.archive_expense x, unnest(x.tag_ids) as used (id) "
        "where not exists (select from pg_temp.archive_tag t where t.id = used.id)",
    ),
]
_PROFILES: Final = [
    Check(
        "/account_id",
        "No line has this account",
        _missing("profile", "account_id", "account", "t.id = x.account_id"),
    ),
    Check(
        "/category_id",
        "No line has this category",
        _missing("profile", "category_id", "category", "t.id = x.category_id"),
    ),
]
_REFUNDS: Final = [
    Check(
        "/refund_of",
        "No line has the refunded expense",
        _missing("expense", "refund_of", "expense", "t.id = x.refund_of and t.id <> x.id"),
    ),
    Check(
        "/refund_of",
        "Only an expense outside the trash can be refunded, not a refund or a transfer",
        f"select x.line from {_LIVE_REFUND} and (t.kind <> 'expense' or t.refund_of is not null "
        "or t.deleted_at is not null)",
    ),
    Check(
        "/currency",
        "A refund has the currency of the expense it refunds",
        f"select x.line from {_LIVE_REFUND} and t.currency <> x.currency",
    ),
    Check(
        "/amount",
        "Refunds cannot exceed the expense they refund",
        f"select max(x.line) as line from {_LIVE_REFUND} group by t.id, t.amount "
        "having sum(x.amount) > t.amount",
    ),
]
_HISTORY: Final = [
    Check("/seq", "Another line has this set already", _twice("change_set", "seq")),
    Check("/id", "The set changes this row in another line", _twice("change", "seq, entity, id")),
    Check("/seq", "No line has this set", _missing("change", "seq", "change_set", "t.seq = x.seq")),
    Check(
        "/undoes",
        "No earlier set has this number",
        _missing("change_set", "undoes", "change_set", "t.seq = x.undoes and t.seq < x.seq"),
    ),
    Check(
        "/id",
        "This is not the archive's ledger",
        "select line from pg_temp.archive_change where entity = 'ledger' and id <> $1::uuid",
    ),
    Check(
        "/after",
        "The row is not as its last change left it: another version, or not there",
        _LAST_IMAGES,
    ),
]
CHECKS: Final = [*_IDS, *_NAMES, *_PEOPLE, *_ROWS, *_PROFILES, *_REFUNDS]


async def check_all(db: Connection, ledger: UUID, *, history: bool) -> None:
    """Raise InvalidInput with the first mistakes by line."""
    errors: list[FieldError] = []
    for check in [*CHECKS, *(_HISTORY if history else ())]:
        wanted = MOST_ERRORS - len(errors)
        params = [ledger] if "$1" in check.sql else []
        rows = await db.fetch(f"{check.sql} order by line limit {wanted}", *params)
        errors += [FieldError(f"/line/{r['line']}{check.pointer}", check.sentence) for r in rows]
        if len(errors) == MOST_ERRORS:
            break
    if errors:
        raise InvalidInput("Some lines of the archive do not fit together", errors=errors)
