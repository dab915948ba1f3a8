"""Folders for what is plain only while it is needed: gone with their block, or with the next run.

A folder is locked as long as the process that made it lives. What a killed one left, which may be a
whole household in plain text on a volume of fixed size, goes when the next folder is made.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from outlay_backup.errors import ScratchError

PREFIX: Final = "outlay-scratch-"
_LOCK: Final = "lock"


@contextmanager
def work_folder(parent: Path | None) -> Iterator[Path]:
    """Make one below `parent` (the temporary folder by default); ScratchError where it cannot be."""
    where = parent or Path(tempfile.gettempdir())
    try:
        where.mkdir(parents=True, exist_ok=True)
        _sweep(where)
        made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
        lock = _locked(made)
    except OSError as error:
        raise ScratchError(
            f"The scratch folder {where} cannot be used: {error.strerror}. Give one with room for"
            " the whole database."
        ) from error
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def _locked(made: Path) -> int:
    """Lock the folder. The file gets its name when it is locked: until then nobody sweeps it."""
    lock = os.open(made / f"{_LOCK}.new", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    # A file system without locks: then nothing is swept there.
    with contextlib.suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_EX)
        (made / f"{_LOCK}.new").rename(made / _LOCK)
    return lock


def _sweep(where: Path) -> None:
    """Remove what processes left that are no more; what is another account's stays."""
    for left in where.glob(f"{PREFIX}*"):
        # Gone meanwhile, of somebody else, or still held.
        with contextlib.suppress(OSError):
            if left.lstat().st_uid != os.geteuid():
                continue
            lock = os.open(left / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(lock)
