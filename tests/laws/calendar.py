"""A household's calendar, found by walking day by day."""

import datetime as dt

DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date]


def starts_month(day: dt.date, first: int) -> bool:
    """On the first day of the month, or on a shorter month's last day in its stead."""
    is_last = (day + DAY).month != day.month
    return day.day == first or (is_last and day.day < first)


def starts_bucket(day: dt.date, unit: str, month: int, week: int) -> bool:
    match unit:
        case "day":
            return True
        case "week":
            return day.isoweekday() == week
        case _:
            return starts_month(day, month)


def buckets(first: dt.date, last: dt.date, unit: str, month: int, week: int) -> list[Span]:
    """The whole days, weeks or months that the dates touch."""
    day = first
    while not starts_bucket(day, unit, month, week):
        day -= DAY
    found = []
    while day <= last:
        start = day
        day += DAY
        while not starts_bucket(day, unit, month, week):
            day += DAY
        found.append((start, day - DAY))
    return found


def period_before(first: dt.date, last: dt.date, month: int) -> Span:
    """As many whole months before, when these are whole months; else as many days."""
    end = first - DAY
    if not (starts_month(first, month) and starts_month(last + DAY, month)):
        return first - (last - first) - DAY, end
    months = len(buckets(first, last, "month", month, 1))
    day = first
    for _ in range(months):
        day -= DAY
        while not starts_month(day, month):
            day -= DAY
    return day, end
