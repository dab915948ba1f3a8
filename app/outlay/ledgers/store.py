"""Ledgers in PostgreSQL, as one of their members sees them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

from outlay.db import Connection
from outlay.ledgers.model import LedgerRow
from outlay.ledgers.rules import MOST_LEDGERS

_SEEN: Final = """
select l.id, l.name, l.currency, l.time_zone, l.first_day_of_month, l.first_day_of_week, l.is_demo, l.version,
  l.created_at, l.updated_at, m.role, l.id is not distinct from u.default_ledger_id as is_default
from public.members m
join public.ledgers l on l.id = m.ledger_id
join public.users u on u.id = m.user_id
where m.user_id = $1
"""
_LIST: Final = f"""
{_SEEN} and ($2::uuid[] is null or l.id = any($2)) order by lower(l.name), l.id limit {MOST_LEDGERS}
"""
_GET: Final = f"{_SEEN} and l.id = $2"
_UPDATE: Final = """
with ready as materialized (select public.begin_write($1, $2) as ok)
update public.ledgers l set name = $4, currency = $5, time_zone = $6, first_day_of_month = $7,
  first_day_of_week = $8
from ready where l.id = $1 and l.version = $3 and ready.ok
returning l.id
"""


async def listed(db: Connection, user: UUID, only: Sequence[UUID] | None) -> list[asyncpg.Record]:
    """The person's ledgers by name; with `only` no others than those."""
    return await db.fetch(_LIST, user, only)


async def get(db: Connection, user: UUID, ledger: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(_GET, user, ledger)


async def update(db: Connection, ledger: UUID, context: str, version: int, row: LedgerRow) -> bool:
    """Change the ledger if it still has that version."""
    changed = await db.fetchval(
        _UPDATE, ledger, context, version, row.name, row.currency, row.time_zone,
        row.first_day_of_month, row.first_day_of_week,
    )  # fmt: skip
    return changed is not None


async def lock(db: Connection, ledger: UUID, version: int | None) -> str | None:
    """Keep other writers out until the transaction ends; its name if it still has that version."""
    await db.execute("select public.begin_write($1, '{}')", ledger)
    name: str | None = await db.fetchval(
        "select name from public.ledgers where id = $1 and ($2::integer is null or version = $2)",
        ledger,
        version,
    )
    return name
