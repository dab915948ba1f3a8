"""Categories in PostgreSQL. Every statement starts with the ledger; writes follow begin_write()."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from outlay.categories.model import CategoryRow
from outlay.db import Connection

_COLUMNS: Final = (
    "c.id, c.parent_id, c.name, c.kind, c.hue, c.icon, c.position, c.archived_at, c.version, "
    "c.created_at, c.updated_at"
)
_ALL: Final = f"""
select {_COLUMNS}, coalesce(t.entries, 0) as entries
from public.categories c
left join (select category_id, sum(entries)::bigint as entries from public.monthly_totals
  where ledger_id = $1 group by category_id) t on t.category_id = c.id
where c.ledger_id = $1
"""
_GET: Final = f"""
select {_COLUMNS}, (select coalesce(sum(entries), 0)::bigint from public.monthly_totals
  where ledger_id = $1 and category_id = c.id) as entries
from public.categories c where c.ledger_id = $1 and c.id = $2
"""
# A removed id stays used: its history is still there, and undo brings it back.
_INSERT: Final = """
insert into public.categories (ledger_id, id, name, kind, parent_id, hue, icon, position)
select $1, $2, $3, $4, $5, $6, $7, $8
where not exists (select from public.change_log
  where ledger_id = $1 and entity = 'category' and entity_id = $2)
on conflict (ledger_id, id) do nothing
returning id
"""
_UPDATE: Final = """
update public.categories
set name = $3, kind = $4, parent_id = $5, hue = $6, icon = $7, position = $8,
  archived_at = case when $9 then coalesce(archived_at, now()) end
where ledger_id = $1 and id = $2
"""
# Refunds follow what they refund by trigger. Two statements, as the indexes are apart.
_MOVE_EXPENSES: Final = """
update public.expenses e set category_id = m.into_id
from unnest($2::uuid[], $3::uuid[]) as m (from_id, into_id)
where e.ledger_id = $1 and e.category_id = m.from_id and e.refund_of is null and e.deleted_at is {}
"""
_COUNT_TRASHED: Final = """
select category_id, count(*) as rows from public.expenses
where ledger_id = $1 and category_id = any($2::uuid[]) and deleted_at is not null group by 1
"""


async def listed(db: Connection, ledger: UUID) -> list[asyncpg.Record]:
    return await db.fetch(_ALL, ledger)


async def get(db: Connection, ledger: UUID, id: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(_GET, ledger, id)


async def count(db: Connection, ledger: UUID) -> int:
    number: int = await db.fetchval(
        "select count(*) from public.categories where ledger_id = $1", ledger
    )
    return number


async def insert(db: Connection, ledger: UUID, id: UUID, row: CategoryRow) -> bool:
    """Create the category; False when the id is or was in use."""
    made = await db.fetchval(_INSERT, ledger, id, *_values(row))
    return made is not None


async def update(
    db: Connection, ledger: UUID, id: UUID, row: CategoryRow, *, archived: bool
) -> None:
    await db.execute(_UPDATE, ledger, id, *_values(row), archived)


async def remove(db: Connection, ledger: UUID, ids: Sequence[UUID]) -> None:
    """Remove categories; expenses become uncategorised, sub-categories move up."""
    await db.execute(
        "delete from public.categories where ledger_id = $1 and id = any($2::uuid[])", ledger, ids
    )


async def move_expenses(db: Connection, ledger: UUID, into: Mapping[UUID, UUID | None]) -> None:
    """Give all expenses of each category, trashed ones too, to the category it maps to."""
    for state in ("null", "not null"):
        await db.execute(
            _MOVE_EXPENSES.format(state), ledger, list(into.keys()), list(into.values())
        )


async def move_up(db: Connection, ledger: UUID, ids: Sequence[UUID], parent: UUID | None) -> None:
    """Put sub-categories under another parent."""
    await db.execute(
        "update public.categories set parent_id = $3 where ledger_id = $1 and id = any($2::uuid[])",
        ledger,
        ids,
        parent,
    )


async def count_trashed(db: Connection, ledger: UUID, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await db.fetch(_COUNT_TRASHED, ledger, ids)
    return {row["category_id"]: row["rows"] for row in rows}


def _values(row: CategoryRow) -> tuple[object, ...]:
    return (row.name, row.kind, row.parent_id, row.hue, row.icon, row.position)
