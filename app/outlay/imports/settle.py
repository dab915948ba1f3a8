"""Decide which staged rows the ledger has already, in bounded memory."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from outlay.db import Connection
from outlay.imports import known
from outlay.imports.duplicates import find_duplicates
from outlay.imports.known import Money
from outlay.imports.walk import Walk

BATCH: Final = 10_000

# The planner knows nothing yet of rows that were staged a moment ago. Equal amounts may be many: a
# join in a loop would compare each with each, a merge would read the whole ledger by amount.
_PLANS: Final = """
set local enable_nestloop = off; set local enable_mergejoin = off;
set local plan_cache_mode = force_custom_plan; set local work_mem = '64MB';
"""
_USUAL_PLANS: Final = """
set local enable_nestloop to default; set local enable_mergejoin to default;
set local plan_cache_mode to default; set local work_mem to default;
"""
_MARK: Final = """
update public.import_rows r set verdict = u.verdict, duplicate_of = u.known, message = u.why
from unnest($3::integer[], $4::text[], $5::uuid[], $6::text[]) as u (line, verdict, known, why)
where r.ledger_id = $1 and r.import_id = $2 and r.line = u.line
"""
_CLEAR: Final = f"""
update public.import_rows r set verdict = 'new', duplicate_of = null, message = null
where r.ledger_id = $1 and r.import_id = $2 and r.verdict = 'duplicate' and {known.OF_MONEY}
returning r.line
"""


class Mark(NamedTuple):
    """What a row turned out to be; `turned` when its verdict was another one before."""

    line: int
    verdict: str
    known: UUID | None
    why: str | None
    turned: bool


class Settled(NamedTuple):
    """Lines whose verdict is another one now."""

    duplicate: list[int]
    new: list[int]


async def settle(
    db: Connection, ledger: UUID, import_id: UUID, money: Sequence[Money] | None = None
) -> Settled:
    """Compare the staged rows with the ledger and mark those whose verdict changed.

    Inside the caller's transaction. With `money` only rows of such amounts are compared: no other
    row can be a duplicate of theirs.
    """
    settled = Settled([], [])
    if money is not None and not money:
        return settled
    await db.execute(_PLANS)
    await _settle(db, (ledger, import_id, *_columns(money)), settled)
    await db.execute(_USUAL_PLANS)
    return settled


def _columns(money: Sequence[Money] | None) -> list[list[Any] | None]:
    if money is None:
        return [None, None, None]
    return [list(column) for column in zip(*money, strict=True)]


async def _settle(db: Connection, names: tuple[Any, ...], settled: Settled) -> None:
    span = await db.fetchrow(known.SPAN, *names)
    if span is None or not span["rows"]:
        return
    there = Walk(await db.cursor(known.KNOWN, *names, *known.around(span["first"], span["last"])))
    if await there.is_empty():
        settled.new.extend(row["line"] for row in await db.fetch(_CLEAR, *names))
        return
    rows = Walk(await db.cursor(known.ROWS, *names))
    while batch := await rows.batch(BATCH):
        same = await there.up_to(batch[-1]["amount"])
        marks = await asyncio.to_thread(_compare, batch, same)
        if marks:
            lines, verdicts, ids, whys, _ = map(list, zip(*marks, strict=True))
            await db.execute(_MARK, *names[:2], lines, verdicts, ids, whys)
        settled.duplicate.extend(m.line for m in marks if m.turned and m.verdict == "duplicate")
        settled.new.extend(m.line for m in marks if m.turned and m.verdict == "new")


def _compare(rows: Sequence[Any], there: Sequence[Any]) -> list[Mark]:
    """The rows that are no longer what they were taken for."""
    found = find_duplicates(
        [known.candidate_of(row) for row in rows], [known.known_of(row) for row in there]
    )
    marks: list[Mark] = []
    for row, duplicate in zip(rows, found, strict=True):
        was = row["verdict"] == "duplicate"
        if duplicate is not None and duplicate.of.id != row["duplicate_of"]:
            marks.append(
                Mark(row["line"], "duplicate", duplicate.of.id, duplicate.explain(), not was)
            )
        elif duplicate is None and was:
            marks.append(Mark(row["line"], "new", None, None, turned=True))
    return marks
