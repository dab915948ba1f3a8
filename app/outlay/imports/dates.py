"""Dates as banks write them: numeric in three orders, compact, or with a month's name."""

import functools
import re
from collections.abc import Callable
from datetime import date
from typing import Literal, TypeAlias

from outlay.imports.model import CellError
from outlay.imports.text import fold
from outlay.imports.words import MONTHS

DateOrder: TypeAlias = Literal["ymd", "dmy", "mdy"]

EXAMPLES: dict[DateOrder, str] = {"ymd": "2024-12-31", "dmy": "31.12.2024", "mdy": "12/31/2024"}
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
_PIVOT = 69  # POSIX: two-digit years 69 to 99 are 1969 to 1999
_CACHED = 20_000
_TIME = re.compile(r"(?<=\d)(?:[T\s,]+\d{1,2}[:.h]\d{2}.*|T\d{6}.*)$", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,4})[./\-\s]+(\d{1,2})[./\-\s]+(\d{1,4})\.?", re.ASCII)
_COMPACT = re.compile(r"\d{8}|\d{6}", re.ASCII)
_DATED = re.compile(r"^(?:19[5-9]|20\d)\d{5}$|^\d{4}(?:19[5-9]|20\d)\d$", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+", re.ASCII)


def date_reader(order: DateOrder) -> Callable[[str], date]:
    """Return a function from a cell to its date; it raises CellError, and remembers cells."""
    seen: dict[str, date] = {}

    def read(cell: str) -> date:
        found = seen.get(cell)
        if found is None:
            day = cell[:10] if cell[10:11] in {" ", "T"} and cell[4:5] == "-" else cell
            found = seen.get(day) or read_date(day, order)
            if len(seen) >= _CACHED:
                seen.clear()
            seen[day] = found
        return found

    return read


def read_date(cell: str, order: DateOrder) -> date:
    """Return the date in `cell`, its time of day dropped; years are 1900 to 2200.

    Four digits first is always year, month, day, and a month's name decides by itself; `order`
    settles the rest. Raises CellError with code date_missing, date_format or date_range.
    """
    text = _unwrapped(cell)
    if not text:
        raise CellError("date_missing", "The date is missing", EXAMPLES[order])
    parts = _parts(text, order)
    if parts is None:
        raise CellError("date_format", f"{text!r:.40} is not a date", EXAMPLES[order])
    try:
        found = date(*parts)
    except ValueError:
        raise CellError(
            "date_format", f"{text!r:.40} is no day of the calendar", EXAMPLES[order]
        ) from None
    if not FIRST <= found <= LAST:
        raise CellError("date_range", f"{text!r:.40} is outside 1900 to 2200", EXAMPLES[order])
    return found


@functools.lru_cache(maxsize=16_384)
def looks_like_date(cell: str) -> bool:
    """Say whether `cell` is a date in at least one order; bare digits need a year of our time."""
    if len(cell) > 40 or not _DIGITS.search(cell):
        return False
    if cell.isdigit() and not _DATED.search(cell):
        return False
    return any(parses(cell, order) for order in EXAMPLES)


def parses(cell: str, order: DateOrder) -> bool:
    try:
        read_date(cell, order)
    except CellError:
        return False
    return True


def _unwrapped(cell: str) -> str:
    text = cell.strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    return text if len(text) <= 8 else _TIME.sub("", text)


def _parts(text: str, order: DateOrder) -> tuple[int, int, int] | None:
    if match := _NUMERIC.fullmatch(text):
        return _ordered(match.groups(), order)
    if _COMPACT.fullmatch(text):
        return _ordered(_cut(text, order), order)
    return _named(text) if len(text) <= 40 and text.count(" ") <= 5 else None


def _cut(text: str, order: DateOrder) -> tuple[str, str, str]:
    year = len(text) - 4
    if order == "ymd":
        return text[:year], text[year : year + 2], text[year + 2 :]
    return text[:2], text[2:4], text[4:]


def _ordered(parts: tuple[str, ...], order: DateOrder) -> tuple[int, int, int] | None:
    first, middle, last = parts
    if len(first) == 4:
        order = "ymd"
    year, month, day = {
        "ymd": (first, middle, last),
        "dmy": (last, middle, first),
        "mdy": (last, first, middle),
    }[order]
    if len(year) not in {2, 4} or len(day) > 2 or len(month) > 2:
        return None
    return _year(year), int(month), int(day)


def _named(text: str) -> tuple[int, int, int] | None:
    """Read "5 January 2024", "Jan 5, 2024", "05-JAN-24" and "Fri, 5 de enero de 2024"."""
    numbers = _DIGITS.findall(text)
    if len(numbers) != 2:
        return None
    months = [MONTHS[word] for word in map(fold, _WORD.findall(text)) if word in MONTHS]
    if len(months) != 1:
        return None
    day, year = reversed(numbers) if len(numbers[0]) == 4 else numbers
    if len(year) not in {2, 4} or len(day) > 2:
        return None
    return _year(year), months[0], int(day)


def _year(digits: str) -> int:
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (2000 if number < _PIVOT else 1900)
