"""What somebody chooses for rows of a preview: to take them in or not, and their category."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import UNSET

from outlay.db import Connection
from outlay.errors import InvalidInput
from outlay.imports.answers import RowsPatch

MOST_LINES: Final = 10_000
_LAST_LINE: Final = (1 << 31) - 1

_WANTED: Final = """
where r.ledger_id = $1 and r.import_id = $2 and r.date is not null
  and (r.line = any($4::integer[]) or r.verdict = $5
    or (r.kind, lower(r.description)) = (select w.kind, lower(w.description)
      from public.import_rows w where w.ledger_id = $1 and w.import_id = $2 and w.line = $6))
"""
_INCLUDE: Final = f"""
update public.import_rows r set choice = $3 {_WANTED} and r.choice is distinct from $3
"""
_FILE: Final = f"""
update public.import_rows r set chosen_category = $3 {_WANTED}
  and r.chosen_category is distinct from $3
"""
_NO_ROWS: Final = """
select asked.at - 1 from unnest($3::integer[]) with ordinality as asked (line, at)
where not exists (select from public.import_rows r
  where r.ledger_id = $1 and r.import_id = $2 and r.line = asked.line and r.date is not null)
limit 1
"""
_IS_CATEGORY: Final = """
select exists (select from public.categories where ledger_id = $1 and id = $2)
"""


async def choose(db: Connection, ledger: UUID, import_id: UUID, wanted: RowsPatch) -> None:
    """Keep a choice for rows; raises InvalidInput for lines that hold no row to take."""
    check(wanted)
    lines = list(wanted.lines or ())
    await _refuse_no_rows(db, ledger, import_id, lines, "/lines/{}")
    await _refuse_no_rows(db, ledger, import_id, _only(wanted.like), "/like")
    which = lines, wanted.verdict, wanted.like
    if wanted.include is not UNSET:
        await db.execute(_INCLUDE, ledger, import_id, wanted.include, *which)
    if wanted.category_id is not UNSET:
        await _refuse_no_category(db, ledger, wanted.category_id)
        await db.execute(_FILE, ledger, import_id, wanted.category_id, *which)


def check(wanted: RowsPatch) -> None:
    """Raise InvalidInput for a patch that says nothing, names no rows, or too many."""
    if wanted.include is UNSET and wanted.category_id is UNSET:
        raise InvalidInput("Say what becomes of the rows: include or category_id")
    if sum(way is not None for way in (wanted.lines, wanted.verdict, wanted.like)) != 1:
        raise InvalidInput("Name the rows by lines, by verdict or by like, one of them")
    if len(wanted.lines or ()) > MOST_LINES:
        raise InvalidInput.field("/lines", f"At most {MOST_LINES} lines at once")
    for place, line in enumerate(wanted.lines or ()):
        _check_line(line, f"/lines/{place}")
    for line in _only(wanted.like):
        _check_line(line, "/like")


def _check_line(line: int, pointer: str) -> None:
    if not 1 <= line <= _LAST_LINE:
        raise InvalidInput.field(pointer, "Lines count from 1")


def _only(line: int | None) -> list[int]:
    return [] if line is None else [line]


async def _refuse_no_rows(
    db: Connection, ledger: UUID, import_id: UUID, lines: Sequence[int], pointer: str
) -> None:
    place = await db.fetchval(_NO_ROWS, ledger, import_id, lines) if lines else None
    if place is not None:
        raise InvalidInput.field(
            pointer.format(place), f"Line {lines[place]} holds no row that could be taken"
        )


async def _refuse_no_category(db: Connection, ledger: UUID, category: UUID | None) -> None:
    if category is not None and not await db.fetchval(_IS_CATEGORY, ledger, category):
        raise InvalidInput.field("/category_id", "This ledger has no such category")
