"""Months of the ledger: as SQL and as Python count them, and the sums that are read from them."""

import datetime as dt
from itertools import pairwise
from typing import Any

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outlay.expenses.periods import ONE_DAY, month_start
from outlay.expenses.spans import spans_of
from world import Person, World

DATES = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
NEAR = st.dates(dt.date(2023, 11, 1), dt.date(2024, 5, 31))
FIRST_DAYS = st.integers(1, 31)
SUMS = "/ledgers/default/expenses/summary"


@given(DATES, DATES, DATES, FIRST_DAYS)
def test_spans_are_the_period_in_order_and_keep_its_halves_apart(
    a: dt.date, b: dt.date, c: dt.date, first_day: int
) -> None:
    start, cut, end = sorted((a, b, c))
    if start == cut:
        cut += ONE_DAY
    end = max(end, cut)
    spans = spans_of(start, cut, end, first_day)
    assert (spans[0].first, spans[-1].last) == (start, end)
    for one, other in pairwise(spans):
        assert one.last + ONE_DAY == other.first
    days = sum((span.last - span.first).days + 1 for span in spans if not span.is_months)
    assert days < 4 * 62
    for span in spans:
        if span.is_months:
            assert month_start(span.first, first_day) == span.first
            assert month_start(span.last + ONE_DAY, first_day) == span.last + ONE_DAY
            assert not span.first < cut <= span.last or month_start(cut, first_day) == cut


async def test_the_database_counts_months_as_the_program_does(db: asyncpg.Connection) -> None:
    days = [dt.date(2023, 1, 1) + n * ONE_DAY for n in range(800)]
    for first_day in range(1, 32):
        rows = await db.fetch(
            "select day, public.month_of(day, $2) as month from unnest($1::date[]) as day",
            days,
            first_day,
        )
        assert [row["month"] for row in rows] == [month_start(day, first_day) for day in days]


@given(
    st.lists(st.tuples(NEAR, st.integers(1, 9)), min_size=1, max_size=12),
    NEAR,
    NEAR,
    FIRST_DAYS,
    FIRST_DAYS,
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_sums_over_months_are_those_of_the_rows(
    world: World, rows: list[tuple[dt.date, int]], a: dt.date, b: dt.date, was: int, now: int
) -> None:
    ada = await world.person(ledger=await world.ledger(first_day_of_month=was))
    create = [{"amount": str(amount), "date": day.isoformat()} for day, amount in rows]
    await ada.call("POST", "/ledgers/default/expenses/bulk", json={"create": create}, status=200)
    start, end = sorted((a, b))
    await _compare(ada, start, end)
    change = {"first_day_of_month": now}
    await ada.call("PATCH", "/ledgers/default", json=change, headers={"If-Match": "*"}, status=200)
    await _compare(ada, start, end)
    more = {"amount": "7", "date": rows[0][0].isoformat()}
    await ada.call("POST", "/ledgers/default/expenses", json=more, status=201)
    await _compare(ada, start, end)


async def _compare(ada: Person, start: dt.date, end: dt.date) -> None:
    """Against the same sums with a filter that only the rows can answer."""
    for group in ("none", "month"):
        params: dict[str, Any] = {"from": start.isoformat(), "to": end.isoformat(), "group": group}
        by_totals = (await ada.call("GET", SUMS, params=params, status=200)).json()
        by_rows = (await ada.call("GET", SUMS, params=params | {"tag": "none"}, status=200)).json()
        assert by_totals == by_rows
