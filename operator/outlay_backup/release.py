"""Drops the old database that a restore kept, and no other one."""

import asyncpg
import msgspec

from outlay_backup import rights, stages
from outlay_backup.database import Connection, Database, take_lock
from outlay_backup.errors import ReleaseRefusedError
from outlay_backup.refill import quoted

_STATE = "select datallowconn from pg_catalog.pg_database where datname = $1"


class Released(msgspec.Struct, frozen=True):
    """`dropped` is false where it was gone before."""

    database: str
    dropped: bool


async def release(admin: Database, name: str, lock_wait: float) -> Released:
    """Drop `name`; ReleaseRefusedError unless a restore kept it and nobody has opened it since."""
    maintenance = await rights.maintenance(admin)
    async with maintenance.connected() as connection:
        await take_lock(connection, lock_wait)
        is_open = await connection.fetchval(_STATE, name)
        if is_open is None:
            return Released(name, dropped=False)
        await _refuse_other(connection, name, is_open=is_open)
        try:
            await connection.execute(f"drop database {quoted(name)}")
        except asyncpg.ObjectInUseError as error:
            raise ReleaseRefusedError(f"{name} is still used: {error}.") from error
        except asyncpg.InsufficientPrivilegeError as error:
            raise ReleaseRefusedError(
                f"This role may not drop {name}: it must be a member of its owner's."
            ) from error
    return Released(name, dropped=True)


async def _refuse_other(connection: Connection, name: str, *, is_open: bool) -> None:
    if not await stages.is_kept(connection, name):
        raise ReleaseRefusedError(
            f"{name} is not a database that a restore kept: it stays. Drop it by hand if it has"
            " to go."
        )
    if is_open:
        raise ReleaseRefusedError(
            f"{name} was kept by a restore, but was opened again since and may be in use. If not:"
            f" alter database {quoted(name)} with allow_connections false, then try again."
        )
