"""Sums of a period and of the one before it: from the totals wherever the filter allows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, Literal, assert_never
from uuid import UUID

import asyncpg
import msgspec

from outlay.access import LedgerView
from outlay.db import Connection
from outlay.expenses import descriptions
from outlay.expenses.filters import Filter, Where, full_where
from outlay.expenses.page import custom_plans, rollup_where, totals_of
from outlay.expenses.periods import starts_of
from outlay.expenses.spans import Span, spans_of
from outlay.money.rules import format_amount

_NIL: Final = UUID(int=0)

Group = Literal["none", "category", "day", "week", "month", "tag", "account", "description"]


class Period(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """Both dates are included."""

    from_: dt.date
    to: dt.date

    @property
    def days(self) -> int:
        return (self.to - self.from_).days + 1


class Sums(msgspec.Struct, frozen=True):
    """`spent` has refunds taken off; `count` counts expenses."""

    spent: str
    income: str
    net: str
    count: int


class Total(msgspec.Struct, frozen=True):
    """One currency's sums: `average` of an expense, `per_day` of the period."""

    currency: str
    spent: str
    income: str
    net: str
    count: int
    average: str
    per_day: str
    previous: Sums


class Part(msgspec.Struct, frozen=True):
    """One group in one currency; `key` is an id, a first date, a description, or null for rows without."""

    key: str | None
    currency: str
    spent: str
    income: str
    count: int
    previous_spent: str


class Summary(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    from_: dt.date
    to: dt.date
    previous: Period
    totals: list[Total]
    group: Group
    groups: list[Part]


class Buckets(msgspec.Struct, frozen=True):
    """Where the period starts, and the first dates of its days, weeks or months and of those before."""

    start: dt.date
    now: list[dt.date]
    past: list[dt.date]


class Cell(msgspec.Struct):
    """Minor units; numbers grow without bound, as Python's do."""

    spent: int = 0
    income: int = 0
    count: int = 0

    def add(self, other: "Cell") -> None:
        self.spent += other.spent
        self.income += other.income
        self.count += other.count


_SUMS: Final = """
  coalesce(sum(e.amount) filter (where e.kind = 'expense'), 0)
    - coalesce(sum(e.amount) filter (where {refund}), 0) as spent,
  coalesce(sum(e.amount) filter (where e.kind = 'income'{not_refund}), 0) as income,
  {count} as entries
"""
_ROLLUP_SUMS: Final = _SUMS.format(
    refund="e.kind = 'refund'",
    not_refund="",
    count="coalesce(sum(e.entries) filter (where e.kind = 'expense'), 0)",
)
_ROW_SUMS: Final = _SUMS.format(
    refund="e.refund_of is not null",
    not_refund=" and e.refund_of is null",
    count="count(*) filter (where e.kind = 'expense')",
)


async def summarize(
    db: Connection,
    ledger: LedgerView,
    wanted: Filter,
    words: str | None,
    now: Period,
    past: Period,
    group: Group,
) -> Summary:
    """Sum `now` and `past`, in one statement."""
    both = msgspec.structs.replace(wanted, from_=past.from_, to=now.to)
    buckets = _buckets(ledger, now, past, group)
    rows = await _load(db, ledger, both, words, buckets, group)
    # A row with two tags is in two groups, only once in the total; small descriptions are in none.
    partly = group in {"tag", "description"}
    once = await _load(db, ledger, both, words, buckets, "none") if partly else rows
    totals = _by_currency(once)
    match group:
        case "none":
            parts = []
        case "day" | "week" | "month":
            parts = _by_time(rows, buckets.now)
        case "category" | "tag" | "account":
            parts = _by_key(rows)
        case "description":
            parts = [_part_of(row) for row in rows]
        case _:
            assert_never(group)
    return Summary(now.from_, now.to, past, _totals(totals, now), group, parts)


def _buckets(ledger: LedgerView, now: Period, past: Period, group: Group) -> Buckets:
    match group:
        case "day" | "week" | "month":
            firsts = ledger.first_day_of_month, ledger.first_day_of_week
            starts = (starts_of(each.from_, each.to, group, *firsts) for each in (now, past))
            return Buckets(now.from_, *starts)
        case _:
            return Buckets(now.from_, [], [])


async def _load(
    db: Connection,
    ledger: LedgerView,
    both: Filter,
    words: str | None,
    buckets: Buckets,
    group: Group,
) -> list[asyncpg.Record]:
    match group:
        case "none" | "day" | "week" | "month" if both.from_rollup or both.from_tag_totals:
            return await _from_rollup(db, ledger, both, buckets, group)
        case "category" if both.from_rollup:
            return await _from_rollup(db, ledger, both, buckets, group)
        case "tag" if both.from_rollup and both.category is None:
            return await _tags_from_rollup(db, ledger, both, buckets)
        case _:
            return await _from_rows(db, ledger.id, both, words, buckets, group)


async def _from_rollup(
    db: Connection, ledger: LedgerView, both: Filter, buckets: Buckets, group: Group
) -> list[asyncpg.Record]:
    where = rollup_where(ledger.id, both)
    cells = _cells(where, ledger, both, buckets, group)
    start = where.param(buckets.start)
    if group in {"none", "category"}:
        sql = f"""
            select e.day >= {start} as is_now, nullif(e.key, '{_NIL}') as key, e.currency,
              {_ROLLUP_SUMS}
            from ({cells}) e group by 1, 2, 3
        """
    else:
        # Sums of each date first: a place among the buckets is dear to find.
        sql = f"""
            select e.day >= {start} as is_now, {_place(where, "e.day", start, buckets)} as key,
              e.currency, sum(e.spent) as spent, sum(e.income) as income, sum(e.entries) as entries
            from (select e.day, e.currency, {_ROLLUP_SUMS} from ({cells}) e group by 1, 2) e
            group by 1, 2, 3
        """
    return await db.fetch(sql, *where.params)


async def _tags_from_rollup(
    db: Connection, ledger: LedgerView, both: Filter, buckets: Buckets
) -> list[asyncpg.Record]:
    """Sums of each tag, and of the rows without: what those with any tag leave of all."""
    where = rollup_where(ledger.id, both)
    conditions = where.sql
    cells = _cells(where, ledger, both, buckets, "none")
    start, first, last = (where.param(date) for date in (buckets.start, both.from_, both.to))
    sign = f"case when e.tag_id = '{_NIL}' then -1 else 1 end"
    sql = f"""
        select e.day >= {start} as is_now, e.key, e.currency, {_ROLLUP_SUMS}
        from (
          {cells}
          union all
          select e.day, nullif(e.tag_id, '{_NIL}'), e.currency, e.kind, {sign} * e.amount, {sign} * e.entries
          from public.daily_tag_totals e
          where {conditions} and e.day between {first} and {last} and e.kind <> 'transfer' and e.entries <> 0
        ) e group by 1, 2, 3 having sum(e.entries) <> 0
    """
    return await db.fetch(sql, *where.params)


def _cells(where: Where, ledger: LedgerView, both: Filter, buckets: Buckets, group: Group) -> str:
    """The totals of both periods as SQL; `key` is the category where one is asked for."""
    conditions = where.sql
    key = "e.category_id" if group == "category" else "null::uuid"
    parts = []
    for span in _spans(ledger, both, buckets, group):
        first, last = where.param(span.first), where.param(span.last)
        relation = "public.monthly_totals" if span.is_months else totals_of(both)
        parts.append(
            f"select e.{span.column} as day, {key} as key, e.currency, e.kind, e.amount, e.entries"
            f" from {relation} e where {conditions} and e.{span.column} between {first} and {last}"
            " and e.kind <> 'transfer' and e.entries <> 0"
        )
    return " union all ".join(parts)


def _spans(ledger: LedgerView, both: Filter, buckets: Buckets, group: Group) -> Iterable[Span]:
    if both.from_ is None or both.to is None:
        raise AssertionError("a summary has a first and a last date")
    if group in {"day", "week"} or both.tag_id:
        return [Span(is_months=False, first=both.from_, last=both.to)]
    return spans_of(both.from_, buckets.start, both.to, ledger.first_day_of_month)


async def _from_rows(
    db: Connection, ledger: UUID, both: Filter, words: str | None, buckets: Buckets, group: Group
) -> list[asyncpg.Record]:
    where = full_where(ledger, both, words)
    if group == "description":
        return await descriptions.top(db, where, where.param(buckets.start), _ROW_SUMS)
    keys = {"none": "null", "category": "e.category_id", "tag": "t.tag", "account": "e.account_id"}
    source = "public.expenses e"
    if group == "tag":
        source += " left join lateral unnest(e.tag_ids) as t (tag) on true"
    start = where.param(buckets.start)
    key = keys.get(group) or _place(where, "e.date", start, buckets)
    async with db.transaction(readonly=True):
        await custom_plans(db)
        return await db.fetch(
            f"""
            select e.date >= {start} as is_now, {key} as key, e.currency, {_ROW_SUMS}
            from {source} where {where.sql} and e.kind <> 'transfer' group by 1, 2, 3
            """,
            *where.params,
        )


def _place(where: Where, date: str, start: str, buckets: Buckets) -> str:
    """The place of a date among the buckets of its period, from 0, as SQL."""
    now, past = (f"{where.param(starts)}::date[]" for starts in (buckets.now, buckets.past))
    return (
        f"case when {date} >= {start} then width_bucket({date}, {now})"
        f" else width_bucket({date}, {past}) end - 1"
    )


def _cell(row: asyncpg.Record) -> Cell:
    return Cell(int(row["spent"]), int(row["income"]), int(row["entries"]))


def _by_currency(rows: Iterable[asyncpg.Record]) -> dict[tuple[str, bool], Cell]:
    cells: dict[tuple[str, bool], Cell] = {}
    for row in rows:
        key, cell = (row["currency"], row["is_now"]), _cell(row)
        if key in cells:
            cells[key].add(cell)
        else:
            cells[key] = cell
    return cells


def _totals(cells: dict[tuple[str, bool], Cell], now: Period) -> list[Total]:
    found = []
    for code in sorted({currency for currency, _ in cells}):
        cell, before = cells.get((code, True), Cell()), cells.get((code, False), Cell())
        found.append(
            Total(
                code, format_amount(cell.spent, code), format_amount(cell.income, code),
                format_amount(cell.income - cell.spent, code), cell.count,
                format_amount(_share(cell.spent, cell.count), code),
                format_amount(_share(cell.spent, now.days), code),
                Sums(
                    format_amount(before.spent, code), format_amount(before.income, code),
                    format_amount(before.income - before.spent, code), before.count,
                ),
            )
        )  # fmt: skip
    return found


def _share(amount: int, among: int) -> int:
    """Half-even rounding to whole minor units."""
    if among == 0:
        return 0
    quotient, rest = divmod(amount, among)
    return quotient + (2 * rest > among or (2 * rest == among and quotient % 2))


def _by_key(rows: Iterable[asyncpg.Record]) -> list[Part]:
    """Largest spending first."""
    cells: dict[tuple[str | None, str, bool], Cell] = defaultdict(Cell)
    for row in rows:
        key = None if row["key"] is None else str(row["key"])
        cells[key, row["currency"], row["is_now"]].add(_cell(row))
    names = {(key, code) for key, code, _ in cells}
    order = sorted(names, key=lambda n: (n[1], -cells[n[0], n[1], True].spent, n[0] or ""))
    return [
        _part(key, code, cells[key, code, True], cells[key, code, False]) for key, code in order
    ]


def _by_time(rows: Iterable[asyncpg.Record], starts: list[dt.date]) -> list[Part]:
    """Every bucket of the period, empty ones too, beside the bucket of the same place before."""
    cells: dict[tuple[int, str, bool], Cell] = defaultdict(Cell)
    for row in rows:
        cells[row["key"], row["currency"], row["is_now"]].add(_cell(row))
    return [
        _part(start.isoformat(), code, cells[n, code, True], cells[n, code, False])
        for code in sorted({code for _, code, _ in cells})
        for n, start in enumerate(starts)
    ]


def _part_of(row: asyncpg.Record) -> Part:
    return _part(row["key"], row["currency"], _cell(row), Cell(int(row["previous_spent"])))


def _part(key: str | None, code: str, cell: Cell, before: Cell) -> Part:
    return Part(
        key, code, format_amount(cell.spent, code), format_amount(cell.income, code), cell.count,
        format_amount(before.spent, code),
    )  # fmt: skip
