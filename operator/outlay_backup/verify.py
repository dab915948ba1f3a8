"""Restores a stored backup and compares it: only then it counts."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outlay_backup import __version__, layout, tables
from outlay_backup.checks import ask
from outlay_backup.copies import Copy, restored_copy
from outlay_backup.errors import BackupError
from outlay_backup.keys import Identity, Recipient
from outlay_backup.model import Check, Verified, encode
from outlay_backup.progress import Progress
from outlay_backup.store import Store
from outlay_backup.times import now

OWN_KEY = "run"
OWNERS_KEY = "owner"


@dataclass(frozen=True, slots=True)
class Trial:
    """How to verify: where, with which programs, and what else to ask of the copy.

    With `recipients` the ledgers' tables are stored as CSV too.
    """

    scratch: Path | None = None
    programs: tuple[Path, ...] = ()
    checks: tuple[Check, ...] = ()
    recipients: tuple[Recipient, ...] = ()


async def verify(
    store: Store,
    run: str,
    identities: Sequence[Identity],
    trial: Trial,
    progress: Progress,
    *,
    key: str,
) -> Verified:
    """Restore and compare, write verified.json; with the owners' own key drill.json too.

    Raises a BackupError that says what differs or is damaged; then nothing is written.
    """
    async with restored_copy(
        store,
        run,
        identities,
        places=trial.programs,
        folder=trial.scratch,
        progress=progress,
    ) as copy:
        await ask(copy, trial.checks)
        verified = _verified(copy, trial.checks, key)
        names = [layout.VERIFIED, layout.DRILL] if key == OWNERS_KEY else [layout.VERIFIED]
        for name in names:
            await asyncio.to_thread(store.put, layout.at(run, name), encode(verified))
        if trial.recipients:
            await _export(copy, store, run, trial.recipients, progress)
    return verified


async def _export(
    copy: Copy, store: Store, run: str, recipients: Sequence[Recipient], progress: Progress
) -> None:
    """The backup is verified whether or not there are CSVs of it."""
    try:
        await tables.export(copy, store, run, recipients, progress)
    except BackupError as error:
        progress.note(f"The CSVs could not be stored: {error}")


def _verified(copy: Copy, checks: Sequence[Check], key: str) -> Verified:
    return Verified(
        run=copy.manifest.run,
        at=now(),
        key=key,
        server_version=copy.server.programs.version,
        tables=len(copy.contents.tables),
        rows=copy.contents.rows,
        checks=tuple(check.name for check in checks),
        seconds=copy.seconds,
        program_version=__version__,
    )
