"""Dates and periods as people type them, in the ledger's own calendar."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from outlay.expenses.periods import ONE_DAY, month_start, next_month, week_start

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS_AGO: Final = re.compile(r"(\d{1,4})d", re.ASCII)
_YEAR: Final = re.compile(r"(?!0000)\d{4}", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
PERIODS: Final = (
    "today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-year",
    "last-year",
)  # fmt: skip


class DateError(ValueError):
    """Says in one sentence what is wrong with the text."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What "today" and "this month" mean in one ledger."""

    today: dt.date
    first_day_of_month: int = 1
    first_day_of_week: int = 1

    @classmethod
    def of(cls, time_zone: str, first_day_of_month: int, first_day_of_week: int) -> "Calendar":
        today = dt.datetime.now(ZoneInfo(time_zone)).date()
        return cls(today, first_day_of_month, first_day_of_week)

    def month(self, day: dt.date) -> tuple[dt.date, dt.date]:
        """Return first and last date of the ledger's month that holds `day`."""
        start = month_start(day, self.first_day_of_month)
        return start, next_month(start, self.first_day_of_month) - ONE_DAY


def parse_date(text: str, calendar: Calendar) -> dt.date:
    """Read 2026-11-02, today, yesterday, a weekday (the last one, never today), or 3d for days ago."""
    word = text.strip().lower()
    today = calendar.today
    if word in {"today", "yesterday"}:
        return today - (word == "yesterday") * ONE_DAY
    if len(word) >= 3 and (days := [n for n, name in enumerate(_DAYS) if name.startswith(word)]):
        return today - (((today.weekday() - days[0] - 1) % 7) + 1) * ONE_DAY
    if ago := _DAYS_AGO.fullmatch(word):
        return today - int(ago[1]) * ONE_DAY
    return _iso(word)


def is_iso(text: str) -> bool:
    """Tell whether the text is a date of the calendar, written 2026-11-02."""
    try:
        return bool(_ISO.fullmatch(text)) and dt.date.fromisoformat(text) is not None
    except ValueError:
        return False


def _iso(word: str) -> dt.date:
    try:
        if _ISO.fullmatch(word):
            return dt.date.fromisoformat(word)
    except ValueError:
        raise DateError(f"{word} is not in the calendar") from None
    raise DateError(
        f"{word!r} is not a date: write 2026-11-02, yesterday, a weekday, or 3d for three days ago"
    )


def parse_period(text: str, calendar: Calendar) -> tuple[dt.date | None, dt.date | None]:
    """Read a period into its first and last date; None where it is open.

    2026-03 is the ledger's month that begins in March, on whatever day its months begin; 2026 is
    the calendar's year.
    """
    word = text.strip().lower()
    if word == "all":
        return dt.date(1900, 1, 1), dt.date(2200, 12, 31)
    if ".." in word:
        first, last = word.split("..", 1)
        return _edge(first, calendar, last=False), _edge(last, calendar, last=True)
    if word in PERIODS:
        return _named(word, calendar)
    if match := _MONTH.fullmatch(word):
        return _month(int(match[1]), int(match[2]), calendar)
    if _YEAR.fullmatch(word):
        return _year(int(word))
    try:
        day = parse_date(word, calendar)
    except DateError:
        raise DateError(
            f"{text!r} is not a period: write this-month, last-month, 2026-03, 2026, a date,"
            " or from..to"
        ) from None
    return day, day


def _edge(text: str, calendar: Calendar, *, last: bool) -> dt.date | None:
    """Read one side of from..to, itself a date or a whole period."""
    if not text:
        return None
    return parse_period(text, calendar)[1 if last else 0]


def _month(year: int, month: int, calendar: Calendar) -> tuple[dt.date, dt.date]:
    """Return the dates of the ledger's month that begins in that month."""
    try:
        first = dt.date(year, month, 1)
    except ValueError:
        raise DateError(f"{year}-{month:02} is not in the calendar") from None
    return calendar.month(next_month(first, 1) - ONE_DAY)


def _year(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _named(word: str, calendar: Calendar) -> tuple[dt.date, dt.date]:
    today = calendar.today
    which, _, unit = word.partition("-")
    match unit:
        case "week":
            start = week_start(today, calendar.first_day_of_week)
            start -= (which == "last") * 7 * ONE_DAY
            return start, start + 6 * ONE_DAY
        case "month":
            start, end = calendar.month(today)
            return (start, end) if which == "this" else calendar.month(start - ONE_DAY)
        case "year":
            return _year(today.year - (which == "last"))
        case _:
            day = parse_date(word, calendar)
            return day, day
