"""What is written beside a dump, as JSON. Sizes are bytes, times are UTC, checksums decimal text."""

from datetime import datetime
from typing import Any, Final

import msgspec

FORMAT: Final = 1


class Table(msgspec.Struct, frozen=True):
    """One table: how many rows, and the sum of their hashes over the columns that are stored."""

    name: str
    rows: int
    checksum: str
    columns: tuple[str, ...]


class Sequence(msgspec.Struct, frozen=True):
    """Where a sequence stood when the snapshot was taken; a dump may find it further on."""

    name: str
    value: int | None
    step: int


class Contents(msgspec.Struct, frozen=True):
    """Everything that a restored database is compared by."""

    tables: tuple[Table, ...]
    sequences: tuple[Sequence, ...] = ()
    large_objects: int = 0
    large_objects_checksum: str = "0"

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


class Source(msgspec.Struct, frozen=True):
    """The database that was dumped."""

    database: str
    owner: str
    server_version: str
    server_major: int
    bytes: int
    encoding: str
    locale: dict[str, str | None]


class Schema(msgspec.Struct, frozen=True):
    """The service's schema: its latest change, and the oldest program that works with it."""

    version: int
    serves: str


class Stored(msgspec.Struct, frozen=True):
    """One stored object; `plain_bytes` before compression and encryption."""

    path: str
    bytes: int
    sha256: str
    plain_bytes: int


class Manifest(msgspec.Struct, frozen=True):
    """Written last: a run without it is incomplete and is never listed as a backup."""

    run: str
    owner: str
    started: datetime
    finished: datetime
    source: Source
    schema: Schema | None
    dump: Stored
    contents: Contents
    recipients: tuple[str, ...]
    client_version: str
    program_version: str
    format: int = FORMAT


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question of somebody's own, asked of every restored copy, and the answer it must give."""

    name: str
    sql: str
    expected: str


class Verified(msgspec.Struct, frozen=True):
    """Written after the comparison: only with it a backup counts."""

    run: str
    at: datetime
    key: str
    server_version: str
    tables: int
    rows: int
    checks: tuple[str, ...]
    seconds: dict[str, float]
    program_version: str
    format: int = FORMAT


class CsvFile(msgspec.Struct, frozen=True):
    table: str
    rows: int
    stored: Stored


class CsvFiles(msgspec.Struct, frozen=True):
    """The ledgers' tables as CSV, from the restored copy."""

    run: str
    at: datetime
    files: tuple[CsvFile, ...]
    format: int = FORMAT


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a run ended, for whoever started it; at most 3 KiB as JSON.

    `removed` and `would_remove` are runs that retention removed, or would without its dry run.
    `stored` verified backups of `stored_bytes`, CSVs included, are in the store afterwards; null
    where nobody looked. `retention_refused`: the store lets nobody delete. `last_drill`: when the
    owner's own key last restored one of them.
    """

    run: str
    started: datetime
    finished: datetime
    complete: bool
    verified: bool
    bytes: int = 0
    tables: int = 0
    rows: int = 0
    reason: str = ""
    message: str = ""
    location: str = ""
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = {}
    removed: tuple[str, ...] = ()
    would_remove: tuple[str, ...] = ()
    retention_refused: bool = False
    stored: int | None = None
    stored_bytes: int | None = None
    last_drill: datetime | None = None


class Marker(msgspec.Struct, frozen=True):
    """Whose backups lie under a prefix."""

    owner: str
    created: datetime
    format: int = FORMAT


def encode(value: Any) -> bytes:
    """Return JSON that a person can read."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
