"""From a spooled file to records for the staging table, a piece at a time, in a thread."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, Final, TypeAlias
from uuid import UUID

from outlay.ids import uuid7
from outlay.imports.fingerprint import row_fingerprint, row_reference
from outlay.imports.layout import Layout
from outlay.imports.model import Limits, Outcome, ParsedRow, RowError, SkippedRow
from outlay.imports.parse import CHUNK, FileParser
from outlay.imports.spool import Spool

PIECE: Final = 4 * CHUNK
COLUMNS: Final = (
    "ledger_id", "import_id", "line", "verdict", "expense_id", "date", "amount", "currency", "kind",
    "description", "note", "category_name", "account_name", "tags", "reference", "content",
    "reference_key", "code", "column_name", "message", "expected",
)  # fmt: skip
Record: TypeAlias = tuple[Any, ...]
_NO_ROW: Final = (None,) * 13


class Records:
    """The records of one file.

    The expenses that its rows would become get UUIDs (version 7) that differ in a counter of 24
    bits, so that a later booking sorts after an earlier one of its day, whichever way round the
    file is.
    """

    def __init__(self, ledger: UUID, import_id: UUID, spool: Spool, layout: Layout) -> None:
        self._names = (ledger, import_id)
        self._parser: FileParser | None = FileParser(layout, Limits(file_bytes=spool.most))
        self._chunks = spool.chunks(PIECE)
        self._prefix = str(uuid7())[:-6]
        self._place = 0
        self._step = 0

    async def batches(self) -> AsyncGenerator[list[Record], None]:
        """Yield the records piece by piece; the next piece is read while one is used.

        Raises FileRefused where the file as a whole is no good.
        """
        coming = asyncio.create_task(asyncio.to_thread(self._next))
        try:
            while (batch := await asyncio.shield(coming)) is not None:
                coming = asyncio.create_task(asyncio.to_thread(self._next))
                if batch:
                    yield batch
        finally:
            # A thread cannot be stopped, and the file must not be closed under it.
            await asyncio.wait({coming})
            coming.exception()

    def _next(self) -> list[Record] | None:
        if self._parser is None:
            return None
        piece = next(self._chunks, b"")
        if piece:
            outcomes = list(self._parser.feed(piece))
        else:
            outcomes = list(self._parser.finish())
            self._parser = None
        if not self._step:
            self._turn(outcomes)
        return [self._record(outcome) for outcome in outcomes]

    def _turn(self, outcomes: list[Outcome]) -> None:
        """Count down where the file starts with the newest row."""
        rows = [outcome.date for outcome in outcomes if isinstance(outcome, ParsedRow)]
        if rows:
            self._step, self._place = (-1, 0xFFFFFF) if rows[0] > rows[-1] else (1, 0)

    def _record(self, outcome: Outcome) -> Record:
        match outcome:
            case ParsedRow() as row:
                self._place += self._step
                return (
                    *self._names, row.line, "new", f"{self._prefix}{self._place:06x}", row.date,
                    row.amount_minor, row.currency, row.kind, row.description, row.note,
                    row.category_name or None, row.account_name or None, row.tags or None,
                    row.reference, row_fingerprint(row), row_reference(row), None, None, None, None,
                )  # fmt: skip
            case RowError() as bad:
                return (
                    *self._names, bad.line, "error", *_NO_ROW, bad.code, bad.column, bad.message,
                    bad.expected,
                )  # fmt: skip
            case SkippedRow() as other:
                return (
                    *self._names, other.line, "skipped", *_NO_ROW, other.code, "", other.message, "",
                )  # fmt: skip
