"""Periods of the ledger's calendar: its own first day of the month and of the week."""

import calendar
import datetime as dt
from functools import lru_cache
from typing import Final, Literal

Unit = Literal["day", "week", "month"]
ONE_DAY: Final = dt.timedelta(days=1)


@lru_cache(maxsize=4096)
def month_start(day: dt.date, first_day: int) -> dt.date:
    """First date of the ledger's month that holds `day`.

    `first_day` 29 to 31 clamps to the last day of a shorter month.
    """
    here = _clamped(day.year, day.month, first_day)
    if day >= here:
        return here
    year, month = (day.year - 1, 12) if day.month == 1 else (day.year, day.month - 1)
    return _clamped(year, month, first_day)


@lru_cache(maxsize=4096)
def next_month(start: dt.date, first_day: int) -> dt.date:
    """First date of the ledger's month after the one that starts at `start`."""
    year, month = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    return _clamped(year, month, first_day)


def _clamped(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def week_start(day: dt.date, first_day: int) -> dt.date:
    """First date of the week that holds `day`; `first_day` 1 is Monday, 7 Sunday."""
    return day - dt.timedelta(days=(day.isoweekday() - first_day) % 7)


def period_start(day: dt.date, unit: Unit, first_of_month: int, first_of_week: int) -> dt.date:
    match unit:
        case "day":
            return day
        case "week":
            return week_start(day, first_of_week)
        case "month":
            return month_start(day, first_of_month)


def starts_of(
    start: dt.date, end: dt.date, unit: Unit, first_of_month: int, first_of_week: int
) -> list[dt.date]:
    """First dates of the days, weeks or months that `start`..`end` touches, in order."""
    found = [period_start(start, unit, first_of_month, first_of_week)]
    while (following := _following(found[-1], unit, first_of_month)) <= end:
        found.append(following)
    return found


def _following(start: dt.date, unit: Unit, first_of_month: int) -> dt.date:
    match unit:
        case "day":
            return start + ONE_DAY
        case "week":
            return start + 7 * ONE_DAY
        case "month":
            return next_month(start, first_of_month)


@lru_cache(maxsize=1024)
def before(start: dt.date, end: dt.date, first_of_month: int) -> tuple[dt.date, dt.date]:
    """The period to compare `start`..`end` with: as many whole months before, else as many days."""
    months = _whole_months(start, end, first_of_month)
    previous_end = start - ONE_DAY
    if months is None:
        return start - (end - start) - ONE_DAY, previous_end
    previous = start
    for _ in range(months):
        previous = month_start(previous - ONE_DAY, first_of_month)
    return previous, previous_end


def _whole_months(start: dt.date, end: dt.date, first_of_month: int) -> int | None:
    if month_start(start, first_of_month) != start or (end - start).days > 366 * 10:
        return None
    months, at = 0, start
    while at <= end:
        months, at = months + 1, next_month(at, first_of_month)
    return months if at == end + ONE_DAY else None
