"""The list: a page of expenses with the totals of its days."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

import asyncpg
import msgspec
from litestar import Request, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from outlay.access import Call, call_of, viewer
from outlay.answers import Answer
from outlay.errors import InvalidInput
from outlay.expenses import cursor, page, rules
from outlay.expenses.filters import Filter, provide_filter
from outlay.expenses.model import Expense
from outlay.expenses.page import Count, Key, Search, Sort
from outlay.expenses.search import words_query
from outlay.money.rules import format_amount


class DayTotal(msgspec.Struct, frozen=True):
    """Sums of one whole day in one currency; refunds lower `spent`."""

    date: dt.date
    currency: str
    spent: str
    income: str
    count: int


class ExpensePage(msgspec.Struct, frozen=True):
    """`next` is the cursor of the next page, null on the last one."""

    items: list[Expense]
    next: str | None
    days: list[DayTotal]
    count: Count


EMPTY = ExpensePage([], None, [], Count(0, exact=True))


@get(
    "/ledgers/{ledger:str}/expenses",
    opt=viewer(),
    dependencies={"wanted": Provide(provide_filter)},
    summary="List expenses",
)
async def list_expenses(
    request: Request[Any, Any, Any],
    wanted: NamedDependency[Filter],
    limit: Annotated[int, QueryParameter(ge=1, le=500, description="Rows a page")] = 50,
    cursor: Annotated[str | None, QueryParameter(description="`next` of the page before")] = None,
    sort: Annotated[
        Sort, QueryParameter(description="Newest or, in one currency, largest first")
    ] = "date",
) -> Answer[ExpensePage]:
    """Newest first; `count` is exact up to 1,000."""
    call = call_of(request)
    if sort == "amount" and wanted.currency is None:
        raise InvalidInput.field("/currency", "Amounts compare within one currency; name it")
    words = None
    if wanted.q is not None:
        words = await words_query(call.db, call.ledger.id, wanted.q)
        if not words:
            return Answer(EMPTY)
    after, count = _after(call, wanted, sort, cursor)
    search = Search(
        ledger=call.ledger.id, wanted=wanted, words=words, sort=sort, after=after, limit=limit
    )
    found = await page.find(call.db, search)
    return Answer(await _page(call, search, found.records, found.count or count or EMPTY.count))


def _scope(call: Call, wanted: Filter, sort: Sort) -> bytes:
    return msgspec.json.encode([call.ledger.id, wanted, sort])


def _after(
    call: Call, wanted: Filter, sort: Sort, text: str | None
) -> tuple[Key | None, Count | None]:
    if text is None:
        return None, None
    return cursor.read(text, _scope(call, wanted, sort), dt.date if sort == "date" else int)


async def _page(
    call: Call, search: Search, records: Sequence[asyncpg.Record], count: Count
) -> ExpensePage:
    shown = records[: search.limit]
    following = None
    if len(records) > search.limit:
        last = shown[-1]
        scope = _scope(call, search.wanted, search.sort)
        following = cursor.write(Key(last[search.sort], last["id"]), count, scope)
    days: list[DayTotal] = []
    if shown and search.sort == "date":
        dates = sorted({record["date"] for record in shown})
        days = [_day(row) for row in await page.day_totals(call.db, search, dates)]
    return ExpensePage([rules.to_api(row, call.epoch) for row in shown], following, days, count)


def _day(row: asyncpg.Record) -> DayTotal:
    code = row["currency"]
    return DayTotal(
        row["date"], code, format_amount(int(row["spent"]), code), format_amount(int(row["income"]), code),
        int(row["entries"]),
    )  # fmt: skip


handlers = [list_expenses]
