"""Temporary tables that hold an archive until all of it is known to be right."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec

from outlay.archives.model import (
    AccountLine,
    CategoryLine,
    ChangeLine,
    ChangeSetLine,
    ExpenseLine,
    LedgerLine,
    Line,
    MemberLine,
    PersonLine,
    ProfileLine,
    TagLine,
)
from outlay.archives.rules import amounts
from outlay.db import Connection

_BATCH: Final = 2000


class Stage(NamedTuple):
    """A line type, the table whose columns it has, and columns that have another name there."""

    line: type[Line]
    table: str
    renamed: dict[str, str] = {}  # noqa: RUF012 - a constant in a constant

    @property
    def name(self) -> str:
        return f"archive_{self.line.__struct_config__.tag}"

    @property
    def columns(self) -> tuple[str, ...]:
        return self.line.__struct_fields__

    @property
    def ddl(self) -> str:
        columns = ", ".join(f"{self.renamed.get(c, c)} as {c}" for c in self.columns)
        return (
            f"create temporary table {self.name} on commit drop as "
            f"select 0 as line, {columns} from public.{self.table} with no data"
        )


STAGES: Final = tuple(
    Stage(*found)
    for found in (
        (LedgerLine, "ledgers"),
        (PersonLine, "users"),
        (MemberLine, "members"),
        (CategoryLine, "categories"),
        (AccountLine, "accounts"),
        (TagLine, "tags"),
        (ProfileLine, "import_profiles"),
        (ExpenseLine, "expenses"),
        (ChangeSetLine, "change_sets"),
        (ChangeLine, "change_log", {"id": "entity_id"}),
    )
)
_BY_LINE: Final = {stage.line: stage for stage in STAGES}


async def make_stages(db: Connection) -> None:
    """Make the tables; they go with the transaction."""
    await db.execute("; ".join(stage.ddl for stage in STAGES))
    await db.execute("alter table pg_temp.archive_person add column user_id uuid")


class Loader:
    """Brings lines into their tables, a few thousand at a time."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._stage: Stage | None = None
        self._rows: list[tuple[Any, ...]] = []

    async def add(self, number: int, line: Line) -> None:
        stage = _BY_LINE[type(line)]
        if stage is not self._stage or len(self._rows) >= _BATCH:
            await self.flush()
            self._stage = stage
        self._rows.append((number, *_values(line)))

    async def flush(self) -> None:
        if self._stage is not None and self._rows:
            await self._db.copy_records_to_table(
                self._stage.name,
                schema_name="pg_temp",
                columns=["line", *self._stage.columns],
                records=self._rows,
            )
        self._rows = []


def _values(line: Line) -> Iterable[Any]:
    if isinstance(line, AccountLine | ExpenseLine):
        return (msgspec.structs.asdict(line) | amounts(line)[0]).values()
    return [
        _json(value) if isinstance(value, msgspec.Raw) else value
        for value in msgspec.structs.astuple(line)
    ]


def _json(raw: msgspec.Raw) -> str | None:
    text = bytes(raw).decode()
    return None if text == "null" else text
