"""The backup program as a process of its own: where it is, and what it is told.

It is never imported (docs/decisions/0005-backups.md). It runs on this terminal, so its progress and
its exit code are its own. Addresses and passwords reach it by environment, never as arguments.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from outlay.cli.errors import CannotStartError
from outlay.cli.output import note
from outlay.embedded import EmbeddedPostgres, data_dir
from outlay.embedded.errors import AlreadyRunningError
from outlay.embedded.folder import Folder, default_dir
from outlay.embedded.installed import programs_for
from outlay.embedded.sockets import running_dsn
from outlay.settings import Settings

_PROGRAM: Final = ("outlay_backup", "obstore", "pyrage", "zstandard")
_MISSING: Final = (
    "This environment cannot make backups. Install what they need with"
    " `pip install 'outlay[backup]'`."
)


@dataclass(frozen=True, slots=True)
class Database:
    """The database that is meant, as the backup program is told of it."""

    env: dict[str, str] = field(default_factory=dict)
    # Of the embedded one: where its data lies.
    folder: Path | None = None

    def free_bytes(self) -> list[str]:
        """What is free on the disk of the data, where that is this machine's."""
        if self.folder is None:
            return []
        return ["--free-bytes", str(shutil.disk_usage(self.folder).free)]


def default_store(settings: Settings) -> Path:
    """The folder for backups of whoever chose none: beside the data, not inside it."""
    folder = (settings.data_dir or default_dir()).expanduser().absolute()
    return folder.with_name(f"{folder.name}-backups")


def default_key() -> Path:
    """The file of the key of whoever chose none."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    config = Path(home) if Path(home).is_absolute() else Path.home() / ".config"
    return config / "outlay" / "backup-key.txt"


def run(arguments: Sequence[str], env: dict[str, str]) -> int:
    """Run the program on this terminal; return its exit code."""
    with subprocess.Popen(_command(arguments), env=os.environ | env) as process:  # noqa: S603 - our own
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # The terminal interrupts both; the program ends what it began first.
                continue


def recipient(key: Path) -> str:
    """Return the public key of a key file, which is made if it is not there."""
    asked = subprocess.run(  # noqa: S603 - our own
        _command(["key", str(key), "--json"]), capture_output=True, text=True, check=False
    )
    if asked.returncode != 0:
        raise CannotStartError(asked.stderr.strip().removeprefix("Error: "))
    answer = json.loads(asked.stdout)
    if answer["made"]:
        note(
            f"Made the key {key}. Keep a copy of it away from this machine: without it no backup can"
            " be opened."
        )
    return str(answer["recipient"])


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """The database of the settings; an embedded one is started unless it runs already."""
    if settings.database_url is not None:
        env = {"OUTLAY_DATABASE_URL": settings.database_url}
        if settings.database_password_file is not None:
            env["OUTLAY_DATABASE_PASSWORD_FILE"] = str(settings.database_password_file)
        yield Database(env)
        return
    folder = Folder(data_dir(settings.data_dir))
    postgres = EmbeddedPostgres(folder.path)
    try:
        dsn = _started(postgres, folder)
        env = {
            "OUTLAY_DATABASE_URL": dsn,
            "OUTLAY_BACKUP_PROGRAMS": str(programs_for(folder).folder),
        }
        yield Database(env, folder.path)
    finally:
        postgres.stop()


def _started(postgres: EmbeddedPostgres, folder: Folder) -> str:
    try:
        return postgres.start()
    except AlreadyRunningError:
        running = running_dsn(folder)
        if running is None:
            raise
        return running


def _command(arguments: Sequence[str]) -> list[str]:
    if any(importlib.util.find_spec(name) is None for name in _PROGRAM):
        raise CannotStartError(_MISSING)
    return [sys.executable, "-m", "outlay_backup", *arguments]
