"""A throw-away PostgreSQL on a scratch folder: private, without durability, gone with its block."""

import asyncio
import contextlib
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

import asyncpg

from outlay_backup.accounts import Account, account, give
from outlay_backup.database import Database
from outlay_backup.errors import ScratchError
from outlay_backup.programs import Programs, environment, last_lines

SUPERUSER: Final = "postgres"
START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.05
# sockaddr_un.sun_path is 104 bytes on macOS, 108 on Linux; "/.s.PGSQL.5432" and the closing NUL.
_LONGEST: Final = 104 - 15
# Ends the server when this process has gone, however it went: its standard input then ends.
_WATCH: Final = 'read -r _; kill -QUIT "$1"'
_SETTINGS: Final = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "20",
    "jit": "off",
    "logging_collector": "off",
    "log_destination": "stderr",
    "unix_socket_permissions": "0700",
}


@dataclass(frozen=True, slots=True)
class Scratch:
    """A running one; `folder` has room for what is restored into it."""

    database: Database
    programs: Programs
    folder: Path


@asynccontextmanager
async def scratch(programs: Programs, parent: Path | None) -> AsyncIterator[Scratch]:
    """Make and start one below `parent` (the temporary folder by default); remove it at the end."""
    made = await asyncio.to_thread(_make_folder, parent)
    try:
        who = account()
        log = made / "log"
        await asyncio.to_thread(_initialise, programs, made, who)
        sockets = _sockets(made, who)
        server = _start(programs, made, sockets, log, who)
        try:
            database = Database(_url(sockets))
            await _ready(database, server, log)
            yield Scratch(database, programs, made)
        finally:
            await asyncio.shield(asyncio.to_thread(_stop, server))
            if sockets.parent != made:
                shutil.rmtree(sockets, ignore_errors=True)
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, made, ignore_errors=True))


def _make_folder(parent: Path | None) -> Path:
    try:
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="outlay-scratch-", dir=parent))
        made.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise ScratchError(
            f"The scratch folder {parent} cannot be used: {error.strerror}. Give one with room for"
            " the whole database."
        ) from error
    return made


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


def _start(
    programs: Programs, made: Path, sockets: Path, log: Path, who: Account | None
) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    settings = _SETTINGS | {"unix_socket_directories": str(sockets)}
    command = [programs.path("postgres"), "-D", str(made / "data")]
    command += [f"--{name}={value}" for name, value in settings.items()]
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=environment(),
            start_new_session=True,
            user=who.uid if who else None,
            group=who.gid if who else None,
            extra_groups=[] if who else None,
        )
    watch = subprocess.Popen(  # noqa: S603 - a line of shell of our own
        ["/bin/sh", "-c", _WATCH, "outlay-watch", str(server.pid)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    return server, watch


async def _ready(
    database: Database,
    server: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]],
    log: Path,
) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_SECONDS
    while server[0].poll() is None and loop.time() < deadline:
        try:
            connection = await asyncpg.connect(database.url, timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            # Nothing tells of a server that comes up.
            await asyncio.sleep(POLL_SECONDS)
        else:
            await connection.close()
            return
    said = last_lines(await asyncio.to_thread(log.read_text, encoding="utf-8", errors="replace"))
    raise ScratchError(f"A throw-away PostgreSQL did not start: {said}")


def _stop(server: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]) -> None:
    postgres, watch = server
    # Nothing in it is worth a clean end.
    with contextlib.suppress(ProcessLookupError):
        postgres.send_signal(signal.SIGQUIT)
    try:
        postgres.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        postgres.kill()
        postgres.wait()
    watch.kill()
    watch.wait()
    if watch.stdin is not None:
        watch.stdin.close()
