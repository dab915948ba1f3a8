"""The pool, and what a lost or locked database means to a request."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias, TypeVar

import asyncpg

from outlay.pool import ACQUIRE_SECONDS, UNREACHABLE, Direct, Lease, Pool
from outlay.settings import Settings

__all__ = [
    "UNREACHABLE", "Connection", "Direct", "Pool", "acquire", "connect", "in_transaction", "open_pool",
]  # fmt: skip

Connection: TypeAlias = Direct
T = TypeVar("T")

DEADLOCK_TRIES: Final = 4


def password_from(settings: Settings) -> Callable[[], str] | None:
    """Read the password file at every new connection, so that a rotated Secret needs no restart."""
    path = settings.database_password_file
    if path is None:
        return None
    return lambda: path.read_text(encoding="utf-8").strip()


async def connect(settings: Settings, dsn: str) -> Direct:
    """Open one direct connection, for migrations, listening and commands."""
    return await asyncpg.connect(dsn, password=password_from(settings), timeout=ACQUIRE_SECONDS)


def open_pool(settings: Settings, dsn: str) -> Pool:
    """Make the pool; it fills itself as requests come."""

    async def opened() -> Direct:
        return await asyncpg.connect(
            dsn,
            password=password_from(settings),
            timeout=ACQUIRE_SECONDS,
            server_settings={
                "application_name": "outlay",
                "statement_timeout": f"{round(settings.statement_timeout * 1000)}ms",
                "idle_in_transaction_session_timeout": "60s",
                "jit": "off",
            },
        )

    return Pool(opened, settings.database_pool)


def acquire(pool: Pool) -> Lease:
    """Lend one connection; raises Unavailable when none is to be had in time."""
    return pool.acquire()


async def in_transaction(connection: Connection, work: Callable[[], Awaitable[T]]) -> T:
    """Run `work` in a transaction, again when it lost a deadlock."""
    for tries_left in range(DEADLOCK_TRIES - 1, -1, -1):
        try:
            async with connection.transaction():
                return await work()
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
            if tries_left == 0:
                raise
            await asyncio.sleep(0)
    raise AssertionError
