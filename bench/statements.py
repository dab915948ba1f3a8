"""The service's own statements with their parameters, recorded while its code runs them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from bench import house
from outlay.access import secret_hash
from outlay.expenses import page, periods, store, summary
from outlay.expenses.filters import Filter
from outlay.expenses.page import Search
from outlay.expenses.summary import Group, Period
from outlay.gate import _BY_TOKEN

CONTEXT = msgspec.json.encode(
    {"actor": house.USER, "source": "api", "action": "expense.create", "request": "b" * 16,
     "undoes": None}
).decode()  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """SQL with $1.. and one set of values for it."""

    sql: str
    values: tuple[Any, ...]


class Recorder:
    """A connection that remembers what it was asked."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self.db = db
        self.seen: list[Statement] = []

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self.db, name)
        if name not in {"fetch", "fetchrow", "fetchval", "execute"}:
            return ask

        def asked(sql: str, *values: Any) -> Any:
            self.seen.append(Statement(sql, values))
            return ask(sql, *values)

        return asked


async def record(db: asyncpg.Connection, work: Callable[[Any], Awaitable[Any]]) -> list[Statement]:
    recorder = Recorder(db)
    await work(recorder)
    return recorder.seen


def authentication(ledger: UUID) -> Statement:
    return Statement(_BY_TOKEN, (secret_hash(house.TOKEN), ledger))


def creation(ledger: UUID, id: UUID) -> Statement:
    """One expense in euros, with a category and an account."""
    values = (
        ledger, CONTEXT, id, "expense", house.today(), 1250, "EUR", "Groceries", "",
        house.category(ledger, 1), [], house.account(ledger, 1), None, None, None, None, None, "", "api", house.USER,
    )  # fmt: skip
    return Statement(store.INSERT, values)


async def list_page(db: Any, ledger: UUID, wanted: Filter | None = None, **more: Any) -> Any:
    """A page of fifty as the route loads it; gives the records found."""
    given = {"words": None, "sort": "date", "after": None, "limit": 50} | more
    search = Search(ledger=ledger, wanted=wanted or Filter(), **given)
    found = await page.find(db, search)
    shown = found.records[: search.limit]
    if shown and search.sort == "date":
        await page.day_totals(db, search, sorted({row["date"] for row in shown}))
    return found.records


async def summarized(
    db: Any, ledger: UUID, now: Period, group: Group = "none", wanted: Filter | None = None
) -> None:
    past = Period(*periods.before(now.from_, now.to, 1))
    await summary.summarize(db, house.view(ledger), wanted or Filter(), None, now, past, group)


def this_month() -> Period:
    start = house.today().replace(day=1)
    return Period(start, periods.next_month(start, 1) - periods.ONE_DAY)
