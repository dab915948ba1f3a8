"""One page of expenses, as fast at the end of ten years as at their beginning.

Pages follow a key (date or amount, then id), never an offset. Words and tags have no order by date,
so their pages are looked for twice: first among the next rows in order, whatever they are, where what
is common is found at once; else through the inverted index, where what is rare is.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
import msgspec

from outlay.db import Connection
from outlay.expenses.filters import CHILDREN, Filter, Where, full_where, inverted, plain_where
from outlay.expenses.store import E_COLUMNS

COUNT_LIMIT: Final = 1000
FIRST_WINDOW: Final = 500
LARGEST_WINDOW: Final = 10_000

Sort = Literal["date", "amount"]


class Key(msgspec.Struct, frozen=True):
    """Where a page ended: the last row's date or amount, and its id."""

    value: Any
    id: UUID


class Count(msgspec.Struct, frozen=True):
    """How many rows match: exactly, or at least `value` (no more are counted than is quick)."""

    value: int
    exact: bool


class Found(msgspec.Struct, frozen=True):
    """Up to limit + 1 rows (the last one only says that there are more), and the first page's count."""

    records: Sequence[asyncpg.Record]
    count: Count | None


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for, in which order, after which row, and how many rows of it.

    `categories` are the wanted category and those under it, where the plan depends on how common
    they are.
    """

    ledger: UUID
    wanted: Filter
    words: str | None
    sort: Sort
    after: Key | None
    limit: int
    categories: Sequence[UUID] | None = None

    @property
    def order(self) -> str:
        return f"e.{self.sort} desc, e.id desc"


async def find(db: Connection, search: Search) -> Found:
    """Load one page; four statements at most, one for plain filters by date."""
    category = search.wanted.category_id
    if category and (search.wanted.is_inverted or search.sort == "amount"):
        found = await db.fetch(CHILDREN.format("$2")[1:-1], search.ledger, category)
        search = msgspec.structs.replace(search, categories=[row["id"] for row in found])
    if not search.wanted.is_inverted:
        wanted = search.wanted
        if wanted.kind or wanted.currency or wanted.tag or wanted.import_id:
            async with db.transaction(readonly=True):
                await custom_plans(db)
                return await _plain(db, search)
        return await _plain(db, search)
    async with db.transaction(readonly=True):
        await custom_plans(db)
        return await _inverted(db, search)


async def custom_plans(db: Connection) -> None:
    """Let the values decide the plan: what is rare and what is common want different ones."""
    await db.execute("set local plan_cache_mode = force_custom_plan")


def _after(where: Where, search: Search) -> None:
    if search.after is not None:
        where.add(f"(e.{search.sort}, e.id) < ({{}}, {{}})", search.after.value, search.after.id)


async def _plain(db: Connection, search: Search) -> Found:
    where, source = _source(search)
    counted = ""
    if search.after is None:
        bare, bare_source = _source(search, columns="1 as one", limit=COUNT_LIMIT + 1, base=where)
        where = bare
        counted = f", (select count(*) from ({bare_source} limit {COUNT_LIMIT + 1}) m) as matches"
    records = await db.fetch(
        f"select *{counted} from ({source} order by {search.order.replace('e.', '')} "
        f"limit {search.limit + 1}) p",
        *where.params,
    )
    count = None
    if search.after is None:
        count = _counted(records[0]["matches"] if records else 0)
    return Found(records, count)


def _counted(matches: int) -> Count:
    return Count(min(matches, COUNT_LIMIT), matches <= COUNT_LIMIT)


def _source(
    search: Search, columns: str = E_COLUMNS, limit: int | None = None, base: Where | None = None
) -> tuple[Where, str]:
    """A select without order or limit; each category or side of an account reads its own index."""
    wanted = search.wanted
    where = plain_where(search.ledger, wanted, category=wanted.category_id is None, account=False)
    if base is not None:
        where.params = list(base.params)
    else:
        _after(where, search)
    top = f"order by {search.order} limit {limit or search.limit + 1}"
    if search.categories is not None:
        where.add("e.category_id = any({}::uuid[])", search.categories)
    elif wanted.category_id:
        category = where.param(wanted.category_id)
        if wanted.account:
            where.add("(e.account_id = {0} or e.to_account_id = {0})", wanted.account)
        return where, (
            f"select x.* from {CHILDREN.format(category)} c cross join lateral ("
            f"select {columns} from public.expenses e where {where.sql} and e.category_id = c.id {top}) x"
        )
    if wanted.account:
        account = where.param(wanted.account)
        sides = (
            f"(select {columns} from public.expenses e where {where.sql} and e.{side} = {account} {top})"
            for side in ("account_id", "to_account_id")
        )
        return where, f"select x.* from ({' union all '.join(sides)}) x"
    # What most rows are is counted in order, by an index: the table has other ledgers' rows as well.
    is_common = wanted.kind == "expense" or wanted.tag is not None
    ordered = f"order by {search.order}" if limit and is_common else ""
    return where, f"select {columns} from public.expenses e where {where.sql} {ordered}"


async def _inverted(db: Connection, search: Search) -> Found:
    most = _most(search)
    found, scanned = await _among_next(db, search, FIRST_WINDOW)
    if scanned < FIRST_WINDOW or len(found) >= most:
        return Found(found[: search.limit + 1], _first(search, _counted(len(found))))
    if len(found) * LARGEST_WINDOW <= search.limit * FIRST_WINDOW:
        return await _by_index(db, search)
    window = min(LARGEST_WINDOW, 2 * FIRST_WINDOW * most // len(found))
    found, scanned = await _among_next(db, search, window)
    if scanned < window:
        return Found(found[: search.limit + 1], _first(search, _counted(len(found))))
    if len(found) > search.limit:
        count = Count(min(len(found), COUNT_LIMIT), exact=False)
        return Found(found[: search.limit + 1], _first(search, count))
    return await _by_index(db, search)


def _first(search: Search, count: Count) -> Count | None:
    return count if search.after is None else None


def _most(search: Search) -> int:
    """How many matches are worth finding: a page and one more, and what the first page counts."""
    return (search.limit if search.after is not None else max(search.limit, COUNT_LIMIT)) + 1


async def _among_next(
    db: Connection, search: Search, window: int
) -> tuple[Sequence[asyncpg.Record], int]:
    """The matches among the next `window` rows in order, and how many rows there were."""
    matching = _where(search)
    following = plain_where(search.ledger, _ordered(search), params=matching.params)
    _after(following, search)
    records = await db.fetch(
        f"""
        with e as materialized (
          select e.ledger_id, {E_COLUMNS}, e.search from public.expenses e where {following.sql}
          order by {search.order} limit {window}
        )
        select s.scanned, f.* from (select count(*) as scanned from e) s
        left join lateral (select {E_COLUMNS} from e where {matching.sql}
          order by {search.order} limit {_most(search)}) f on true
        """,
        *matching.params,
    )
    return [r for r in records if r["id"] is not None], records[0]["scanned"]


def _ordered(search: Search) -> Filter:
    """The part of the filter by which an index has the rows in order."""
    wanted = search.wanted
    if search.sort == "date":
        return Filter(trashed=wanted.trashed, from_=wanted.from_, to=wanted.to)
    return Filter(trashed=wanted.trashed, currency=wanted.currency, min=wanted.min, max=wanted.max)


def _where(search: Search) -> Where:
    """Every condition of the filter."""
    where = plain_where(search.ledger, search.wanted, category=search.categories is None)
    if search.categories is not None:
        where.add("e.category_id = any({}::uuid[])", search.categories)
    where.parts.append(inverted(where, search.wanted, search.words))
    return where


async def _by_index(db: Connection, search: Search) -> Found:
    """All matches from the inverted index, then the page of them."""
    where = _where(search)
    _after(where, search)
    records = await db.fetch(
        f"""
        with hits as materialized (
          select e.id, e.{search.sort} from public.expenses e where {where.sql}
        ), page as (
          select id from hits e order by {search.order} limit {search.limit + 1}
        )
        select {E_COLUMNS}, (select count(*) from (select from hits limit {COUNT_LIMIT + 1}) m) as matches
        from page join public.expenses e on e.ledger_id = $1 and e.id = page.id
        order by {search.order}
        """,
        *where.params,
    )
    return Found(records, _first(search, _counted(records[0]["matches"] if records else 0)))


_DAYS_BY_TOTALS: Final = """
select day as date, currency,
  coalesce(sum(amount) filter (where kind = 'expense'), 0)
    - coalesce(sum(amount) filter (where kind = 'refund'), 0) as spent,
  coalesce(sum(amount) filter (where kind = 'income'), 0) as income, sum(entries) as entries
from {totals} e where {where} and entries <> 0
group by day, currency order by day desc, currency
"""
_DAYS_BY_ROWS: Final = """
select date, currency,
  coalesce(sum(amount) filter (where kind = 'expense'), 0)
    - coalesce(sum(amount) filter (where refund_of is not null), 0) as spent,
  coalesce(sum(amount) filter (where kind = 'income' and refund_of is null), 0) as income,
  count(*) as entries
from public.expenses e where {where} group by date, currency order by date desc, currency
"""


async def day_totals(db: Connection, search: Search, days: list[Any]) -> Sequence[asyncpg.Record]:
    """Sums of whole days over the rows that the filter wants, per currency."""
    if search.wanted.from_rollup or search.wanted.from_tag_totals:
        where = rollup_where(search.ledger, search.wanted)
        where.add("e.day = any({}::date[])", days)
        sql = _DAYS_BY_TOTALS.format(totals=totals_of(search.wanted), where=where.sql)
        return await db.fetch(sql, *where.params)
    where = full_where(search.ledger, search.wanted, search.words)
    where.add("e.date = any({}::date[])", days)
    async with db.transaction(readonly=True):
        await custom_plans(db)
        return await db.fetch(_DAYS_BY_ROWS.format(where=where.sql), *where.params)


def totals_of(wanted: Filter) -> str:
    """The daily totals that answer for the filter."""
    return "public.daily_tag_totals" if wanted.tag_id else "public.daily_totals"


def rollup_where(ledger: UUID, wanted: Filter) -> Where:
    """The filter's conditions on the totals, but for the dates."""
    where = Where(ledger)
    if wanted.tag_id:
        where.add("e.tag_id = {}", wanted.tag_id)
    if wanted.category == "none":
        where.add("e.category_id = {} and e.kind <> 'transfer'", UUID(int=0))
    elif wanted.category_id:
        where.add(f"e.category_id in {CHILDREN}", wanted.category_id)
    if wanted.currency:
        where.add("e.currency = {}", wanted.currency)
    match wanted.kind:
        case None:
            pass
        case "income":
            where.add("e.kind in ('income', 'refund')")
        case kind:
            where.add(f"e.kind = '{kind}'")
    return where
