"""Which totals a period is read from: whole months of the ledger where it has them, days at its ends."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from outlay.expenses.periods import ONE_DAY, month_start, next_month


class Span(msgspec.Struct, frozen=True):
    """Whole months or single days, from `first` to `last`, both included."""

    is_months: bool
    first: dt.date
    last: dt.date

    @property
    def column(self) -> str:
        return "month" if self.is_months else "day"


@lru_cache(maxsize=1024)
def spans_of(start: dt.date, cut: dt.date, end: dt.date, first_of_month: int) -> tuple[Span, ...]:
    """Spans that together are `start` to `end`, none of them on both sides of `cut`'s beginning."""
    before = _parts(start, cut - ONE_DAY, first_of_month)
    since = _parts(cut, end, first_of_month)
    return tuple(_joined([*before, *since]))


def _parts(start: dt.date, end: dt.date, first_of_month: int) -> Iterator[Span]:
    first = month_start(start, first_of_month)
    if first < start:
        first = next_month(first, first_of_month)
    beyond = month_start(end + ONE_DAY, first_of_month)
    if first >= beyond:
        yield Span(is_months=False, first=start, last=end)
        return
    if start < first:
        yield Span(is_months=False, first=start, last=first - ONE_DAY)
    yield Span(is_months=True, first=first, last=beyond - ONE_DAY)
    if beyond <= end:
        yield Span(is_months=False, first=beyond, last=end)


def _joined(parts: Iterable[Span]) -> Iterator[Span]:
    held: Span | None = None
    for part in parts:
        if held is None:
            held = part
        elif held.is_months == part.is_months:
            held = Span(held.is_months, held.first, part.last)
        else:
            yield held
            held = part
    if held is not None:
        yield held
