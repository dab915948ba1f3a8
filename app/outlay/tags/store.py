"""Tags in PostgreSQL. Every statement starts with the ledger; writes follow begin_write()."""

from typing import Final
from uuid import UUID

import asyncpg

from outlay.db import Connection

_SEEN: Final = """
select t.id, t.name, t.version, t.created_at, t.updated_at, coalesce(n.entries, 0) as entries
from public.tags t
left join public.tag_totals n on n.ledger_id = $1 and n.tag_id = t.id
where t.ledger_id = $1
"""
# A removed id stays used: its history is still there, and undo brings it back.
_INSERT: Final = """
insert into public.tags (ledger_id, id, name)
select $1, $2, $3
where not exists (select from public.change_log
  where ledger_id = $1 and entity = 'tag' and entity_id = $2)
on conflict (ledger_id, id) do nothing
returning id
"""
# Two statements, as the indexes of the trash and of the rest are apart.
_RETAG: Final = """
update public.expenses set tag_ids = case when tag_ids @> array[$3::uuid]
  then array_remove(tag_ids, $2) else array_replace(tag_ids, $2, $3) end
where ledger_id = $1 and tag_ids @> array[$2::uuid] and deleted_at is {}
"""


async def listed(db: Connection, ledger: UUID) -> list[asyncpg.Record]:
    return await db.fetch(f"{_SEEN} order by lower(t.name), t.id", ledger)


async def get(db: Connection, ledger: UUID, id: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(f"{_SEEN} and t.id = $2", ledger, id)


async def count(db: Connection, ledger: UUID) -> int:
    number: int = await db.fetchval("select count(*) from public.tags where ledger_id = $1", ledger)
    return number


async def insert(db: Connection, ledger: UUID, id: UUID, name: str) -> bool:
    """Create the tag; False when the id is or was in use."""
    return await db.fetchval(_INSERT, ledger, id, name) is not None


async def rename(db: Connection, ledger: UUID, id: UUID, name: str) -> None:
    await db.execute(
        "update public.tags set name = $3 where ledger_id = $1 and id = $2", ledger, id, name
    )


async def replace(db: Connection, ledger: UUID, id: UUID, into: UUID) -> None:
    """Give the expenses of one tag another one in its place, those in the trash too."""
    for state in ("null", "not null"):
        await db.execute(_RETAG.format(state), ledger, id, into)


async def remove(db: Connection, ledger: UUID, id: UUID) -> None:
    """Remove the tag; a trigger takes it off every expense."""
    await db.execute("delete from public.tags where ledger_id = $1 and id = $2", ledger, id)
