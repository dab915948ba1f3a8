"""The list: a page of expenses with the totals of its days."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

import asyncpg
import msgspec
from litestar import get
from msgspec import Meta

from outlay.access import AnyRequest, Call, call_of, viewer
from outlay.answers import Answer
from outlay.errors import InvalidInput
from outlay.expenses import cursor, page, rules
from outlay.expenses.filters import Filter, checked
from outlay.expenses.model import Expense
from outlay.expenses.page import Count, Key, Search, Sort
from outlay.expenses.search import words_query
from outlay.money.rules import format_amount
from outlay.queries import asked


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


class Paging(msgspec.Struct, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=500, description="Rows a page")] = 50
    cursor: Annotated[str | None, Meta(description="`next` of the page before")] = None
    sort: Annotated[Sort, Meta(description="Newest or, in one currency, largest first")] = "date"


@get(
    "/ledgers/{ledger:str}/expenses",
    opt=viewer(query=(Filter, Paging)),
    summary="List expenses",
)
async def list_expenses(request: AnyRequest) -> Answer[ExpensePage]:
    """Newest first; `count` is exact, or says that it is the least (over 1,000, or slow to count)."""
    call = call_of(request)
    given, paging = asked(request, Filter, Paging)
    wanted = checked(given)
    if paging.sort == "amount" and wanted.currency is None:
        raise InvalidInput.field("/currency", "Amounts compare within one currency; name it")
    words = None
    if wanted.q is not None:
        words = await words_query(call.db, call.ledger.id, wanted.q)
        if not words:
            return Answer(EMPTY)
    after, count = _after(call, wanted, paging)
    search = Search(
        ledger=call.ledger.id, wanted=wanted, words=words, sort=paging.sort, after=after,
        limit=paging.limit,
    )  # fmt: skip
    found = await page.find(call.db, search)
    return Answer(await _page(call, search, found.records, found.count or count or EMPTY.count))


def _scope(call: Call, wanted: Filter, sort: Sort) -> bytes:
    return msgspec.json.encode([call.ledger.id, wanted, sort])


def _after(call: Call, wanted: Filter, paging: Paging) -> tuple[Key | None, Count | None]:
    if paging.cursor is None:
        return None, None
    scope = _scope(call, wanted, paging.sort)
    return cursor.read(paging.cursor, scope, dt.date if paging.sort == "date" else int)


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
