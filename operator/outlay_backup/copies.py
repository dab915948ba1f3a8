"""A stored backup, fetched again and restored into a throw-away PostgreSQL of its own major."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from outlay_backup import contents, programs, runs
from outlay_backup.database import Database
from outlay_backup.errors import (
    BackupError,
    OutOfMemoryError,
    RestoreFailedError,
    ScratchError,
    VerifyFailedError,
)
from outlay_backup.keys import Identity
from outlay_backup.model import Contents, Manifest
from outlay_backup.progress import Progress
from outlay_backup.refill import make_database, quoted, refill
from outlay_backup.scratch import SUPERUSER, Scratch, scratch
from outlay_backup.store import Store
from outlay_backup.unpacking import fetch_stream

NAME: Final = "restored"
MOST_TOLD: Final = 5
# The server's own words, which are never translated there.
_KILLED: Final = re.compile(r"^\S.* LOG: .* \(PID \d+\) was terminated by signal 9", re.MULTILINE)
_FULL: Final = re.compile(r"^\S.* [A-Z]+: .*No space left on device", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Copy:
    """What was restored and compared; `seconds` of each step."""

    manifest: Manifest
    database: Database
    server: Scratch
    contents: Contents
    seconds: dict[str, float]


@asynccontextmanager
async def restored_copy(
    store: Store,
    run: str,
    identities: Sequence[Identity],
    *,
    places: Sequence[Path],
    folder: Path | None,
    progress: Progress,
) -> AsyncIterator[Copy]:
    """Fetch, decrypt, restore and compare; VerifyFailedError where anything differs."""
    manifest = await asyncio.to_thread(runs.manifest, store, run)
    tools = await asyncio.to_thread(programs.find, manifest.source.server_major, places)
    seconds: dict[str, float] = {}
    async with scratch(tools, folder) as server, _trouble(server):
        dump = server.folder / "dump"
        with _timed(seconds, "fetch"):
            await fetch(store, manifest, identities, dump, progress)
        database = server.database.named(NAME)
        with _timed(seconds, "restore"):
            progress.begin("Restoring", None)
            async with server.database.connected() as connection:
                said = await make_database(connection, NAME, manifest.source, SUPERUSER)
            await _refilled(tools, database, dump)
        if said:
            progress.note(said)
        dump.unlink()
        with _timed(seconds, "compare"):
            found = await compared(manifest, database, progress)
        yield Copy(manifest, database, server, found, seconds)


async def _refilled(tools: programs.Programs, database: Database, dump: Path) -> None:
    try:
        await refill(tools, database, dump, None)
    except RestoreFailedError as error:
        raise VerifyFailedError(f"It cannot be restored: {error}") from error


async def fetch(
    store: Store, manifest: Manifest, identities: Sequence[Identity], dump: Path, progress: Progress
) -> None:
    """Write the dump out plain, readable by its owner only; its hash is checked on the way."""
    progress.begin("Fetching", manifest.dump.bytes)

    def write() -> None:
        try:
            with dump.open("wb") as file:
                dump.chmod(0o600)
                fetch_stream(store, manifest.dump, identities, file, progress.advance)
        except OSError as error:
            raise ScratchError(
                f"The dump cannot be written to {dump.parent}: {error.strerror}. It needs"
                f" {manifest.dump.plain_bytes} bytes there, and the database"
                f" {manifest.source.bytes} more."
            ) from error

    await asyncio.to_thread(write)


async def compared(
    manifest: Manifest, database: Database, progress: Progress, role: str | None = None
) -> Contents:
    """Compare a restored database, read as `role`, with what was counted in the dump's snapshot."""
    progress.begin("Comparing", len(manifest.contents.tables), unit="tables")
    async with database.connected() as connection, connection.transaction(readonly=True):
        if role is not None:
            await connection.execute(f"set local role {quoted(role)}")
        found = await contents.read(connection, progress.advance)
    wrong = list(contents.differences(manifest.contents, found))
    if wrong:
        more = f" and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
        raise VerifyFailedError(
            f"{manifest.run} was restored and is not what was dumped:"
            f" {'; '.join(wrong[:MOST_TOLD])}{more}."
        )
    return found


@asynccontextmanager
async def _trouble(server: Scratch) -> AsyncIterator[None]:
    """Tell what befell the throw-away server, where it and not the backup is at fault."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise await _cause(server) or ScratchError(
            f"The throw-away PostgreSQL failed: {error}."
        ) from error
    except BackupError as error:
        told = await _cause(server)
        if told is None:
            raise
        raise told from error


async def _cause(server: Scratch) -> BackupError | None:
    log = await asyncio.to_thread(server.log.read_text, encoding="utf-8", errors="replace")
    if _KILLED.search(log):
        return OutOfMemoryError(
            "The throw-away PostgreSQL was killed, probably for lack of memory: raise the memory"
            " limit (in a BackupSchedule: spec.job.resources)."
        )
    if _FULL.search(log):
        return ScratchError(
            f"The scratch folder {server.folder.parent} is too small: give it room for the dump"
            " and the whole database."
        )
    return None


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    seconds[name] = round(time.monotonic() - started, 2)
