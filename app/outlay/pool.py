"""Database connections, lent one to a request; the one that came back last goes out first.

Why not asyncpg's pool: its proxies, a shielded task at every release and a timer at every acquire
took a tenth of a short request (bench/RESULTS.md). It resets sessions, too; ours never change.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic, perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg

from outlay import metrics
from outlay.errors import Unavailable

if TYPE_CHECKING:
    Direct: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Direct = asyncpg.Connection

ACQUIRE_SECONDS: Final = 5.0
CLOSE_SECONDS: Final = 2.0
# Firewalls forget connections that say nothing for long, and nobody tells us.
IDLE_SECONDS: Final = 300.0

UNREACHABLE: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidCatalogNameError,
)


class Pool:
    """At most `size` connections, opened when they are needed, closed when they have long not been."""

    def __init__(self, connect: Callable[[], Awaitable[Direct]], size: int) -> None:
        self._connect = connect
        self._size = size
        self._free = asyncio.Semaphore(size)
        self._idle: list[tuple[float, Direct]] = []
        self._lent: set[Direct] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._is_closed = False

    def acquire(self) -> "Lease":
        """Lend a connection for an `async with` block; Unavailable when none is to be had."""
        return Lease(self)

    async def take(self) -> Direct:
        """Take a connection, waiting at most ACQUIRE_SECONDS for others to give one back."""
        if self._free.locked():
            async with asyncio.timeout(ACQUIRE_SECONDS):
                await self._free.acquire()
        else:
            await self._free.acquire()
        try:
            connection = self._usable() or await self._connect()
        except BaseException:
            self._free.release()
            raise
        self._lent.add(connection)
        return connection

    def give(self, connection: Direct, *, is_sound: bool) -> None:
        """Give it back; what was interrupted or left in a transaction is not lent again."""
        self._lent.discard(connection)
        if is_sound and not (self._is_closed or connection.is_in_transaction()):
            now = monotonic()
            self._idle.append((now, connection))
            if now - self._idle[0][0] > IDLE_SECONDS:
                self._retire(self._idle.pop(0)[1])
        else:
            self._retire(connection)
        self._free.release()

    async def close(self) -> None:
        """Close all; those that are still lent out after CLOSE_SECONDS are cut."""
        self._is_closed = True
        while self._idle:
            self._retire(self._idle.pop()[1])
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                for _ in range(self._size):
                    await self._free.acquire()
                await asyncio.gather(*self._leaving)
        except TimeoutError:
            for connection in self._lent:
                connection.terminate()

    async def execute(self, sql: str, *values: Any) -> str:
        async with self.acquire() as connection:
            return await connection.execute(sql, *values)

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        async with self.acquire() as connection:
            return await connection.fetch(sql, *values)

    async def fetchrow(self, sql: str, *values: Any) -> asyncpg.Record | None:
        async with self.acquire() as connection:
            return await connection.fetchrow(sql, *values)

    async def fetchval(self, sql: str, *values: Any) -> Any:
        async with self.acquire() as connection:
            return await connection.fetchval(sql, *values)

    def _usable(self) -> Direct | None:
        if self._is_closed:
            raise asyncpg.InterfaceError("the pool is closed")
        while self._idle:
            since, connection = self._idle.pop()
            if not connection.is_closed() and monotonic() - since <= IDLE_SECONDS:
                return connection
            self._retire(connection)
        return None

    def _retire(self, connection: Direct) -> None:
        """Close it on the side; a statement that was interrupted is told to end first."""
        if connection.is_closed():
            return
        leaving = asyncio.create_task(_closed(connection))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)


class Lease:
    """One loan."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Direct | None = None

    async def __aenter__(self) -> Direct:
        started = perf_counter()
        try:
            connection = self._connection = await self._pool.take()
        except (*UNREACHABLE, TimeoutError) as error:
            raise Unavailable(headers={"Retry-After": "2"}) from error
        metrics.POOL_WAIT.observe(perf_counter() - started)
        metrics.POOL_BUSY.inc()
        return connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            metrics.POOL_BUSY.dec()
            is_sound = kind is None or issubclass(kind, Exception)
            self._pool.give(self._connection, is_sound=is_sound)


async def _closed(connection: Direct) -> None:
    try:
        await connection.close(timeout=ACQUIRE_SECONDS)
    except (*UNREACHABLE, TimeoutError, asyncpg.PostgresError):
        connection.terminate()
