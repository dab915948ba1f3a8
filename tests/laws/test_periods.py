"""Laws of the ledger's calendar: no day is lost or told twice, whatever its months begin with."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from laws.calendar import buckets, period_before, starts_month
from outlay.expenses.model import FIRST_DATE, LAST_DATE
from outlay.expenses.periods import (
    ONE_DAY,
    before,
    month_start,
    next_month,
    period_start,
    starts_of,
    week_start,
)

DATES = st.dates(FIRST_DATE, LAST_DATE)
MONTHS = st.integers(1, 31)
WEEKS = st.integers(1, 7)
UNITS = st.sampled_from(["day", "week", "month"])
LENGTHS = st.integers(0, 500)


@given(DATES, MONTHS)
def test_months_tile_time_without_gap_or_overlap(day: dt.date, first: int) -> None:
    start = month_start(day, first)
    following = next_month(start, first)
    assert start <= day < following
    assert month_start(following, first) == following
    assert month_start(following - ONE_DAY, first) == start
    assert 28 <= (following - start).days <= 31


@given(DATES, MONTHS)
def test_a_month_begins_on_its_day_or_on_the_last_of_a_shorter_month(
    day: dt.date, first: int
) -> None:
    assert starts_month(month_start(day, first), first)


@given(DATES, WEEKS)
def test_weeks_tile_time_too(day: dt.date, first: int) -> None:
    start = week_start(day, first)
    assert start.isoweekday() == first
    assert 0 <= (day - start).days < 7


@given(DATES, LENGTHS, UNITS, MONTHS, WEEKS)
def test_buckets_cover_a_period_as_walking_it_day_by_day_does(
    start: dt.date, length: int, unit: str, month: int, week: int
) -> None:
    end = start + length * ONE_DAY
    found = starts_of(start, end, unit, month, week)
    assert found == [first for first, _ in buckets(start, end, unit, month, week)]
    assert period_start(end, unit, month, week) == found[-1]


@given(DATES, LENGTHS, MONTHS)
def test_the_period_before_adjoins_and_is_as_long(start: dt.date, length: int, month: int) -> None:
    end = start + length * ONE_DAY
    previous, previous_end = before(start, end, month)
    assert previous_end == start - ONE_DAY
    assert (previous, previous_end) == period_before(start, end, month)


@given(DATES, st.integers(1, 14), MONTHS)
def test_whole_months_compare_with_as_many_months(day: dt.date, count: int, month: int) -> None:
    starts = [month_start(day, month)]
    for _ in range(count):
        starts.append(next_month(starts[-1], month))
    previous, previous_end = before(starts[0], starts[-1] - ONE_DAY, month)
    assert len(starts_of(previous, previous_end, "month", month, 1)) == count
    assert month_start(previous, month) == previous
