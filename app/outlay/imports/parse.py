"""Read a whole file by its layout: one outcome a row, in the order of the file."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import BinaryIO

from outlay.imports.headers import same_header
from outlay.imports.layout import Layout, mistakes
from outlay.imports.model import FileRefused, Limits, Outcome, RowError
from outlay.imports.records import Record, RecordReader
from outlay.imports.rows import RowReader

CHUNK = 65_536


class FileParser:
    """Takes the bytes of one file as they come; memory stays bounded by `limits`.

    Raises FileRefused where the file as a whole is no good (too large, too many rows, another
    header than the layout's); a mistake in a row is an outcome, not an exception.
    """

    def __init__(self, layout: Layout, limits: Limits | None = None) -> None:
        if wrong := mistakes(layout):
            raise FileRefused("layout", wrong[0].detail)
        self._limits = limits or Limits()
        self._layout = layout
        self._records = RecordReader(layout, self._limits)
        self._read = RowReader(layout, self._limits, self._records).read
        self._header_due = bool(layout.header)
        self._bytes = 0
        self._rows = 0

    def feed(self, chunk: bytes) -> Iterator[Outcome]:
        self._bytes += len(chunk)
        if self._bytes > self._limits.file_bytes:
            most = self._limits.file_bytes // (1024 * 1024)
            raise FileRefused("too_large", f"The file is larger than {most} MB; split it")
        for start in range(0, len(chunk), CHUNK):
            yield from self._outcomes(self._records.take(chunk[start : start + CHUNK]))

    def finish(self) -> Iterator[Outcome]:
        yield from self._outcomes(self._records.take(b"", final=True))
        if self._header_due:
            raise FileRefused("header", "The file ends before the header of its layout")

    def _outcomes(self, records: list[Record | RowError]) -> Iterator[Outcome]:
        read = self._read
        for record in records:
            if isinstance(record, RowError):
                outcome: Outcome | None = record
            elif self._header_due and record[1]:
                self._compare_header(record[1])
                continue
            else:
                outcome = read(record[0], record[1])
            if outcome is not None:
                self._rows += 1
                if self._rows > self._limits.rows:
                    raise FileRefused(
                        "too_many_rows", f"More than {self._limits.rows} rows; split the file"
                    )
                yield outcome

    def _compare_header(self, cells: list[str]) -> None:
        self._header_due = False
        if not same_header(self._layout.header, cells):
            raise FileRefused(
                "header", f"The header is not the layout's; it starts {', '.join(cells)[:80]!r}"
            )


def parse_chunks(
    layout: Layout, chunks: Iterable[bytes], limits: Limits | None = None
) -> Iterator[Outcome]:
    """Yield one outcome a row; the chunks may be cut anywhere."""
    parser = FileParser(layout, limits)
    for chunk in chunks:
        yield from parser.feed(chunk)
    yield from parser.finish()


def parse_file(layout: Layout, file: BinaryIO, limits: Limits | None = None) -> Iterator[Outcome]:
    return parse_chunks(layout, iter(lambda: file.read(CHUNK), b""), limits)


async def parse_stream(
    layout: Layout, chunks: AsyncIterable[bytes], limits: Limits | None = None
) -> AsyncIterator[list[Outcome]]:
    """Yield the outcomes of up to 64 KiB as one list; empty lists are left out."""
    parser = FileParser(layout, limits)
    async for chunk in chunks:
        for start in range(0, len(chunk), CHUNK):
            if rows := list(parser.feed(chunk[start : start + CHUNK])):
                yield rows
    if rows := list(parser.finish()):
        yield rows
