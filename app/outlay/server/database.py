"""Where the ledgers live: the embedded PostgreSQL or one of somebody's own, and its schema."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from outlay import db
from outlay.migrations.runner import Migration, applied_versions, check_fit, migrate, migrations
from outlay.server.begin import Begun
from outlay.server.errors import DatabaseError
from outlay.settings import Settings

log = logging.getLogger("outlay.server")

POLL_SECONDS: Final = 0.5
# What waiting does not mend.
_LASTING: Final = (
    db.PasswordFileError,
    asyncpg.InvalidAuthorizationSpecificationError,
    ssl.SSLCertVerificationError,
)


async def address(settings: Settings, begun: Begun | None) -> str:
    """Return the address of the database, once an embedded one is up.

    Raises an EmbeddedError when it cannot be started.
    """
    if begun is None:
        return settings.database_url or ""
    return await asyncio.shield(asyncio.wrap_future(begun.address))


@asynccontextmanager
async def connection(settings: Settings, dsn: str) -> AsyncIterator[db.Direct]:
    """Open one direct connection; DatabaseError where it cannot be had."""
    try:
        direct = await _patiently(settings, dsn)
    except (*db.UNREACHABLE, asyncpg.PostgresError, TimeoutError, ValueError) as error:
        raise DatabaseError(
            f"The database at {where(dsn)} cannot be reached: {_reason(error)}."
            " Check OUTLAY_DATABASE_URL and OUTLAY_DATABASE_PASSWORD_FILE."
        ) from error
    try:
        yield direct
    finally:
        await direct.close(timeout=5)


async def _patiently(settings: Settings, dsn: str) -> db.Direct:
    """Connect; a database that is not there yet is waited for as long as the settings say."""
    deadline = asyncio.get_running_loop().time() + settings.database_wait
    told = ""
    while True:
        try:
            return await db.connect(settings, dsn)
        except (*db.UNREACHABLE, TimeoutError) as error:
            late = asyncio.get_running_loop().time() + POLL_SECONDS > deadline
            if late or isinstance(error, _LASTING):
                raise
            if told != (told := _reason(error)):
                log.info("waiting for the database at %s: %s", where(dsn), told)
        # Nothing tells of a server that comes up.
        await asyncio.sleep(POLL_SECONDS)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


async def prepare(settings: Settings, dsn: str, *, may_migrate: bool) -> list[Migration]:
    """Bring the schema up to date, or raise MigrationError where that is not ours to do."""
    async with connection(settings, dsn) as direct:
        made = await migrate(direct) if may_migrate else []
        check_fit(await applied_versions(direct))
    for migration in made:
        log.info("schema change %04d: %s", migration.version, migration.why)
    return made


async def pending(settings: Settings, dsn: str) -> list[Migration]:
    """Return the schema changes of this program that the database lacks."""
    async with connection(settings, dsn) as direct:
        applied = await applied_versions(direct)
    return [each for each in migrations() if each.version not in applied]


def where(dsn: str) -> str:
    """Host and database of an address, without its user and password."""
    parts = urlsplit(dsn)
    return f"{parts.hostname or 'the local socket'}{parts.path}"
