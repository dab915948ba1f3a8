"""File locks that the kernel gives back when their holders die, however they die."""

import fcntl
import os
import threading
from pathlib import Path


class FileLock:
    """An exclusive flock on a file.

    A child that inherits the descriptor holds the lock too, until its last copy is closed.
    """

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> bool:
        """Take the lock if it is free; never waits."""
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def taken(self) -> threading.Event:
        """Return an event that is set as soon as the lock is ours."""
        event = threading.Event()

        def wait() -> None:
            fcntl.flock(self.fd, fcntl.LOCK_EX)
            event.set()

        threading.Thread(target=wait, name="outlay-lock", daemon=True).start()
        return event

    def note(self, text: str) -> None:
        """Replace the file's text: who holds the lock, for the error of the next one."""
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, text.encode(), 0)

    def read(self) -> str:
        return os.pread(self.fd, 200, 0).decode(errors="replace").strip()

    def release(self) -> None:
        os.close(self.fd)
