"""The rows of a preview, a page at a time."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import asyncpg

from outlay.db import Connection
from outlay.imports import names
from outlay.imports.answers import (
    Original,
    Row,
    RowProblem,
    Rows,
    StagedExpense,
    Verdict,
)
from outlay.imports.summary import TAKEN
from outlay.money.rules import format_amount

_PAGE: Final = f"""
select r.line, r.verdict, r.choice, {TAKEN} as taken, r.expense_id, r.date, r.amount, r.currency,
  r.kind, r.description, r.note, r.category_name, lower(r.category_name) as folded_category,
  r.account_name, lower(r.account_name) as folded_account, r.tags, r.reference, r.duplicate_of,
  r.code, r.column_name, r.message, r.expected, c.id as default_category, a.id as default_account,
  chosen.id as chosen_category,
  e.date as original_date, e.description as original_description, e.deleted_at as original_deleted_at
from public.import_rows r
join public.imports i on i.ledger_id = $1 and i.id = r.import_id
left join public.categories c on c.ledger_id = $1 and c.id = i.category_id and c.kind = r.kind
left join public.categories chosen on chosen.ledger_id = $1 and chosen.id = r.chosen_category
left join public.accounts a on a.ledger_id = $1 and a.id = i.account_id and a.currency = r.currency
left join public.expenses e on e.ledger_id = $1 and e.id = r.duplicate_of
where r.ledger_id = $1 and r.import_id = $2 and r.line > $3 and ($4::text is null or r.verdict = $4)
order by r.line limit $5
"""


async def page(
    db: Connection, ledger: UUID, import_id: UUID, verdict: Verdict | None, after: int, limit: int
) -> Rows:
    """The rows after line `after`, in the order of the file."""
    found = await db.fetch(_PAGE, ledger, import_id, after, verdict, limit + 1)
    have = await names.categories(db, ledger)
    accounts = await names.accounts(db, ledger)
    shown = found[:limit]
    following = shown[-1]["line"] if len(found) > limit else None
    return Rows([_row(row, have, accounts) for row in shown], following)


def _row(
    row: asyncpg.Record, have: names.Categories, accounts: Mapping[tuple[str, str], UUID]
) -> Row:
    is_parsed = row["verdict"] in {"new", "duplicate"}
    return Row(
        line=row["line"],
        verdict=row["verdict"],
        include=row["choice"],
        selected=row["taken"],
        chosen_category=row["chosen_category"],
        expense=_expense(row, have, accounts) if is_parsed else None,
        duplicate_of=_original(row) if row["duplicate_of"] else None,
        why=(row["message"] or "") if row["verdict"] != "error" else "",
        problem=_problem(row) if row["verdict"] == "error" else None,
    )


def _expense(
    row: asyncpg.Record, have: names.Categories, accounts: Mapping[tuple[str, str], UUID]
) -> StagedExpense:
    category = account = None
    if row["category_name"]:
        category = have.find(row["folded_category"], row["kind"])
    if row["account_name"]:
        account = accounts.get((row["folded_account"], row["currency"]))
    return StagedExpense(
        id=row["expense_id"],
        date=row["date"],
        kind=row["kind"],
        amount=format_amount(row["amount"], row["currency"]),
        currency=row["currency"],
        description=row["description"],
        note=row["note"],
        category_id=row["chosen_category"] or category or row["default_category"],
        category_name=row["category_name"] or "",
        account_id=account or row["default_account"],
        account_name=row["account_name"] or "",
        tags=row["tags"] or [],
        reference=row["reference"],
    )


def _original(row: asyncpg.Record) -> Original:
    if row["original_date"] is None:
        return Original(row["duplicate_of"], "gone", None, "")
    state: Any = "live" if row["original_deleted_at"] is None else "trashed"
    return Original(row["duplicate_of"], state, row["original_date"], row["original_description"])


def _problem(row: asyncpg.Record) -> RowProblem:
    return RowProblem(row["code"], row["column_name"], row["message"], row["expected"])
