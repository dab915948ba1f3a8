"""A stored backup, fetched again and restored into a throw-away PostgreSQL of its own major."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outlay_backup import contents, programs, runs
from outlay_backup.database import Database
from outlay_backup.errors import RestoreFailedError, ScratchError, VerifyFailedError
from outlay_backup.keys import Identity
from outlay_backup.model import Contents, Manifest
from outlay_backup.progress import Progress
from outlay_backup.refill import make_database, quoted, refill
from outlay_backup.scratch import SUPERUSER, Scratch, scratch
from outlay_backup.store import Store
from outlay_backup.unpacking import fetch_stream

NAME: Final = "restored"
MOST_TOLD: Final = 5


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
    async with scratch(tools, folder) as server:
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
        if "No space left" in str(error):
            raise ScratchError(f"The scratch folder is too small: {error}") from error
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


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    seconds[name] = round(time.monotonic() - started, 2)
