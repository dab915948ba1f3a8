"""Puts a restored database in the place of the old one, in one transaction.

`alter database ... rename` takes the database's lock before it looks whether somebody is connected,
and waits five seconds for them to leave. Whoever connects meanwhile waits for that lock; so those
who are there are ended while it waits, and nobody comes in between. A crash at any moment rolls the
transaction back or keeps it whole: there is never a moment without the old or the new database, nor
a state to clean up. (Closing the old one with ALLOW_CONNECTIONS first would leave it closed when
the restore dies there.)
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import asyncpg

from outlay_backup import stages
from outlay_backup.database import Connection
from outlay_backup.errors import RestoreFailedError
from outlay_backup.refill import literal, quoted

TRIES: Final = 6
POLL_SECONDS: Final = 0.05
_OTHERS: Final = """
select count(*) filter (where pid <> all($2::int[])),
  count(*) filter (where pid <> all($2::int[]) and pg_catalog.pg_terminate_backend(pid))
from pg_catalog.pg_stat_activity
where datname = $1 and pid <> pg_catalog.pg_backend_pid() and backend_type = 'client backend'
"""
_WHO: Final = """
select string_agg(distinct format('%s (%s)', usename, application_name), ', ')
from pg_catalog.pg_stat_activity where datname = any($1)
"""

Leave = Callable[[], Awaitable[None]]


class RenameRefusedError(Exception):
    """The server does not let this role rename the database, as managed ones may not."""


async def swap(
    renaming: Connection,
    ending: Connection,
    *,
    target: str,
    new: str,
    kept: str,
    done: stages.Stage,
    ours: list[int],
    leave: Leave,
) -> None:
    """Rename `target` to `kept` and `new` to `target`; both connections are to another database.

    `ours` are our own sessions in `target` that keep it as it is until all others have ended; then
    `leave` closes them. Raises RenameRefusedError, or RestoreFailedError when somebody stays.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            async with renaming.transaction():
                await _rename_old(renaming, ending, target, kept, ours, leave)
                await _end_others(ending, new, [])
                await renaming.execute(f"alter database {quoted(new)} rename to {quoted(target)}")
                await renaming.execute(
                    f"alter database {quoted(kept)} with allow_connections false"
                )
                said = stages.kept_comment(target, done.run)
                await renaming.execute(f"comment on database {quoted(kept)} is {literal(said)}")
                await stages.write(renaming, target, done)
        except asyncpg.ObjectInUseError as error:
            if left == 0:
                who = await ending.fetchval(_WHO, [target, new])
                raise RestoreFailedError(
                    f"{target} is still used by {who or 'somebody'} and stays as it was. End these"
                    " sessions, then run the restore again: it goes on from here."
                ) from error
        except (asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError) as error:
            raise RenameRefusedError(str(error)) from error
        else:
            return


async def place_new(renaming: Connection, *, target: str, new: str, done: stages.Stage) -> None:
    """Give a restored database its name where nothing has it yet."""
    try:
        async with renaming.transaction():
            await _end_others(renaming, new, [])
            await renaming.execute(f"alter database {quoted(new)} rename to {quoted(target)}")
            await stages.write(renaming, target, done)
    except asyncpg.ObjectInUseError as error:
        raise RestoreFailedError(
            f"{new} is used by somebody. End these sessions, then try again."
        ) from error
    except (asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError) as error:
        raise RenameRefusedError(str(error)) from error


async def _rename_old(
    renaming: Connection,
    ending: Connection,
    target: str,
    kept: str,
    ours: list[int],
    leave: Leave,
) -> None:
    statement = f"alter database {quoted(target)} rename to {quoted(kept)}"
    waiting = asyncio.create_task(renaming.execute(statement))
    try:
        while not waiting.done():
            if not await _end_others(ending, target, ours):
                await leave()
            await asyncio.wait({waiting}, timeout=POLL_SECONDS)
        await waiting
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def _end_others(ending: Connection, database: str, ours: list[int]) -> int:
    """End every session of a database but ours; return how many were there."""
    try:
        row = await ending.fetchrow(_OTHERS, database, ours)
    except asyncpg.InsufficientPrivilegeError as error:
        raise RenameRefusedError(f"its sessions cannot be ended: {error}") from error
    assert row is not None  # noqa: S101 - an aggregate has a row
    return int(row[0])
