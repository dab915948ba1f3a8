"""When a CronJob's controller starts a Job: the same times, so that missed ones can be counted.

Kubernetes uses robfig/cron: a Job is due at every minute whose wall clock in the zone fits. So a time
that the clock skips in spring has no run, and one that it shows twice in autumn has two; libraries of
Python follow Debian's cron, which moves the first and drops the second. Day of month and day of week
are one or the other unless one of them is `*` (with a step it is not), as in robfig's SpecSchedule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

_NAMED: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_DAYS: Final = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
# A leap day comes every four years, eight around 2100.
_HORIZON_DAYS: Final = 9 * 366


class CronError(ValueError):
    """An expression that no CronJob takes."""


@dataclass(frozen=True, slots=True)
class Cron:
    """The minutes, hours, ... that fit; `any_day` and `any_weekday` tell a `*`."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def fits(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_day = day.day in self.days
        by_weekday = day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return by_day and by_weekday
        return by_day or by_weekday


def parse(expression: str) -> Cron:
    """Read five fields, or a name such as @daily; CronError for anything else."""
    fields = _NAMED.get(expression, expression).lower().split()
    if len(fields) != 5:
        raise CronError(f"{expression!r} has not five fields.")
    minute, hour, day, month, weekday = fields
    return Cron(
        minutes=_field(minute, 0, 59),
        hours=_field(hour, 0, 23),
        days=_field(day, 1, 31),
        months=_field(month, 1, 12, {name: n for n, name in enumerate(_MONTHS, 1)}),
        weekdays=_field(weekday, 0, 6, {name: n for n, name in enumerate(_DAYS)}),
        any_day=_is_any(day),
        any_weekday=_is_any(weekday),
    )


def _is_any(field: str) -> bool:
    return any(part in {"*", "*/1"} for part in field.split(","))


def _field(text: str, low: int, high: int, names: dict[str, int] | None = None) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if first == "*":
            begin, end = low, high
        else:
            begin = _number(first, names or {})
            # "5/10" begins at 5 and goes on to the end.
            end = _number(last, names or {}) if dash else (high if slash else begin)
        by = _number(step, {}) if slash else 1
        if not (low <= begin <= end <= high) or by < 1:
            raise CronError(f"{part!r} is not within {low} to {high}.")
        found.update(range(begin, end + 1, by))
    return frozenset(found)


def _number(text: str, names: dict[str, int]) -> int:
    if text in names:
        return names[text]
    if not text.isascii() or not text.isdigit():
        raise CronError(f"{text!r} is no number.")
    return int(text)


def runs(cron: Cron, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield when it is due, in UTC, later than `after` (which has a zone), as long as anybody asks."""
    first = after.astimezone(zone).date()
    for number in range(-1, _HORIZON_DAYS):
        day = first + timedelta(days=number)
        if cron.fits(day):
            yield from (moment for moment in _of_day(cron, zone, day) if moment > after)


def _of_day(cron: Cron, zone: ZoneInfo, day: date) -> list[datetime]:
    found: set[datetime] = set()
    for hour in cron.hours:
        for minute in cron.minutes:
            for fold in (0, 1):
                local = datetime.combine(day, time(hour, minute, fold=fold), zone)
                moment = local.astimezone(UTC)
                # What the clock skips comes back as another time.
                if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                    found.add(moment)
    return sorted(found)


def next_run(cron: Cron, zone: ZoneInfo, after: datetime) -> datetime | None:
    """Return the next time in UTC; None where the expression fits no day, such as 31 February."""
    return next(runs(cron, zone, after), None)


def longest_gap(cron: Cron, zone: ZoneInfo, after: datetime, count: int = 16) -> timedelta:
    """Return the longest time between the next runs; zero where there are none."""
    moments: list[datetime] = []
    for moment in runs(cron, zone, after):
        moments.append(moment)
        if len(moments) > count:
            break
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    return max(gaps, default=timedelta())
