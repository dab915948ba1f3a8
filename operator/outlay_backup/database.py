"""Connections to the database that is backed up or restored, and the lock that keeps others out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import asyncpg

from outlay_backup.errors import (
    BusyError,
    DatabaseDeniedError,
    DatabaseUnreachableError,
    SettingsError,
)

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

# The advisory lock of the service's migrations (outlay.migrations.runner.LOCK), "outlay" in ASCII:
# backup, migration and restore of one database exclude each other by it. A test compares both.
LOCK: Final = 0x6F75746C6179
LOCK_POLL: Final = 0.2
_ENDED: Final = (
    asyncpg.AdminShutdownError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
)
CONNECT_SECONDS: Final = 15.0
_SESSION: Final = {
    "application_name": "outlay-backup",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "lock_timeout": "60s",
    "row_security": "off",
    "jit": "off",
    "client_connection_check_interval": "2s",
}


@dataclass(frozen=True, slots=True)
class Database:
    """A database's address; the password may lie in a file, read again at every connection."""

    url: str
    password_file: Path | None = None

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in {"postgresql", "postgres"}:
            raise SettingsError(
                "OUTLAY_DATABASE_URL is not a PostgreSQL address; give"
                " postgresql://user@host:5432/database"
            )

    @property
    def name(self) -> str:
        return unquote(urlsplit(self.url).path.lstrip("/"))

    @property
    def where(self) -> str:
        """Host and database, without user and password."""
        parts = urlsplit(self.url)
        return f"{parts.hostname or 'the local socket'}/{self.name}"

    def named(self, database: str) -> "Database":
        """The same server's other database."""
        parts = urlsplit(self.url)
        changed = parts._replace(path="/" + quote(database, safe=""))
        return Database(urlunsplit(changed), self.password_file)

    def password(self) -> str | None:
        if self.password_file is not None:
            try:
                return self.password_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise DatabaseDeniedError(
                    f"The database's password cannot be read from {self.password_file}: {error}."
                ) from error
        parts = urlsplit(self.url)
        in_query = dict(parse_qsl(parts.query)).get("password")
        return unquote(parts.password) if parts.password else in_query

    def public_url(self) -> str:
        """The address without its password, fit for a program's arguments."""
        parts = urlsplit(self.url)
        user = parts.netloc.rpartition("@")[0].partition(":")[0]
        host = parts.netloc.rpartition("@")[2]
        query = [(key, value) for key, value in parse_qsl(parts.query) if key != "password"]
        netloc = f"{user}@{host}" if user else host
        return urlunsplit(parts._replace(netloc=netloc, query=urlencode(query, safe="/")))

    async def connect(self) -> Connection:
        """Open a connection; its failures say what to check."""
        try:
            return await asyncpg.connect(
                self.public_url(),
                password=self.password(),
                timeout=CONNECT_SECONDS,
                server_settings=_SESSION,
            )
        except (
            asyncpg.InvalidAuthorizationSpecificationError,
            asyncpg.InsufficientPrivilegeError,
        ) as error:
            raise DatabaseDeniedError(f"{self.where} lets nobody in so: {error}") from error
        except (
            OSError,
            TimeoutError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
            ValueError,
        ) as error:
            raise DatabaseUnreachableError(
                f"The database at {self.where} cannot be reached: {str(error) or 'no answer'}."
                " Check OUTLAY_DATABASE_URL and OUTLAY_DATABASE_PASSWORD_FILE."
            ) from error

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        opened = await self.connect()
        try:
            yield opened
        finally:
            await close(opened)


async def close(connection: Connection) -> None:
    """Close it; one whose server has gone is cut."""
    try:
        await connection.close(timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()


async def take_lock(connection: Connection, wait_seconds: float) -> None:
    """Take the database's lock; BusyError when it is not to be had in time.

    Polled: a session that waits in pg_advisory_lock holds a snapshot, and CREATE INDEX CONCURRENTLY
    of a migration that has the lock would wait for that for ever.
    """
    deadline = asyncio.get_running_loop().time() + wait_seconds
    while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
        if asyncio.get_running_loop().time() >= deadline:
            raise BusyError(
                "Another backup, a restore or a migration has the database. Try again when it is"
                " done."
            )
        await asyncio.sleep(LOCK_POLL)


@asynccontextmanager
async def locked(database: Database, wait_seconds: float) -> AsyncIterator[Connection]:
    """Hold the lock on a connection of its own, which must be direct: no pooler in between."""
    connection = await _waited(database, wait_seconds)
    try:
        yield connection
    finally:
        await close(connection)


async def _waited(database: Database, wait_seconds: float) -> Connection:
    """Connect and take the lock; a restore that ends whoever waits is done then: wait anew."""
    deadline = asyncio.get_running_loop().time() + wait_seconds
    while True:
        connection = await database.connect()
        try:
            await take_lock(connection, deadline - asyncio.get_running_loop().time())
        except _ENDED:
            await close(connection)
            if asyncio.get_running_loop().time() >= deadline:
                raise
            await asyncio.sleep(LOCK_POLL)
        except BaseException:
            await close(connection)
            raise
        else:
            return connection
