"""Day first, month first or year first: decided over all dates of the sample."""

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from outlay.imports.dates import EXAMPLES, DateOrder, parses, read_date

_MONTH_FIRST = {"USD"}  # the one large country that writes the month first


class Order(NamedTuple):
    """`ambiguous` is set when more than one order reads every date."""

    order: DateOrder
    confidence: float
    ambiguous: bool
    unread: int


def find_order(cells: Sequence[str], currency: str) -> Order:
    """Return the order that reads most of `cells`; what still ties is settled by likelihood.

    Dots mean day first; then the order in which the dates are sorted in the file, as exports are;
    then the currency. A wrong guess shows as `ambiguous`, so that a person can look.
    """
    dates = [cell for cell in cells if cell.strip()]
    counts = Counter(dates)
    read = {
        order: sum(count for cell, count in counts.items() if parses(cell, order))
        for order in EXAMPLES
    }
    most = max(read.values())
    tied = [order for order in EXAMPLES if read[order] == most]
    unread = len(dates) - most
    if len(tied) == 1:
        return Order(tied[0], most / len(dates), ambiguous=False, unread=unread)
    if _same_days(dates, tied):
        return Order(tied[0], 1.0, ambiguous=False, unread=unread)
    if "dmy" in tied and any("." in cell for cell in dates):
        return Order("dmy", 0.9, ambiguous=False, unread=unread)
    best, confidence = _likelier(dates, tied, currency)
    return Order(best, confidence, ambiguous=True, unread=unread)


def _same_days(dates: Sequence[str], tied: Sequence[DateOrder]) -> bool:
    return all(
        len({read_date(cell, order) for order in tied if parses(cell, order)}) <= 1
        for cell in set(dates)
    )


def _likelier(
    dates: Sequence[str], tied: Sequence[DateOrder], currency: str
) -> tuple[DateOrder, float]:
    candidates: list[DateOrder] = [order for order in tied if order != "ymd"] or ["ymd"]
    disorder = {order: _disorder(dates, order) for order in candidates}
    least = min(disorder.values())
    sorted_best = [order for order in candidates if disorder[order] == least]
    if len(sorted_best) == 1 and len(dates) > 2:
        return sorted_best[0], 0.8
    wanted: DateOrder = "mdy" if currency in _MONTH_FIRST else "dmy"
    return (wanted if wanted in sorted_best else sorted_best[0]), 0.5


def _disorder(dates: Sequence[str], order: DateOrder) -> int:
    """Count the neighbours out of order, for whichever direction the file is sorted in."""
    days: list[date] = [read_date(cell, order) for cell in dates if parses(cell, order)]
    pairs = list(itertools.pairwise(days))
    return min(sum(a > b for a, b in pairs), sum(a < b for a, b in pairs))
