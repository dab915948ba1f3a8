"""The decimal mark and the mark between thousands, decided over all amounts of the sample."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from outlay.imports.numbers import Decimal, Thousands, split_marks

_OTHER: dict[Decimal, Thousands] = {".": ",", ",": "."}


class NumberMarks(NamedTuple):
    """`ambiguous` is set when the sample has separators, but none that decides."""

    decimal: Decimal
    thousands: Thousands
    confidence: float
    ambiguous: bool
    contrary: int


def find_marks(cells: Sequence[str], delimiter: str) -> NumberMarks:
    """Return the marks that most amounts speak for.

    The last of two different separators is the decimal mark; one that repeats groups thousands;
    a lone one is the decimal mark unless exactly three digits follow it. A semicolon between
    columns is there because the comma is taken, and settles what is left.
    """
    votes: Counter[Decimal] = Counter()
    unsure: Counter[Decimal] = Counter()
    groups: Counter[Thousands] = Counter()
    for cell in cells:
        marks = split_marks(cell)
        if marks is None:
            continue
        core = marks.core
        groups.update(mark for mark in ("'", " ") if mark in core)
        _vote(core, votes, unsure)
    decimal: Decimal = "," if _prefers_comma(votes, unsure, delimiter) else "."
    thousands = groups.most_common(1)[0][0] if groups else _OTHER[decimal]
    total = sum(votes.values())
    if not total:
        return NumberMarks(decimal, thousands, 0.6 if unsure else 0.9, bool(unsure), 0)
    contrary = total - votes[decimal]
    return NumberMarks(
        decimal, thousands, votes[decimal] / total, ambiguous=False, contrary=contrary
    )


def _vote(core: str, votes: Counter[Decimal], unsure: Counter[Decimal]) -> None:
    dots, commas = core.count("."), core.count(",")
    if dots and commas:
        votes["." if core.rindex(".") > core.rindex(",") else ","] += 1
    elif dots > 1:
        votes[","] += 1
    elif commas > 1:
        votes["."] += 1
    elif dots or commas:
        mark: Decimal = "." if dots else ","
        whole, _, fraction = core.partition(mark)
        if len(fraction) != 3 or not 0 < len(whole) <= 3 or whole == "0":
            votes[mark] += 1
        else:
            unsure[mark] += 1


def _prefers_comma(votes: Counter[Decimal], unsure: Counter[Decimal], delimiter: str) -> bool:
    if votes["."] != votes[","]:
        return votes[","] > votes["."]
    if unsure["."] != unsure[","]:
        return unsure["."] > unsure[","]
    return delimiter == ";"
