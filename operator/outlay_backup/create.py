"""Dumps a database into a store: one snapshot for the dump and for what it is compared by."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg

from outlay_backup import __version__, contents, layout, owner, programs, source
from outlay_backup.database import Connection, Database, locked
from outlay_backup.errors import (
    DatabaseDeniedError,
    DatabaseUnreachableError,
    DumpFailedError,
    KeyRefusedError,
)
from outlay_backup.keys import Recipient
from outlay_backup.model import Contents, Manifest, Source, Stored, encode
from outlay_backup.packing import store_stream
from outlay_backup.process import Output
from outlay_backup.progress import Progress
from outlay_backup.store import Store
from outlay_backup.times import now

# zstd outside compresses better than gzip inside, and its threads never wait for pg_dump.
_DUMP: Final = ("--format=custom", "--compress=none", "--no-password", "--lock-wait-timeout=60s")
_GONE: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
)


@dataclass(frozen=True, slots=True)
class Order:
    """What to dump, for whom, and as whose."""

    database: Database
    recipients: dict[str, Recipient]
    owner: str | None = None
    programs: tuple[Path, ...] = ()
    lock_wait: float = 60.0


async def create(
    order: Order, store: Store, own: Recipient, run: str, started: datetime, progress: Progress
) -> Manifest:
    """Dump, encrypt to the owners and to `own`, store, and write the manifest last.

    Raises a BackupError; then there is no manifest, and retention removes what was stored.
    """
    if not order.recipients:
        raise KeyRefusedError(
            "Nobody could open this backup: name at least one public key of an owner."
        )
    try:
        async with locked(order.database, order.lock_wait) as connection:
            return await _dump(order, store, own, run, started, progress, connection)
    except _GONE as error:
        raise DatabaseUnreachableError(
            f"The database at {order.database.where} went away while it was dumped: {error}"
        ) from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise DatabaseDeniedError(
            f"This role may not read all of {order.database.where}: {error}. Let it own the"
            " database, or grant it pg_read_all_data."
        ) from error
    except asyncpg.PostgresError as error:
        raise DumpFailedError(f"{order.database.where} could not be read: {error}.") from error


async def _dump(
    order: Order,
    store: Store,
    own: Recipient,
    run: str,
    started: datetime,
    progress: Progress,
    connection: Connection,
) -> Manifest:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await source.describe(connection)
        tools = await asyncio.to_thread(programs.find, found.server_major, order.programs)
        name = order.owner or await source.owner_name(connection, found.database)
        await asyncio.to_thread(owner.claim, store, name)
        begun = encode({"run": run, "started": started, "owner": name})
        await asyncio.to_thread(store.put, layout.at(run, layout.BEGUN), begun)
        schema = await source.schema(connection)
        snapshot = await connection.fetchval("select pg_export_snapshot()")
        keys = [*order.recipients.values(), own]
        stored, read = await _both(
            order.database, tools, snapshot, store, run, keys, found, progress, connection
        )
    manifest = Manifest(
        run=run,
        owner=name,
        started=started,
        finished=now(),
        source=found,
        schema=schema,
        dump=stored,
        contents=read,
        recipients=tuple(order.recipients),
        client_version=tools.version,
        program_version=__version__,
    )
    await asyncio.to_thread(store.put, layout.at(run, layout.MANIFEST), encode(manifest))
    return manifest


async def _both(
    database: Database,
    tools: programs.Programs,
    snapshot: str,
    store: Store,
    run: str,
    keys: Sequence[Recipient],
    found: Source,
    progress: Progress,
    connection: Connection,
) -> tuple[Stored, Contents]:
    """Dump and count at the same time, in the same snapshot."""
    address = f"--dbname={database.public_url()}"
    command = [tools.path("pg_dump"), *_DUMP, f"--snapshot={snapshot}", address]
    progress.begin("Dumping", None)
    with Output(command, programs.environment(database)) as dump:
        path = layout.at(run, layout.DUMP)
        storing = asyncio.create_task(
            asyncio.to_thread(store_stream, store, path, dump, keys, found.bytes, progress.advance)
        )
        reading = asyncio.create_task(contents.read(connection))
        try:
            return await _first_failure(storing, reading)
        finally:
            # A thread cannot be cancelled: without the program it comes to its end.
            if not storing.done():
                dump.end()
            reading.cancel()
            await asyncio.gather(storing, reading, return_exceptions=True)


async def _first_failure(
    storing: asyncio.Task[Stored], reading: asyncio.Task[Contents]
) -> tuple[Stored, Contents]:
    await asyncio.wait({storing, reading}, return_when=asyncio.FIRST_EXCEPTION)
    for task in (storing, reading):
        if task.done() and task.exception() is not None:
            task.result()
    return await storing, await reading
