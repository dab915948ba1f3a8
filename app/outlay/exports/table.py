"""The ledger as a spreadsheet reads it: a line an expense, oldest first, in UTF-8 with a header."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from outlay.expenses.filters import Filter, full_where
from outlay.exports.sql import cell, decimal_of

_NAMES: Final = f"""
with names as materialized (
  select
    (select jsonb_object_agg(c.id, {cell("coalesce(p.name || ': ', '') || c.name")})
      from public.categories c
      left join public.categories p on p.ledger_id = c.ledger_id and p.id = c.parent_id
      where c.ledger_id = $1) as categories,
    (select jsonb_object_agg(id, {cell("name")}) from public.accounts where ledger_id = $1) as accounts,
    (select jsonb_object_agg(id, name) from public.tags where ledger_id = $1) as tags
)
"""
_SIGNED: Final = "(case e.kind when 'income' then e.amount else -e.amount end)"
_TAGS: Final = f"""case when e.tag_ids <> '{{}}' then (
  select {cell("joined.tags")} from (
    select string_agg((select tags from names) ->> used.tag::text, ', ' order by used.place) as tags
    from unnest(e.tag_ids) with ordinality as used (tag, place)) joined) end"""


def _name(kind: str, id_: str) -> str:
    return f"(select {kind} from names) ->> {id_}::text"


def _text(column: str) -> str:
    return f"nullif({cell(column)}, '')"


COLUMNS: Final[Mapping[str, str]] = {
    "date": "e.date",
    "kind": "e.kind",
    "amount": decimal_of(_SIGNED, "e.currency"),
    "currency": "e.currency",
    "description": _text("e.description"),
    "category": _name("categories", "e.category_id"),
    "account": _name("accounts", "e.account_id"),
    "to_account": _name("accounts", "e.to_account_id"),
    "to_amount": decimal_of("e.to_amount", "e.to_currency"),
    "to_currency": "e.to_currency",
    "tags": _TAGS,
    "note": _text("e.note"),
    "reference": _text("e.reference"),
    "purchase_id": "e.purchase_id",
    "refund_of": "e.refund_of",
    "id": "e.id",
}
"""Header -> SQL. `amount` is signed as the account sees it: spending and transfers are negative."""


def query(ledger: UUID, wanted: Filter, words: str | None) -> tuple[str, list[Any]]:
    """The select of all wanted rows, and its parameters.

    `words` is the tsquery of the filter's `q`; an empty one matches nothing.
    """
    where = full_where(ledger, wanted, words)
    if words == "":
        where.add("false")
    columns = ", ".join(f'{sql} as "{name}"' for name, sql in COLUMNS.items())
    return (
        f"{_NAMES} select {columns} from public.expenses e where {where.sql} order by e.date, e.id",
        where.params,
    )


def follows_an_index(wanted: Filter) -> bool:
    """Whether most rows are wanted, so that reading them in order beats sorting them."""
    return wanted.from_rollup and wanted.category is None
