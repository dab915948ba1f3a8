"""What holds an archive together: its first and last line, its sections and its bounds.

The format is described in docs/archive.md; both directions, out and in, follow this module.
"""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

VERSION: Final = 1
MEDIA_TYPE: Final = "application/x-ndjson"
SECTIONS: Final = (
    "ledger",
    "person",
    "member",
    "category",
    "account",
    "tag",
    "profile",
    "expense",
    "change_set",
    "change",
)
"""The types of the lines between the first and the last, in the order in which they come."""

MOST_LINE: Final = 512 * 1024
"""Bytes of one line: two images of the longest possible expense take half of it."""
MOST_PEOPLE: Final = 10_000
MOST_TIMES_UPLOAD: Final = 16
"""How many times the largest upload an archive may have once it is unpacked."""


class Peek(msgspec.Struct, frozen=True):
    """Enough of the first line to tell who can read the rest."""

    outlay: Literal["archive"]
    version: int


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The first line. `seq` and `epoch` say which state of which database was written."""

    outlay: Literal["archive"] = "archive"
    version: int = VERSION
    program: str
    schema: int
    ledger: UUID
    history: bool
    epoch: str
    seq: int
    written_at: dt.datetime


class End(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="type",
    tag="end",
):
    """The last line: lines of each type, and the SHA-256 of every byte before this line."""

    counts: dict[str, Annotated[int, msgspec.Meta(ge=0)]]
    sha256: str
