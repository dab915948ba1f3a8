"""The file that the backup operator publishes, read again when it changed."""

import asyncio
import os
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from outlay.backups.model import (
    UNPUBLISHED,
    VERSION,
    BackupState,
    PublishedState,
    RestoreState,
    RunState,
)
from outlay.errors import Problem

MOST_BYTES: Final = 256 << 10

_STATES: Final = {"backups": get_args(RunState), "restores": get_args(RestoreState)}
_SAME: Final = {"done": "restored", "dry-run-done": "compared"}

_Seen = tuple[int, int, int]


class UnreadableBackupState(Problem):
    status = 500
    type = "backup-state-unreadable"
    title = "The state of backups cannot be read"


class StateFile:
    """The published state in a file; without a path, or a file, nothing is published.

    In a pod the path is a link that Kubernetes sets anew: what it leads to is looked at each time.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._kept: tuple[_Seen, BackupState] | None = None

    async def read(self) -> BackupState:
        """Off the event loop; raises UnreadableBackupState."""
        if self.path is None:
            return UNPUBLISHED
        return await asyncio.to_thread(self._read, self.path)

    def _read(self, path: Path) -> BackupState:
        try:
            with path.open("rb") as file:
                about = os.fstat(file.fileno())
                seen = (about.st_mtime_ns, about.st_size, about.st_ino)
                if self._kept is not None and self._kept[0] == seen:
                    return self._kept[1]
                body = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return UNPUBLISHED
        except OSError as error:
            raise UnreadableBackupState(
                f"Its file cannot be opened ({error.strerror}); look at OUTLAY_BACKUP_STATE_FILE"
            ) from error
        state = _state(body)
        self._kept = seen, state
        return state


def _state(body: bytes) -> BackupState:
    if len(body) > MOST_BYTES:
        raise UnreadableBackupState(
            f"Its file is larger than {MOST_BYTES >> 10} KiB; look at OUTLAY_BACKUP_STATE_FILE"
        )
    try:
        found = msgspec.convert(_known(msgspec.json.decode(body)), PublishedState)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBackupState(
            f"Its file is not what the backup operator writes: {error}. "
            "It is written anew with the operator's next pass; look at the operator's log"
        ) from error
    if found.version != VERSION:
        raise UnreadableBackupState(
            f"Its file has version {found.version}, and this program reads {VERSION}; "
            "upgrade the operator and the service to the same version"
        )
    return BackupState(
        published=True,
        updated=found.updated,
        schedules=found.schedules,
        backups=found.backups,
        restores=found.restores,
    )


def _known(said: Any) -> Any:
    """The state of a run may be one that this program does not know yet: that breaks nothing else."""
    for place, states in _STATES.items():
        runs = said.get(place) if isinstance(said, dict) else None
        for run in runs if isinstance(runs, list) else ():
            if isinstance(run, dict) and isinstance(state := run.get("state"), str):
                known = _SAME.get(state, state)
                run["state"] = known if known in states else "unknown"
    return said
