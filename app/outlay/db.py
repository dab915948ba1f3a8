"""The pool, and what a lost or locked database means to a request."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from outlay import metrics
from outlay.errors import Overloaded, Unavailable
from outlay.settings import Settings

if TYPE_CHECKING:
    Direct: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Connection: TypeAlias = Direct | PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:
    Direct = asyncpg.Connection
    Connection = asyncpg.Connection | PoolConnectionProxy
    Pool = asyncpg.Pool
T = TypeVar("T")

log = logging.getLogger("outlay.db")

ACQUIRE_SECONDS: Final = 5.0
CLOSE_SECONDS: Final = 2.0
DEADLOCK_TRIES: Final = 4

# The driver's internal error is what a connection says whose end came between two statements.
UNREACHABLE: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
)
# The last password of each file that a database took.
_taken: Final[dict[Path, str]] = {}


class PasswordFileError(OSError):
    """The file with the database's password cannot be read; the message says which and why."""


async def _keep_settings(_: Direct) -> None:
    """Nothing to reset: sessions only ever change settings inside a transaction."""


def _password(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise PasswordFileError(
            f"The database's password cannot be read from {path}: {reason}. Put it there; in"
            f" Kubernetes it is the key {path.name} of the Secret {path.parent.name}"
        ) from error


def opener(settings: Settings) -> Callable[..., Coroutine[Any, Any, Direct]]:
    """A connect function that reads the password file each time: a rotated one needs no restart.

    The database may learn of a new password later than this process does; until then the last one
    that it took still opens it.
    """
    path = settings.database_password_file
    if path is None:
        return asyncpg.connect

    async def connect(*args: Any, **options: Any) -> Direct:
        password = _password(path)
        try:
            made: Direct = await asyncpg.connect(*args, **options, password=password)
        except asyncpg.InvalidPasswordError:
            last = _taken.get(path, password)
            if last == password:
                raise
            return await asyncpg.connect(*args, **options, password=last)
        _taken[path] = password
        return made

    return connect


async def connect(settings: Settings, dsn: str) -> Direct:
    """Open one direct connection, for migrations, listening and commands."""
    return await opener(settings)(dsn, timeout=ACQUIRE_SECONDS)


async def create_pool(settings: Settings, dsn: str) -> Pool:
    """Open the pool; it fills itself as requests come."""
    return await asyncpg.create_pool(
        dsn,
        connect=opener(settings),
        min_size=0,
        max_size=settings.database_pool,
        max_inactive_connection_lifetime=300.0,
        reset=_keep_settings,
        timeout=ACQUIRE_SECONDS,
        server_settings={
            "application_name": "outlay",
            "statement_timeout": f"{round(settings.statement_timeout * 1000)}ms",
            "idle_in_transaction_session_timeout": "60s",
            "jit": "off",
        },
    )


async def close_pool(pool: Pool) -> None:
    """Close it; connections that are still lent out after two seconds are cut."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await pool.close()
    except TimeoutError:
        pool.terminate()


class Lease:
    """One connection of the pool for an `async with` block.

    Raises Overloaded when all of them stay in use, Unavailable when none can be opened.
    """

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def __aenter__(self) -> Connection:
        started = perf_counter()
        # A timer only where somebody has to wait: it costs more than the lending itself.
        seconds = None if self._pool.get_idle_size() else ACQUIRE_SECONDS
        try:
            connection = self._connection = await self._pool.acquire(timeout=seconds)
        except (*UNREACHABLE, TimeoutError) as error:
            is_full = self._pool.get_size() == self._pool.get_max_size()
            kind = Overloaded if is_full and isinstance(error, TimeoutError) else Unavailable
            raise kind(headers={"Retry-After": "2"}) from error
        metrics.POOL_WAIT.observe(perf_counter() - started)
        metrics.POOL_BUSY.inc()
        return connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        metrics.POOL_BUSY.dec()
        # What was interrupted first waits for its statement to end; a server that says nothing any
        # more is not waited for: the pool cuts the connection instead.
        interrupted = kind is not None and not issubclass(kind, Exception)
        if kind is not None and issubclass(kind, UNREACHABLE):
            # It may not have noticed its end yet; nobody must get it next.
            self._connection.terminate()
        try:
            await self._pool.release(
                self._connection, timeout=CLOSE_SECONDS if interrupted else None
            )
        except (*UNREACHABLE, TimeoutError):
            log.warning("a database connection was cut")


def acquire(pool: Pool) -> Lease:
    """Lend one connection for an `async with` block."""
    return Lease(pool)


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
