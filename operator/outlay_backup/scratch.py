"""A throw-away PostgreSQL on a scratch folder: private, without durability, gone with its block."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from outlay_backup.accounts import Account, account, give
from outlay_backup.database import Database
from outlay_backup.errors import ScratchError
from outlay_backup.process import ended_badly
from outlay_backup.programs import Programs, environment, last_lines
from outlay_backup.scratch_server import Server
from outlay_backup.work_folder import work_folder

SUPERUSER: Final = "postgres"
# sockaddr_un.sun_path is 104 bytes on macOS, 108 on Linux; "/.s.PGSQL.5432" and the closing NUL.
_LONGEST: Final = 104 - 15


@dataclass(frozen=True, slots=True)
class Scratch:
    """A running one; `folder` has room for what is restored into it, `log` is the server's."""

    database: Database
    programs: Programs
    folder: Path
    log: Path


@asynccontextmanager
async def scratch(programs: Programs, parent: Path | None) -> AsyncIterator[Scratch]:
    """Make and start one below `parent` (the temporary folder by default); remove it at the end."""
    with work_folder(parent) as made:
        made.chmod(0o711 if os.geteuid() == 0 else 0o700)
        who = account()
        log = made / "log"
        await asyncio.to_thread(_initialise, programs, made, who)
        sockets = _sockets(made, who)
        server = Server(programs, made / "data", sockets, log, who)
        try:
            database = Database(_url(sockets))
            await server.ready(database.url)
            yield Scratch(database, programs, made, log)
        finally:
            await asyncio.shield(asyncio.to_thread(server.stop))
            if sockets.parent != made:
                shutil.rmtree(sockets, ignore_errors=True)


def _initialise(programs: Programs, made: Path, who: Account | None) -> None:
    data = made / "data"
    data.mkdir(mode=0o700)
    give(data, who)
    arguments = ["--username=" + SUPERUSER, "--auth=trust", "--no-sync", "--no-instructions"]
    done = _run(
        [
            programs.path("initdb"),
            f"--pgdata={data}",
            "--encoding=UTF8",
            "--locale=C",
            *arguments,
        ],
        who,
    )
    if done.returncode != 0:
        if done.returncode == -signal.SIGKILL:
            raise ended_badly("initdb", done.returncode, "", ScratchError)
        raise ScratchError(
            f"A throw-away PostgreSQL could not be made in {made.parent}:"
            f" {last_lines(done.stderr + done.stdout)}"
        )


def _run(command: Sequence[str], who: Account | None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            cwd="/",
            env=environment(),
            user=who.uid if who else None,
            group=who.gid if who else None,
            extra_groups=[] if who else None,
        )
    except OSError as error:
        raise ScratchError(f"{command[0]} could not be run: {error.strerror}.") from error


def _sockets(made: Path, who: Account | None) -> Path:
    inside = made / "run"
    if len(os.fsencode(inside)) <= _LONGEST and "," not in str(inside):
        inside.mkdir(mode=0o700)
    else:
        inside = Path(tempfile.mkdtemp(prefix="outlay-", dir="/tmp"))
    give(inside, who)
    return inside


def _url(sockets: Path) -> str:
    return f"postgresql://{SUPERUSER}@/postgres?host={quote(str(sockets), safe='/')}&port=5432"
