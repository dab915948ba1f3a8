"""What reading a file gives: rows, skipped rows, errors, and why a file is refused."""

from datetime import date
from typing import ClassVar, Literal, TypeAlias

import msgspec

from outlay.errors import InvalidInput

Kind: TypeAlias = Literal["expense", "income"]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds that keep memory and time in hand, whatever is uploaded."""

    rows: int = 1_000_000
    file_bytes: int = 100 * 1024 * 1024
    columns: int = 512
    record_chars: int = 131_072
    record_lines: int = 1_000
    broken_quotes: int = 1_000
    description_chars: int = 500
    note_chars: int = 10_000
    name_chars: int = 100
    tag_chars: int = 50
    tags: int = 50
    reference_chars: int = 200


class ParsedRow(msgspec.Struct, frozen=True, gc=False):
    """One row as the ledger would take it.

    `line` is the 1-based physical line on which the row starts, `amount_minor` positive minor
    units of `currency`, `raw` the cells as they stood in the file.
    """

    line: int
    date: date
    amount_minor: int
    currency: str
    kind: Kind
    description: str
    note: str
    category_name: str
    account_name: str
    tags: tuple[str, ...]
    reference: str
    raw: tuple[str, ...]


class RowError(msgspec.Struct, frozen=True):
    """A row that cannot be taken: `column` is its header's name (or "column 3"), or empty."""

    line: int
    column: str
    code: str
    message: str
    expected: str = ""


class SkippedRow(msgspec.Struct, frozen=True):
    """A row that is no booking: a total, a balance, one not booked yet, or an amount of zero."""

    line: int
    code: Literal["summary", "not_booked", "zero", "own_transfer"]
    message: str


Outcome: TypeAlias = ParsedRow | RowError | SkippedRow


class CellError(ValueError):
    """What is wrong with one cell; `column` is its position, -1 while unknown."""

    def __init__(self, code: str, message: str, expected: str = "", column: int = -1) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.expected = expected
        self.column = column

    def at(self, column: int) -> "CellError":
        return CellError(self.code, self.message, self.expected, column)


class FileRefused(InvalidInput):
    """The file as a whole cannot be imported; `code` is stable, the sentence says what to do."""

    type: ClassVar[str] = "file-refused"
    title: ClassVar[str] = "This file cannot be imported"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail, code=code)
        self.code = code
