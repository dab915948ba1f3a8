"""A ledger of a million rows beside one of ten thousand, over HTTP: what grows, and what is slow.

Both span ten years, so that a month of the large one holds a hundred times the rows of the small
one's. What sums a month up is therefore also compared with a dense ledger: ten thousand rows in the
days that hold as many in the large one. They are asked in turns, one request at a time, over one
connection.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID

import asyncpg
import msgspec

from bench import data, house, programs
from bench.asking import Asker, Params, asking
from bench.figures import Figure, at_most
from bench.house import account, category, console, tag
from outlay.expenses import cursor
from outlay.expenses.filters import Filter
from outlay.expenses.page import Count, Key

PART = "scale"
SMALL, LARGE, DENSE = 600, 601, 602
SMALL_ROWS = 10_000
PARENT, CHILDREN = 0, (5, 6, 7)
TRIES, SLOW_TRIES, WARMING = 41, 9, 2
GROWTH, SEARCH_GROWTH, SLOWEST_MS = 1.3, 1.5, 150


@dataclass(frozen=True)
class Query:
    name: str
    path: str
    params: Params


@dataclass(frozen=True)
class Pair:
    """One question to two ledgers, and by how much the larger may take longer."""

    small: UUID
    asked: Query
    large: Query
    most: float
    how: str = ""


def listed(name: str, **params: str | int) -> Query:
    return Query(name, "expenses", {key.rstrip("_"): value for key, value in params.items()})


def summed(name: str, **params: str | int) -> Query:
    found = listed(name, **params)
    return Query(name, "expenses/summary", found.params)


async def furnish(db: asyncpg.Connection, number: int, rows: int, days: int = data.DAYS) -> UUID:
    """A ledger of `rows` rows with a few categories under another."""
    ledger = await house.open_ledger(db, number)
    await db.execute(
        "update public.categories set parent_id = $2 where ledger_id = $1 and id = any($3)",
        ledger, category(ledger, PARENT), [category(ledger, n) for n in CHILDREN],
    )  # fmt: skip
    await data.fill(db, ledger, rows, days)
    return ledger


async def deep_page(db: asyncpg.Connection, ledger: UUID) -> Query:
    """The page after the row in the middle, by a cursor as the service writes it."""
    row = await db.fetchrow(
        "select date, id from public.expenses where ledger_id = $1 and deleted_at is null"
        " order by date desc, id desc limit 1 offset"
        " (select count(*) / 2 from public.expenses where ledger_id = $1)",
        ledger,
    )
    scope = msgspec.json.encode([ledger, Filter(), "date"])
    key = Key(row["date"], row["id"])
    return listed("list, deep inside", cursor=cursor.write(key, Count(1000, exact=False), scope))


async def pairs(db: asyncpg.Connection, small: UUID, dense: UUID, large: UUID) -> list[Pair]:
    today = house.today()
    year = {"from_": f"{today.year}-01-01", "to": f"{today.year}-12-31"}
    sums = [
        summed("month summary"),
        summed("month by category", group="category"),
        summed("year by month", group="month", **year),
    ]
    searches = [
        listed("search, 20 matches", q=data.IN_TWENTY_ROWS),
        listed("search, 200 matches", q=data.IN_TWO_HUNDRED_ROWS),
        listed("search, 200 matches, mistyped", q=mistyped(data.IN_TWO_HUNDRED_ROWS)),
    ]
    return [
        Pair(small, listed("list, first page"), listed("list, first page"), GROWTH),
        Pair(small, await deep_page(db, small), await deep_page(db, large), GROWTH),
        *(Pair(small, query, query, GROWTH) for query in sums),
        *(Pair(dense, query, query, GROWTH, ", at equal density") for query in sums[:2]),
        *(Pair(small, query, query, SEARCH_GROWTH) for query in searches),
    ]


def mistyped(word: str) -> str:
    """A letter in the middle is wrong."""
    place = len(word) // 2
    return word[:place] + "x" + word[place + 1 :]


async def common_words(db: asyncpg.Connection) -> list[str]:
    """The words that most rows draw, the commonest first."""
    rows = await db.fetch("select word from bench.words order by rank limit 3")
    return [row["word"] for row in rows]


async def queries(db: asyncpg.Connection, ledger: UUID) -> list[Query]:
    """One of each kind that a person can ask for."""
    common, second, third = await common_words(db)
    rare, less_rare = data.IN_TWENTY_ROWS, data.IN_TWO_HUNDRED_ROWS
    today = house.today()
    five_years = (today - dt.timedelta(days=5 * 365)).isoformat()
    year = {"from_": (today - dt.timedelta(days=365)).isoformat(), "to": today.isoformat()}
    euros = {"currency": "EUR", "sort": "amount"}
    return [
        listed("list"),
        listed("list, 500 rows", limit=500),
        listed("list, to five years ago", to=five_years),
        listed("common word", q=common),
        listed("common word, mistyped", q=mistyped(common)),
        listed("rare word", q=rare),
        listed("rare word, mistyped", q=mistyped(rare)),
        listed("rare word, two letters swapped", q=rare[:4] + rare[5] + rare[4] + rare[6:]),
        listed("word that nothing is like", q="xqzwvkj"),
        listed("one letter", q=common[0]),
        listed("beginning of a word", q=rare[:4]),
        listed("two common words", q=f"{common} {second}"),
        listed("three common words", q=f"{common} {second} {third}"),
        listed("common and rare word", q=f"{common} {less_rare}"),
        listed("two common words that never meet", q=" ".join(data.NEVER_MEET)),
        listed("word only in rows nine years old", q=data.ONLY_OLD),
        listed("common word in a rare category", q=common, category=str(category(ledger, data.RARE_CATEGORY))),
        listed("common word in a common category", q=common, category=str(category(ledger, 1))),
        listed("common word, five years ago", q=common, to=five_years),
        listed("common word in the trash", q=common, trashed="true"),
        listed("rare word in the trash", q=rare, trashed="true"),
        listed("common word by amount", q=common, **euros),
        listed("common tag", tag=str(tag(ledger, 0))),
        listed("rare tag", tag=str(tag(ledger, data.RARE_TAG))),
        listed("common tag in a rare category", tag=str(tag(ledger, 0)), category=str(category(ledger, data.RARE_CATEGORY))),
        listed("no tag", tag="none"),
        listed("common category", category=str(category(ledger, 1))),
        listed("rare category", category=str(category(ledger, data.RARE_CATEGORY))),
        listed("category with those under it", category=str(category(ledger, PARENT))),
        listed("no category", category="none"),
        listed("account", account=str(account(ledger, 0))),
        listed("rare category from an account", category=str(category(ledger, data.RARE_CATEGORY)), account=str(account(ledger, 3))),
        listed("income", kind="income"),
        listed("transfers", kind="transfer"),
        listed("expenses only", kind="expense"),
        listed("rare currency", currency=data.RARE_CURRENCY),
        listed("income in a rare currency", currency=data.RARE_CURRENCY, kind="income"),
        listed("amounts from 80 EUR, by date", currency="EUR", min="80.00"),
        listed("by amount", **euros),
        listed("by amount, 20 to 21", min="20.00", max="21.00", **euros),
        listed("by amount in a year", **euros, **year),
        listed("by amount in a rare category", category=str(category(ledger, data.RARE_CATEGORY)), **euros),
        listed("trash", trashed="true"),
        summed("sums of the month"),
        summed("sums of ten years by category", group="category", from_="2000-01-01", to=today.isoformat()),
        summed("sums of ten years by month", group="month", from_="2000-01-01", to=today.isoformat()),
        summed("sums of a common word, a year", q=common, **year),
        summed("sums of a rare word, ten years", q=rare, from_="2000-01-01", to=today.isoformat()),
        summed("sums by tag, a year", group="tag", **year),
        summed("sums by account, a year", group="account", **year),
        summed("sums of a common tag by month, a year", tag=str(tag(ledger, 0)), group="month", **year),
        summed("sums of an account, a month", account=str(account(ledger, 0))),
    ]  # fmt: skip


async def run(dsn: str, home: Path, rows: int) -> list[Figure]:
    async with house.connected(dsn) as db:
        small = await furnish(db, SMALL, SMALL_ROWS)
        large = await furnish(db, LARGE, rows)
        dense = await furnish(db, DENSE, SMALL_ROWS, max(1, data.DAYS * SMALL_ROWS // rows))
        compared, asked = await pairs(db, small, dense, large), await queries(db, large)
    with (
        programs.service(home / "scale.log", {"OUTLAY_DATABASE_URL": dsn}) as service,
        asking(service.url) as asker,
    ):
        return [
            *(growth(asker, pair, large, rows) for pair in compared),
            *(slowness(asker, query, large) for query in asked),
        ]


def growth(asker: Asker, pair: Pair, large: UUID, rows: int) -> Figure:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(WARMING + TRIES):
        times[0].append(asker.get(pair.small, pair.asked.path, pair.asked.params)[0])
        times[1].append(asker.get(large, pair.large.path, pair.large.params)[0])
    before, after = (median(each[WARMING:]) for each in times)
    name = f"{pair.large.name}{pair.how}, growth"
    console.print(f"  {name}: {before:.1f} ms, {after:.1f} ms")
    note = f" ({before:.1f} ms at {SMALL_ROWS:,} rows, {after:.1f} ms at {rows:,})"
    return at_most(PART, name, after / before, pair.most, note=note)


def slowness(asker: Asker, query: Query, ledger: UUID) -> Figure:
    times: list[float] = []
    answer = None
    for _ in range(WARMING + SLOW_TRIES):
        taken, answer = asker.get(ledger, query.path, query.params)
        times.append(taken)
    worst = max(times)
    note = f" at worst, {median(times):.1f} ms as a rule{matches(answer)}"
    console.print(f"  {query.name}: {worst:.1f} ms{note}")
    return at_most(PART, query.name, worst, SLOWEST_MS, " ms", note)


def matches(answer: dict[str, dict[str, object]] | None) -> str:
    """How many rows there were, where the answer says it."""
    match answer:
        case {"count": {"value": value, "exact": True}}:
            return f", {value} rows"
        case {"count": {"value": value}}:
            return f", at least {value} rows"
        case _:
            return ""
