"""Dates and periods as people type them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlay.cli.dates import PERIODS, Calendar, DateError, parse_date, parse_period

WEDNESDAY = dt.date(2026, 11, 18)
PLAIN = Calendar(WEDNESDAY)
SALARY = Calendar(WEDNESDAY, first_day_of_month=25, first_day_of_week=7)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-11-02", "2026-11-02"),
        ("today", "2026-11-18"),
        ("Yesterday", "2026-11-17"),
        ("3d", "2026-11-15"),
        ("monday", "2026-11-16"),
        ("wed", "2026-11-11"),
        ("thursday", "2026-11-12"),
    ],
)
def test_a_date_can_be_a_word(text: str, date: str) -> None:
    assert parse_date(text, PLAIN).isoformat() == date


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-13-01", "02.11.2026", "soon", "m", "20261102", "٣d", "", "2026-W07"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_date(text, PLAIN)


@pytest.mark.parametrize(
    ("text", "calendar", "first", "last"),
    [
        ("this-month", PLAIN, "2026-11-01", "2026-11-30"),
        ("last-month", PLAIN, "2026-10-01", "2026-10-31"),
        ("this-month", SALARY, "2026-10-25", "2026-11-24"),
        ("last-month", SALARY, "2026-09-25", "2026-10-24"),
        ("2026-02", PLAIN, "2026-02-01", "2026-02-28"),
        ("2026-02", SALARY, "2026-02-25", "2026-03-24"),
        ("2026-02", Calendar(WEDNESDAY, 31), "2026-02-28", "2026-03-30"),
        ("2026", SALARY, "2026-01-01", "2026-12-31"),
        ("last-year", PLAIN, "2025-01-01", "2025-12-31"),
        ("this-week", PLAIN, "2026-11-16", "2026-11-22"),
        ("this-week", SALARY, "2026-11-15", "2026-11-21"),
        ("last-week", PLAIN, "2026-11-09", "2026-11-15"),
        ("yesterday", PLAIN, "2026-11-17", "2026-11-17"),
        ("2026-01..2026-03", PLAIN, "2026-01-01", "2026-03-31"),
        ("2026-01-05..", PLAIN, "2026-01-05", None),
        ("..2025", PLAIN, None, "2025-12-31"),
    ],
)
def test_a_period_is_of_the_ledgers_calendar(
    text: str, calendar: Calendar, first: str, last: str | None
) -> None:
    found = parse_period(text, calendar)
    assert tuple(date and date.isoformat() for date in found) == (first, last)


@pytest.mark.parametrize("text", ["2026-13", "0000", "next-month", "2026..soon", "this-decade"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_period(text, PLAIN)


@given(
    st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 31)),
    st.integers(1, 31),
    st.integers(1, 7),
    st.sampled_from(["this-week", "this-month", "this-year", "today"]),
)
def test_this_period_holds_today_and_the_last_one_ends_before_it(
    today: dt.date, month: int, week: int, word: str
) -> None:
    calendar = Calendar(today, month, week)
    first, last = parse_period(word, calendar)
    assert first <= today <= last
    before = {"today": "yesterday"}.get(word, word.replace("this", "last"))
    assert before in PERIODS
    assert parse_period(before, calendar)[1] == first - dt.timedelta(days=1)
