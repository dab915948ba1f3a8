"""Outlays and servers as processes of their own, to be killed and looked for."""

import subprocess
import sys
from pathlib import Path

import psutil

from outlay.embedded.locks import FileLock

HERE = Path(__file__).parent


class Holder:
    """Another process that runs an embedded server (hold.py)."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "hold.py"), str(data), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def children(self) -> list[psutil.Process]:
        """The server's processes and the watcher."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def ended(folder: Path, seconds: float = 60) -> bool:
    """Wait until no PostgreSQL process of the data folder lives; its lock is free then."""
    lock = FileLock(folder / "postgres.lock")
    try:
        return lock.taken().wait(seconds)
    finally:
        lock.release()


def servers(folder: Path) -> list[psutil.Process]:
    """The running postmasters of a data folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "-D" in command and str(folder / "postgres") in command:
            found.append(process)
    return found


def copy_folder(source: Path, target: Path) -> None:
    """Copy a data folder with its owners, which shutil does not keep."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
