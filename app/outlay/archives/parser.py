"""The lines of one archive, taken one after the other: what each is, and what is wrong with it."""

import hashlib
from collections import Counter
from typing import Final

import msgspec

from outlay.archives.errors import MOST_ERRORS, ArchiveRefused
from outlay.archives.frame import MOST_PEOPLE, SECTIONS, VERSION, End, Header, Peek
from outlay.archives.model import Line
from outlay.archives.rules import mistakes
from outlay.errors import FieldError, InvalidInput
from outlay.problems import from_msgspec

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_PEEK: Final = msgspec.json.Decoder(Peek)
_HEADER: Final = msgspec.json.Decoder(Header)
_LINE: Final[msgspec.json.Decoder[Line | End]] = msgspec.json.Decoder(Line | End)
_RANKS: Final = {name: rank for rank, name in enumerate(SECTIONS)}
_NO_ARCHIVE: Final = "This is no archive of Outlay: its first line does not say so"


class Parser:
    """Knows after the last line what the archive is and which lines are wrong."""

    def __init__(self) -> None:
        self.number = 0
        self.counts: Counter[str] = Counter()
        self.errors: list[FieldError] = []
        self._header: Header | None = None
        self._ended = False
        self._rank = 0
        self._digest = hashlib.sha256()

    @property
    def header(self) -> Header:
        if self._header is None:
            raise ArchiveRefused(_NO_ARCHIVE)
        return self._header

    def take(self, raw: bytes) -> Line | None:
        """The line, if it is one to keep; raises ArchiveRefused where reading on makes no sense."""
        self.number += 1
        if self._header is None:
            self._header = _header(raw)
            self._count_in(raw)
            return None
        if self._ended:
            raise self._refused("Something follows the archive's last line")
        line = self._decoded(raw)
        if isinstance(line, End):
            self._end(line)
            return None
        self._count_in(raw)
        if line is not None:
            self._keep(line)
        return line

    def close(self) -> None:
        """Raise when the archive was cut off or any line of it is wrong."""
        if self._header is None:
            raise ArchiveRefused(_NO_ARCHIVE)
        if not self._ended:
            raise ArchiveRefused("The archive was cut off: its last line is missing")
        if self.counts["ledger"] != 1:
            raise ArchiveRefused("An archive holds one ledger")
        self.raise_errors()

    def raise_errors(self) -> None:
        if self.errors:
            raise InvalidInput("Some lines of the archive are wrong", errors=self.errors)

    def _decoded(self, raw: bytes) -> Line | End | None:
        try:
            return _LINE.decode(raw)
        except msgspec.ValidationError as error:
            found = from_msgspec(error).errors[0]
            self._wrong([FieldError(found.pointer, found.detail)])
        except _UNREADABLE:
            self._wrong([FieldError("", "This line is no JSON object in UTF-8")])
        return None

    def _keep(self, line: Line) -> None:
        kind = str(line.__struct_config__.tag)
        if _RANKS[kind] < self._rank:
            raise self._refused(f"A line of type {kind} comes too late: types come in order")
        self._rank = _RANKS[kind]
        self.counts[kind] += 1
        if kind == "person" and self.counts[kind] > MOST_PEOPLE:
            raise self._refused(f"An archive names {MOST_PEOPLE} people at most")
        if kind in {"change_set", "change"} and not self.header.history:
            raise self._refused("The first line says that there is no history")
        if errors := mistakes(line):
            self._wrong(errors)

    def _wrong(self, errors: list[FieldError]) -> None:
        self.errors += [FieldError(f"/line/{self.number}{e.pointer}", e.detail) for e in errors]
        if len(self.errors) >= MOST_ERRORS:
            self.raise_errors()

    def _refused(self, sentence: str) -> ArchiveRefused:
        return ArchiveRefused(
            f"Line {self.number}: {sentence}",
            errors=[FieldError(f"/line/{self.number}", sentence)],
        )

    def _count_in(self, raw: bytes) -> None:
        self._digest.update(raw)
        self._digest.update(b"\n")

    def _end(self, end: End) -> None:
        self._ended = True
        told = {kind: count for kind, count in end.counts.items() if count}
        if self.errors:
            return
        if told != dict(self.counts) or end.sha256 != self._digest.hexdigest():
            raise ArchiveRefused(
                "The archive was changed or damaged after it was written: its last line counts "
                "other lines. Export it again"
            )


def _header(raw: bytes) -> Header:
    try:
        version = _PEEK.decode(raw).version
    except (msgspec.ValidationError, *_UNREADABLE) as error:
        raise ArchiveRefused(_NO_ARCHIVE) from error
    if version > VERSION:
        raise ArchiveRefused(
            f"This archive was written by a newer Outlay (format {version}; this one reads up to "
            f"{VERSION}); upgrade first"
        )
    try:
        return _HEADER.decode(raw)
    except msgspec.ValidationError as error:
        raise ArchiveRefused(f"The archive's first line is wrong: {error}") from error
