"""Where the table is in a file: delimiter, quotes, header and first row."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

from outlay.imports.columns import roles_of
from outlay.imports.dates import looks_like_date
from outlay.imports.layout import Encoding
from outlay.imports.model import FileRefused
from outlay.imports.numbers import looks_like_number
from outlay.imports.records import split_lines

Delimiter = Literal[",", ";", "\t", "|"]
Quote = Literal['"', "'", ""]
_DELIMITERS: tuple[Delimiter, ...] = (",", ";", "\t", "|")
_TRIED_LINES = 400
_APOSTROPHES = re.compile(r"(?:^|[,;\t|])'[^'\r\n]*'(?=[,;\t|\r\n]|$)", re.MULTILINE)
_HEADER_WITHIN = 80
_MONEY = {"amount", "debit", "credit"}


class Row(NamedTuple):
    line: int
    cells: list[str]


class Shape(NamedTuple):
    """What a person said of a file's shape; None leaves it to detection."""

    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    quote: Quote | None = None
    skip_lines: int | None = None


DETECTED = Shape()


class Table(NamedTuple):
    """`rows` are all records that are not blank; `header` and `first` are places in them."""

    delimiter: Delimiter
    quote: Quote
    escape: Literal["", "\\"]
    rows: list[Row]
    header: int | None
    first: int
    width: int
    confidence: float

    @property
    def data(self) -> list[Row]:
        """The rows below the header that have a date and a number, as bookings do."""
        return [row for row in self.rows[self.first :] if is_booking(row.cells)]


def find_table(text: str, shape: Shape = DETECTED) -> Table:
    """Find the table in `text`; raises FileRefused where nothing separates columns."""
    lines = split_lines(text)
    quote, escape = _quoting(text) if shape.quote is None else (shape.quote, "")
    delimiters = _DELIMITERS if shape.delimiter is None else (shape.delimiter,)
    scored = [
        (_score(rows), delimiter)
        for delimiter in delimiters
        if (rows := read_rows(lines[:_TRIED_LINES], delimiter, quote, escape))
    ]
    if not scored:
        raise FileRefused("line_length", "The lines of this file are too long to be rows")
    score, delimiter = max(scored, key=lambda pair: pair[0])
    rows = _below(read_rows(lines, delimiter, quote, escape), shape)
    if max(len(row.cells) for row in rows) < 2:
        raise FileRefused(
            "one_column",
            "Only one column was found; a date and an amount are needed, with a comma, "
            "a semicolon, a tab or a bar between columns",
        )
    header = find_header(rows) if shape.skip_lines is None else _named_first(rows)
    first = _first_row(rows, header)
    if first == len(rows):
        raise FileRefused("no_rows", "The file has a header but no rows under it")
    others = sum(other for other, name in scored if name != delimiter)
    confidence = score / (score + others) if score else 0.3
    return Table(
        delimiter, quote, escape, rows, header, first, _width(rows, header, first), confidence
    )


def _below(rows: list[Row], shape: Shape) -> list[Row]:
    """Leave out the lines that a person said come before the table."""
    kept = [row for row in rows if row.line > (shape.skip_lines or 0)]
    if not kept:
        raise FileRefused("no_rows", "No rows are left below the lines to skip; skip fewer")
    return kept


def _named_first(rows: Sequence[Row]) -> int | None:
    return None if is_booking(rows[0].cells) else 0


def read_rows(lines: Sequence[str], delimiter: str, quote: str, escape: str) -> list[Row]:
    """Split `lines` into records; broken quotes are taken as they come.

    Blank records are left out, and those with a cell that is too large for the csv module.
    """
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape or None,
    )
    rows: list[Row] = []
    line, is_over = 1, False
    while not is_over:
        with suppress(csv.Error):
            cells = next(reader, None)
            is_over = cells is None
            if cells and any(map(str.strip, cells)):
                rows.append(Row(line, cells))
        line = reader.line_num + 1
    return rows


def is_booking(cells: Sequence[str]) -> bool:
    """Say whether a row has a date and, in another cell, a number."""
    digits = [cell for cell in cells if len(cell) <= 40 and any(map(str.isdigit, cell))]
    dated = [cell for cell in digits if looks_like_date(cell)]
    return bool(dated) and any(looks_like_number(cell) for cell in digits if cell not in dated)


def _quoting(text: str) -> tuple[Quote, Literal["", "\\"]]:
    """Take the apostrophe for the quote only where it encloses cells on nearly every line."""
    if len(_APOSTROPHES.findall(text)) > 0.8 * text.count("\n") and text.count('"') < 2:
        return "'", ""
    if text.count('\\"') > 2 and text.count('\\"') > text.count('""') // 2:
        return '"', "\\"
    return '"', ""


def _score(rows: list[Row]) -> float:
    """Bookings count one each, a header ten, and an even width settles what is left."""
    bookings = sum(is_booking(row.cells) for row in rows)
    header = max(_header_score(row.cells) for row in rows[:_HEADER_WITHIN])
    widths = Counter(len(row.cells) for row in rows)
    width, same = widths.most_common(1)[0]
    even = same / len(rows) if width > 1 else 0
    return bookings + 10 * header + even


def _header_score(cells: Sequence[str]) -> float:
    """Return how many kinds of columns a row names, or 0 without both a date and money."""
    if len(cells) < 2 or is_booking(cells):
        return 0
    found = {best[0].role: best[0].score for cell in cells if (best := roles_of(cell))}
    if not (found.keys() & {"date", "value_date"} and found.keys() & _MONEY):
        return 0
    return sum(score for role, score in found.items() if role != "ignore")


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the place of the row that names the columns, or None."""
    near = rows[:_HEADER_WITHIN]
    scores = [_header_score(row.cells) for row in near]
    if max(scores) > 0:
        return scores.index(max(scores))
    first = _first_row(rows, None)
    if first in {0, len(rows)}:
        return None
    above, row = rows[first - 1].cells, rows[first].cells
    named = [cell for cell in above if cell.strip()]
    texts = not any(looks_like_number(cell) or looks_like_date(cell) for cell in named)
    return first - 1 if texts and len(named) > 1 and len(above) >= len(row) - 1 else None


def _first_row(rows: Sequence[Row], header: int | None) -> int:
    """Return the place of the first row of data: after the header, or of the usual width."""
    if header is not None:
        return header + 1
    bookings = [i for i, row in enumerate(rows) if is_booking(row.cells)]
    if not bookings:
        widths = Counter(len(row.cells) for row in rows)
        usual = widths.most_common(1)[0][0]
        return next(i for i, row in enumerate(rows) if len(row.cells) == usual)
    usual = Counter(len(rows[i].cells) for i in bookings).most_common(1)[0][0]
    return next(i for i in bookings if len(rows[i].cells) == usual)


def _width(rows: Sequence[Row], header: int | None, first: int) -> int:
    """Return the usual number of columns of bookings, and no less than the header has."""
    widths = Counter(len(row.cells) for row in rows[first:] if is_booking(row.cells))
    usual = widths.most_common(1)[0][0] if widths else len(rows[first].cells)
    if header is None:
        return usual
    named = [i for i, cell in enumerate(rows[header].cells) if cell.strip()]
    return max(usual, named[-1] + 1)
