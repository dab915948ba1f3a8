"""Somebody who writes past the service, as psql would."""

from uuid import UUID

import asyncpg

_ONE_SET = """
insert into public.expenses (ledger_id, id, kind, date, amount, currency, note, source)
select $1, gen_random_uuid(), 'expense', '2026-11-02', n, 'EUR', $3, 'sql' from generate_series(1, $2) n
"""


async def foreign(dsn: str, ledger: UUID, *, sets: int = 1, rows: int = 1, note: str = "") -> None:
    """Write so many change sets of so many new expenses each, from a connection of its own."""
    db = await asyncpg.connect(dsn)
    try:
        for _ in range(sets):
            await db.execute(_ONE_SET, ledger, rows, note)
    finally:
        await db.close()
