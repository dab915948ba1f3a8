"""The process of a throw-away server: started, ready, ended."""

import asyncio
import contextlib
import signal
import subprocess
from pathlib import Path
from typing import Final

import asyncpg

from outlay_backup.accounts import Account
from outlay_backup.errors import ScratchError
from outlay_backup.programs import Programs, environment, last_lines

START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.05
# Ends the server when this process has gone, however it went: its standard input then ends.
_WATCH: Final = 'read -r _; kill -QUIT "$1"'
# Nothing in it has to outlive anything.
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


class Server:
    """PostgreSQL on `data`, listening in the folder `sockets` only."""

    def __init__(
        self, programs: Programs, data: Path, sockets: Path, log: Path, who: Account | None
    ) -> None:
        settings = _SETTINGS | {"unix_socket_directories": str(sockets)}
        command = [programs.path("postgres"), "-D", str(data)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        self._log = log
        with log.open("wb") as output:
            self._postgres = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
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
        self._watch = subprocess.Popen(  # noqa: S603 - a line of shell of our own
            ["/bin/sh", "-c", _WATCH, "outlay-watch", str(self._postgres.pid)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    async def ready(self, url: str) -> None:
        """Wait until it takes connections; ScratchError with its last words when it does not."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + START_SECONDS
        while self._postgres.poll() is None and loop.time() < deadline:
            try:
                connection = await asyncpg.connect(url, timeout=5)
            except (OSError, asyncpg.PostgresError, TimeoutError):
                # Nothing tells of a server that comes up.
                await asyncio.sleep(POLL_SECONDS)
            else:
                await connection.close()
                return
        text = await asyncio.to_thread(self._log.read_text, encoding="utf-8", errors="replace")
        raise ScratchError(f"A throw-away PostgreSQL did not start: {last_lines(text)}")

    def stop(self) -> None:
        """End it at once: nothing in it is worth a clean end."""
        with contextlib.suppress(ProcessLookupError):
            self._postgres.send_signal(signal.SIGQUIT)
        try:
            self._postgres.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._postgres.kill()
            self._postgres.wait()
        self._watch.kill()
        self._watch.wait()
        if self._watch.stdin is not None:
            self._watch.stdin.close()
