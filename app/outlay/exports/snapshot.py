"""The one connection and the one moment that an export reads from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from outlay.db import Connection, Pool, acquire

MOST_SECONDS: Final = 3600
"""How long an export may run; the snapshot keeps vacuum from old row versions that long."""
STALL_SECONDS: Final = 60
"""How long a client may take none of the bytes that wait for it."""

# Whatever the server's defaults are, dates and times are written in ISO 8601 and UTC.
_SETTINGS: Final = f"""
set local statement_timeout = '{MOST_SECONDS}s';
set local idle_in_transaction_session_timeout = '{2 * STALL_SECONDS}s';
set local timezone = 'UTC';
set local datestyle = 'ISO, YMD';
"""


@asynccontextmanager
async def snapshot(pool: Pool) -> AsyncIterator[Connection]:
    """Lend a connection inside a read-only transaction that sees one moment."""
    async with (
        acquire(pool) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute(_SETTINGS)
        yield connection


async def in_index_order(db: Connection) -> None:
    """Read along an index instead of sorting first: bytes flow at once, and nothing goes to disk."""
    await db.execute("set local enable_sort = off")
