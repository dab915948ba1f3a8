"""The first half of a restore: a new database, filled and compared; nobody uses it yet."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from outlay_backup import room, stages
from outlay_backup.copies import compared, fetch
from outlay_backup.database import Connection, Database
from outlay_backup.keys import Identity
from outlay_backup.model import Manifest
from outlay_backup.programs import Programs
from outlay_backup.progress import Progress
from outlay_backup.refill import grant, make_database, quoted, refill
from outlay_backup.store import Store


async def load(
    store: Store,
    manifest: Manifest,
    identities: Sequence[Identity],
    *,
    tools: Programs,
    connection: Connection,
    database: Database,
    owner: str,
    folder: Path,
    free_bytes: int | None,
    progress: Progress,
) -> None:
    """Make `database` and bring the backup into it; `connection` is to another one.

    Raises VerifyFailedError where what came out is not what was dumped.
    """
    await asyncio.to_thread(room.refuse_full_folder, folder, manifest)
    for said in (
        await room.refuse_full_server(connection, manifest, free_bytes),
        await make_database(connection, database.name, manifest.source, owner),
    ):
        if said:
            progress.note(said)
    await stages.write(connection, database.name, stages.Stage(manifest.run, stages.LOADING))
    dump = folder / "dump"
    await fetch(store, manifest, identities, dump, progress)
    progress.begin("Restoring", None)
    await refill(tools, database, dump, owner)
    said = await grant(tools, database, dump, owner)
    if said:
        progress.note(said)
    await compared(manifest, database, progress, role=owner)
    async with database.connected() as filled:
        await filled.execute(f"set role {quoted(owner)}")
        await filled.execute("analyze")


async def drop(connection: Connection, name: str) -> None:
    await connection.execute(f"drop database if exists {quoted(name)} with (force)")
