"""The embedded PostgreSQL of one data folder."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from outlay.embedded import cluster, orphans
from outlay.embedded.errors import AlreadyRunningError, OtherVersionError, StartError
from outlay.embedded.folder import Folder, data_dir
from outlay.embedded.installed import programs_for
from outlay.embedded.locks import FileLock
from outlay.embedded.logfile import ServerLog
from outlay.embedded.postmaster import Postmaster
from outlay.embedded.programs import Programs
from outlay.embedded.sockets import dsn, socket_dir

_logger = logging.getLogger("outlay.embedded")

# Recovery after a crash replays at most a few hundred MiB of log (max_wal_size).
_START_SECONDS = 300.0
_FAST_SECONDS = 60.0
_IMMEDIATE_SECONDS = 20.0
_RESTARTS = 5


class EmbeddedPostgres:
    """PostgreSQL on a Unix socket in a private folder, started and stopped with this process.

    `options` are server settings that win over postgresql.conf, such as {"fsync": "off"} in
    tests. A server that dies (killed, out of memory) is started again at the same address, at most
    five times. `start` and `stop` block; `async with` runs them in a thread.
    """

    def __init__(self, folder: Path, *, options: Mapping[str, str] | None = None) -> None:
        self._folder = Folder(folder)
        self._options = dict(options or {})
        self._dsn = ""
        self._ending = threading.Lock()
        self._stopping = False
        self._restarts = 0
        self._locks: list[FileLock] = []
        self._log: ServerLog | None = None
        self._postmaster: Postmaster | None = None
        self._follower: threading.Thread | None = None

    @property
    def dsn(self) -> str:
        """The address for asyncpg and psql; empty while stopped."""
        return self._dsn

    @property
    def pid(self) -> int | None:
        """The server's process, None while stopped."""
        return self._postmaster.pid if self._postmaster else None

    def start(self) -> str:
        """Start the server, with a new database at the first time, and return its address.

        Raises an EmbeddedError whose message says what to do; nothing is left running then.
        """
        data_dir(self._folder.path)
        self._stopping, self._restarts = False, 0
        try:
            lock = self._claim()
            programs = programs_for(self._folder)
            self._prepare(programs, lock)
            self._launch(programs, lock)
        except BaseException:
            self.stop()
            raise
        return self._dsn

    def stop(self) -> None:
        """Stop the server; harmless when it does not run. Open transactions are rolled back."""
        with self._ending:
            self._stopping = True
        self._dsn = ""
        if self._follower:
            self._end(self._follower)
        self._postmaster = self._follower = None
        if self._log:
            self._log.close()
            self._log = None
        while self._locks:
            self._locks.pop().release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.stop)

    def _claim(self) -> FileLock:
        owner = FileLock(self._folder.owner_lock)
        self._locks.append(owner)
        if not owner.take():
            raise AlreadyRunningError(
                f"Outlay already runs on {self._folder.path} (process {owner.read()}). Use that"
                " one, stop it, or set OUTLAY_DATA_DIR to another folder."
            )
        owner.note(f"{os.getpid()}\n")
        server = FileLock(self._folder.server_lock)
        self._locks.append(server)
        orphans.end_server(self._folder, server)
        return server

    def _prepare(self, programs: Programs, lock: FileLock) -> None:
        orphans.remove_leftovers(self._folder)
        target = self._folder.cluster
        if not target.exists():
            durable = self._options.get("fsync") != "off"
            cluster.create(programs, target, lock.fd, durable=durable)
        elif (found := cluster.major_of(target)) != (needed := programs.major()):
            raise OtherVersionError(
                f"The data in {target} was written by PostgreSQL {found}, and this Outlay brings"
                f" PostgreSQL {needed}. Carry it over with `outlay database upgrade --old-bin DIR`,"
                f" where DIR holds the programs of PostgreSQL {found}."
            )

    def _launch(self, programs: Programs, lock: FileLock) -> None:
        sockets = socket_dir(self._folder)
        arguments = self._arguments(sockets)
        self._log = ServerLog(self._folder.log)
        first = self._postmaster = Postmaster(programs, arguments, lock.fd, self._log)

        def follow() -> None:
            running = first
            while True:
                status = running.follow()
                with self._ending:
                    if self._stopping or not self._may_restart(running, status):
                        return
                    orphans.remove_leftovers(self._folder)
                    running = Postmaster(programs, arguments, lock.fd, log)
                    self._postmaster = running

        log = self._log
        self._follower = threading.Thread(target=follow, name="outlay-postgres", daemon=True)
        self._follower.start()
        if not first.ready(_START_SECONDS):
            raise StartError(
                f"PostgreSQL did not start; its log {self._folder.log} ends with:\n"
                + "\n".join(log.last)
            )
        self._dsn = dsn(sockets)

    def _may_restart(self, ended: Postmaster, status: int) -> bool:
        if not ended.was_ready:
            return False
        self._restarts += 1
        again = self._restarts <= _RESTARTS
        _logger.error(
            "PostgreSQL ended by itself (status %d); %s",
            status,
            "starting it again" if again else "giving up",
        )
        return again

    def _arguments(self, sockets: Path) -> list[str]:
        settings = self._options | {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
            "log_destination": "stderr",
            "lc_messages": "C",
        }
        return [
            "-D",
            str(self._folder.cluster),
            *(f"--{name}={value}" for name, value in settings.items()),
        ]

    def _end(self, follower: threading.Thread) -> None:
        for how, seconds in ((signal.SIGINT, _FAST_SECONDS), (signal.SIGQUIT, _IMMEDIATE_SECONDS)):
            if self._postmaster:
                self._postmaster.ask_to_end(how)
            follower.join(seconds)
            if not follower.is_alive():
                return
        raise StartError(f"PostgreSQL (process {self.pid}) does not end; end it by hand.")
