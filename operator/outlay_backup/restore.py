"""Brings a backup back: into a new database, compared, migrated, then swapped in by rename."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import asyncpg
import msgspec

from outlay_backup import migrating, programs, rights, runs, stages
from outlay_backup.database import Connection, Database, locked, take_lock
from outlay_backup.errors import (
    BackupError,
    RestoreFailedError,
    RestoreRefusedError,
)
from outlay_backup.keys import Identity
from outlay_backup.loading import drop, load
from outlay_backup.model import Manifest
from outlay_backup.placing import Place, put_in_place
from outlay_backup.progress import Progress
from outlay_backup.store import Store
from outlay_backup.work_folder import work_folder

# Which steps one call takes: in Kubernetes the service's own image migrates between the two.
LOAD: Final = "load"
SWAP: Final = "swap"
BOTH: Final = "both"


@dataclass(frozen=True, slots=True)
class Wish:
    """What to restore where. `admin` may create databases and is a member of the owner's role.

    `target` is the database to replace; `order` names whoever asked, so that the same order is
    never carried out twice. `service` is the service's command, None to migrate nothing.
    """

    admin: Database
    target: str
    run: str
    identities: tuple[Identity, ...]
    programs: tuple[Path, ...] = ()
    scratch: Path | None = None
    service: tuple[str, ...] | None = None
    service_version: str | None = None
    owner: str | None = None
    order: str = ""
    steps: str = BOTH
    dry_run: bool = False
    keep_tokens: bool = False
    free_bytes: int | None = None
    lock_wait: float = 60.0


class Restored(msgspec.Struct, frozen=True, omit_defaults=True):
    """How it ended: `database` holds the backup now; `kept` is the old one."""

    run: str
    database: str
    swapped: bool
    tables: int
    rows: int
    kept: str = ""
    message: str = ""
    dry_run: bool = False
    already_done: bool = False


@dataclass(frozen=True, slots=True)
class _Setting:
    """What was found out before anything is changed."""

    manifest: Manifest
    tools: programs.Programs
    owner: str
    maintenance: Database
    connection: Connection


async def restore(store: Store, wish: Wish, progress: Progress) -> Restored:
    """Do it, or take it up where an earlier call ended.

    Raises a BackupError; then the old database is in its place, unchanged, unless the error says
    that it was swapped already.
    """
    try:
        return await _restore(store, wish, progress)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise RestoreFailedError(
            f"The server refused or went away: {error}. {wish.target} is as it was; run the restore"
            " again when this is mended: it goes on from where it was."
        ) from error


async def _restore(store: Store, wish: Wish, progress: Progress) -> Restored:
    maintenance = await rights.maintenance(wish.admin)
    async with maintenance.connected() as connection:
        begun = await _begun(connection, wish)
        if begun is not None:
            # The latest of then, not of now.
            wish = replace(wish, run=begun.run)
        manifest = await asyncio.to_thread(runs.manifest, store, wish.run)
        if begun is not None and begun.stage == stages.DONE:
            return _told(manifest, wish.target, swapped=True, already_done=True)
        # Restores of one server exclude each other here, and in the target what else excludes them.
        await take_lock(connection, wish.lock_wait)
        owner, tools = await rights.find_out(
            connection, manifest, target=wish.target, owner=wish.owner, places=wish.programs
        )
        setting = _Setting(manifest, tools, owner, maintenance, connection)
        async with _held(wish, connection) as holding:
            return await _steps(store, wish, setting, holding, progress)


async def _begun(connection: Connection, wish: Wish) -> stages.Stage | None:
    """Return how far an earlier call of the same order has come; None for the first, and without an order."""
    for database in (wish.target, stages.new_name(wish.target)) if wish.order else ():
        found = await stages.read(connection, database)
        if found is not None and found.order == wish.order:
            return found
    return None


async def _steps(
    store: Store,
    wish: Wish,
    setting: _Setting,
    holding: Connection | None,
    progress: Progress,
) -> Restored:
    manifest, new = setting.manifest, stages.new_name(wish.target)
    if wish.steps != SWAP:
        await _load(store, wish, setting, progress)
    found = await stages.read(setting.connection, new)
    if found is None or found.run != wish.run or found.stage != stages.COMPARED:
        raise RestoreRefusedError(f"{wish.run} was not restored into {new} yet; load it first.")
    if wish.steps == LOAD and not wish.dry_run:
        return _told(
            manifest, new, message=f"{new} is loaded and compared, and waits for its swap."
        )
    if wish.steps == BOTH and wish.service is not None and manifest.schema is not None:
        progress.begin("Migrating", None)
        await migrating.migrate(wish.service, wish.admin.named(new), setting.owner)
    if wish.dry_run:
        await drop(setting.connection, new)
        return _told(manifest, wish.target, dry_run=True)
    progress.begin("Swapping", None)
    place = Place(
        admin=wish.admin,
        maintenance=setting.maintenance,
        owner=setting.owner,
        target=wish.target,
        new=new,
        done=stages.Stage(manifest.run, stages.DONE, wish.order),
        keep_tokens=wish.keep_tokens,
    )
    kept, refused = await put_in_place(place, setting.connection, holding, progress)
    if refused:
        return _told(manifest, new, message=refused)
    return _told(manifest, wish.target, swapped=True, kept=kept)


async def _load(store: Store, wish: Wish, setting: _Setting, progress: Progress) -> None:
    new, manifest = stages.new_name(wish.target), setting.manifest
    if await stages.exists(setting.connection, new):
        await stages.refuse_foreign(setting.connection, wish.admin.named(new))
        found = await stages.read(setting.connection, new)
        if found == stages.Stage(wish.run, stages.COMPARED, wish.order) and not wish.dry_run:
            progress.note(f"{new} was restored and compared before; going on from there.")
            return
        await drop(setting.connection, new)
    await migrating.refuse_newer(wish.service, wish.service_version, manifest)
    try:
        with work_folder(wish.scratch) as folder:
            await load(
                store,
                manifest,
                wish.identities,
                tools=setting.tools,
                connection=setting.connection,
                database=wish.admin.named(new),
                owner=setting.owner,
                folder=folder,
                free_bytes=wish.free_bytes,
                progress=progress,
            )
    except BackupError:
        await drop(setting.connection, new)
        raise
    done = stages.Stage(wish.run, stages.COMPARED, wish.order)
    await stages.write(setting.connection, new, done)


@asynccontextmanager
async def _held(wish: Wish, connection: Connection) -> AsyncIterator[Connection | None]:
    """Keep backups and migrations out of the target; None where there is no target yet."""
    if not await stages.exists(connection, wish.target):
        yield None
        return
    async with locked(wish.admin.named(wish.target), wish.lock_wait) as holding:
        yield holding


def _told(
    manifest: Manifest,
    database: str,
    *,
    swapped: bool = False,
    kept: str = "",
    message: str = "",
    dry_run: bool = False,
    already_done: bool = False,
) -> Restored:
    return Restored(
        run=manifest.run,
        database=database,
        swapped=swapped,
        tables=len(manifest.contents.tables),
        rows=manifest.contents.rows,
        kept=kept,
        message=message,
        dry_run=dry_run,
        already_done=already_done,
    )
