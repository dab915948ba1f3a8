"""What a killed Outlay may have left: a server that still runs, files of one that does not."""

import os
import shutil
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


def end_server(folder: Folder, lock: FileLock) -> None:
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
        _signal(folder.cluster, how)
        if free.wait(seconds):
            return
    raise StartError(
        f"A PostgreSQL server of an earlier start still uses {folder.cluster} and does not end."
        f" End its process by hand (its number is in {folder.cluster / 'postmaster.pid'})."
    )


def remove_leftovers(folder: Folder) -> None:
    """Remove what only a running server may keep; the caller holds the server's lock."""
    (folder.cluster / "postmaster.pid").unlink(missing_ok=True)
    remove_unfinished(folder.path)


def _signal(cluster: Path, how: signal.Signals) -> None:
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        if str(cluster) in _command_line(pid):
            os.kill(pid, how)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return


def _command_line(pid: int) -> str:
    """Return how the process was started; empty when it is gone."""
    if Path("/proc/self/cmdline").exists():
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    ps = shutil.which("ps") or "/bin/ps"
    asked = subprocess.run(  # noqa: S603  a constant command
        [ps, "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout
