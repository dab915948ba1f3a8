"""From bytes to records, in bounded memory: text, physical lines, then the csv module.

The csv module reads strictly. Where quotes are broken, the first line of the broken record is
read by itself and reading goes on with the next line, so that one bad quote costs one row and
does not swallow the rest of the file.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from outlay.imports.layout import Layout, used_columns
from outlay.imports.model import FileRefused, Limits, RowError

Record: TypeAlias = tuple[int, list[str]]
_WIDE = {"utf-16", "utf-16-le", "utf-16-be", "shift_jis", "gb18030"}
_BAD = re.compile("[\x00\ud800-\udfff\ufffd]")


class _MoreNeededError(Exception):
    """The csv module asks for a line that has not arrived yet."""


def _more_needed() -> Iterator[str]:
    """Raise, but only once the first line is asked for."""
    yield from _ask()


def _ask() -> list[str]:
    raise _MoreNeededError


def dialect(layout: Layout, *, strict: bool) -> dict[str, Any]:
    """Return the csv module's arguments for `layout`."""
    return {
        "delimiter": layout.delimiter,
        "quotechar": layout.quote or None,
        "quoting": csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
        "escapechar": layout.escape or None,
        "strict": strict,
    }


def split_lines(text: str) -> list[str]:
    """Split at LF, CR LF and CR only, and keep the line ends."""
    return io.StringIO(text, newline="").readlines()


def shape(layout: Layout) -> Callable[[list[str]], bool]:
    """Return whether a record has the columns of `layout`.

    Empty cells beyond the last column don't count, and a short record is whole as long as it
    reaches the last column that is used.
    """
    width, needed = layout.width, max((c for _, c in used_columns(layout)), default=0)

    def fits(cells: list[str]) -> bool:
        have = len(cells)
        return have == width or (needed < have < width) or (have > width and not any(cells[width:]))

    return fits


class RecordReader:
    """Takes bytes as they come and gives each record with its first physical line's number.

    `cut_off` is the number of the last line once it is known to lack a line end, else 0.
    """

    def __init__(self, layout: Layout, limits: Limits) -> None:
        self._limits = limits
        self._fits = shape(layout)
        self._strict = dialect(layout, strict=True)
        self._lenient = dialect(layout, strict=False)
        self._decode = _Decoder(layout.encoding)
        self._lines: list[str] = []
        self._tail = ""
        self._number = 1
        self._skip = layout.skip_lines
        self._broken = 0
        self.cut_off = 0

    def take(self, piece: bytes, *, final: bool = False) -> list[Record | RowError]:
        """Return the records that `piece` completes; all that are left when `final`."""
        found: list[Record | RowError] = []
        lines = split_lines(self._tail + self._decode(piece, final=final))
        ended = not lines or lines[-1].endswith("\n")
        self._tail = "" if ended or final else lines.pop()[: self._limits.record_chars + 1]
        if lines and len(lines[0]) > self._limits.record_chars:
            lines[0] = "\n"
            number = self._number + len(self._lines)
            found.append(self._error(number, "line_length", "The line is too long to be a row"))
        self._lines += lines
        if final and not ended and not lines[-1].endswith("\r"):
            self.cut_off = self._number + len(self._lines) - 1
        self._drop_preamble()
        self._split(found, final=final)
        return found

    def _drop_preamble(self) -> None:
        dropped = min(self._skip, len(self._lines))
        del self._lines[:dropped]
        self._skip -= dropped
        self._number += dropped

    def _split(self, found: list[Record | RowError], *, final: bool) -> None:
        while self._lines:
            done, clean = 0, True
            reader = csv.reader(self._source(final=final), **self._strict)
            number, check = self._number, self._decode.dirty
            try:
                for cells in reader:
                    first, done = done, reader.line_num
                    if done - first > 1 and not self._fits(cells):
                        done, clean = first, False
                        break
                    found.append(
                        self._checked(number + first, cells) if check else (number + first, cells)
                    )
            except _MoreNeededError:
                clean = self._may_wait(done)
                if clean:
                    self._advance(done)
                    return
            except csv.Error:
                clean = False
            self._advance(done)
            if not clean:
                found.append(self._lone_line())

    def _source(self, *, final: bool) -> Iterator[str]:
        return iter(self._lines) if final else itertools.chain(self._lines, _more_needed())

    def _advance(self, lines: int) -> None:
        del self._lines[:lines]
        self._number += lines

    def _may_wait(self, done: int) -> bool:
        """Say whether the record that is still open may grow further."""
        waiting = self._lines[done:]
        return (
            len(waiting) <= self._limits.record_lines
            and sum(map(len, waiting)) <= self._limits.record_chars
        )

    def _lone_line(self) -> Record | RowError:
        """Read the first line by itself, leniently; it counts if its width is right."""
        line, number = self._lines[0], self._number
        self._advance(1)
        self._broken += 1
        if self._broken > self._limits.broken_quotes:
            raise FileRefused(
                "quotes",
                f"More than {self._limits.broken_quotes} rows have broken quotes; "
                "choose another quote character or export the file again",
            )
        cells = next(csv.reader([line], **self._lenient), [])
        if self._fits(cells):
            return self._checked(number, cells)
        return self._error(number, "quotes", "A quote is opened and not closed in this row")

    def _checked(self, number: int, cells: list[str]) -> Record | RowError:
        if self._decode.dirty and (bad := _BAD.search("\x1f".join(cells))):
            return self._undecodable(number, bad.group())
        return number, cells

    def _undecodable(self, number: int, bad: str) -> RowError:
        if bad == "\x00":
            return self._error(number, "binary", "The row holds a NUL character")
        message = f"A character of this row is not {self._decode.encoding}"
        return RowError(number, "", "encoding", message, f"{self._decode.encoding} throughout")

    @staticmethod
    def _error(number: int, code: str, message: str) -> RowError:
        return RowError(number, "", code, message)


class _Decoder:
    """Decodes strictly for as long as that works; after that bad bytes stand as surrogates."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.dirty = False
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._started = False

    def __call__(self, data: bytes, *, final: bool = False) -> str:
        state = self._decoder.getstate()
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError:
            self.dirty = True
            self._decoder.errors = "replace" if self.encoding in _WIDE else "surrogateescape"
            self._decoder.setstate(state)
            text = self._decoder.decode(data, final)
        self.dirty = self.dirty or "\x00" in text
        if text and not self._started:
            self._started = True
            return text.removeprefix("\ufeff")
        return text
