"""What a killed Outlay may have left: a server that still runs, files of one that does not."""

import os
import signal
import subprocess
from pathlib import Path

from outlay.embedded.cluster import remove_unfinished
from outlay.embedded.errors import StartError
from outlay.embedded.folder import Folder
from outlay.embedded.locks import FileLock

# A server whose Outlay was killed ends by itself (see postmaster.py); this is its head start.
_BY_ITSELF = 2.0
_FAST = 60.0
_IMMEDIATE = 20.0


def end_servers(folder: Folder, lock: FileLock) -> None:
    """Take the lock that every PostgreSQL process of the folder holds, ending them if need be.

    With the lock in hand none of them lives, whatever process the number in postmaster.pid
    belongs to by now.
    """
    if lock.take():
        return
    free = lock.taken()
    if free.wait(_BY_ITSELF):
        return
    for how, seconds in ((signal.SIGINT, _FAST), (signal.SIGQUIT, _IMMEDIATE)):
        for note in folder.path.glob("*/postmaster.pid"):
            _signal(note, how)
        if free.wait(seconds):
            return
    raise StartError(
        f"A PostgreSQL process of an earlier start still uses {folder.path} and does not end."
        f" End it by hand; `ps` lists it with {folder.path} or `postgres:` in its command."
    )


def remove_leftovers(folder: Folder) -> None:
    """Remove what only a running server may keep; the caller holds the server's lock."""
    (folder.cluster / "postmaster.pid").unlink(missing_ok=True)
    remove_unfinished(folder.path)


def _signal(note: Path, how: signal.Signals) -> None:
    """Signal the server that wrote `note`, unless its number went to another process."""
    try:
        pid = int(note.read_text().split("\n", 1)[0])
        if str(note.parent) in _command_line(pid):
            os.kill(pid, how)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return


def _command_line(pid: int) -> str:
    """Return how the process was started; empty or FileNotFoundError when it is gone."""
    if Path("/proc/self/cmdline").exists():
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    asked = subprocess.run(  # noqa: S603  a constant command, for Unixes without /proc
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout
