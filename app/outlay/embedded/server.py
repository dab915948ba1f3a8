"""The embedded PostgreSQL of one data folder."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from outlay.embedded import cluster
from outlay.embedded.claim import Claim
from outlay.embedded.errors import OtherVersionError, StartError
from outlay.embedded.folder import Folder, data_dir
from outlay.embedded.installed import programs_for
from outlay.embedded.logfile import ServerLog
from outlay.embedded.orphans import remove_leftovers
from outlay.embedded.postmaster import Postmaster, server_arguments
from outlay.embedded.programs import Programs
from outlay.embedded.sockets import clear, dsn, remove_socket_dir, socket_dir
from outlay.embedded.supervisor import Supervisor
from outlay.embedded.swap import finish_swap

# Recovery after a crash replays at most a few hundred MiB of log (max_wal_size).
_START_SECONDS = 300.0
_RESTARTS = 5


class EmbeddedPostgres:
    """PostgreSQL on a Unix socket in a private folder, started and stopped with this process.

    `options` are server settings that win over postgresql.conf, such as {"fsync": "off"} in
    tests. A server that dies (killed, out of memory) is started again at the same address, at most
    five times. `start` and `stop` block; `async with` runs them in a thread.
    """

    def __init__(self, folder: Path, *, options: Mapping[str, str] | None = None) -> None:
        self._folder = Folder(folder.absolute())
        self._options = dict(options or {})
        self._dsn = ""
        self._claim: Claim | None = None
        self._log: ServerLog | None = None
        self._supervisor: Supervisor | None = None

    @property
    def dsn(self) -> str:
        """The address for asyncpg and psql; empty while stopped."""
        return self._dsn

    @property
    def pid(self) -> int | None:
        """The server's process, None while stopped."""
        return self._supervisor.pid if self._supervisor else None

    def start(self) -> str:
        """Start the server, with a new database at the first time, and return its address.

        Raises an EmbeddedError whose message says what to do; nothing is left running then.
        """
        data_dir(self._folder.path)
        claim = self._claim = Claim(self._folder)
        try:
            programs = programs_for(self._folder)
            self._find_data(programs, claim)
            self._dsn = self._launch(programs, claim)
        except OSError as error:
            self.stop()
            raise StartError(
                f"PostgreSQL could not be started in {self._folder.path}: {error.strerror}. Check"
                " the space on its disk and who owns its files."
            ) from error
        except BaseException:
            self.stop()
            raise
        return self._dsn

    def stop(self) -> None:
        """Stop the server; harmless when it does not run. Open transactions are rolled back."""
        self._dsn = ""
        if self._supervisor:
            self._supervisor.stop()
            self._supervisor = None
        if self._log:
            self._log.close()
            self._log = None
        if self._claim:
            remove_socket_dir(self._folder)
            self._claim.release()
            self._claim = None

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

    def _find_data(self, programs: Programs, claim: Claim) -> None:
        target = self._folder.cluster
        finish_swap(self._folder)
        if not target.exists():
            durable = self._options.get("fsync") != "off"
            cluster.create(programs, target, claim.server_fd, durable=durable)
        elif (found := cluster.major_of(target)) != (needed := programs.major()):
            raise OtherVersionError(
                f"The data in {target} was written by PostgreSQL {found}, and this Outlay brings"
                f" PostgreSQL {needed}. Carry it over with `outlay database upgrade --old-bin DIR`,"
                f" where DIR holds the programs of PostgreSQL {found}."
            )

    def _launch(self, programs: Programs, claim: Claim) -> str:
        sockets = socket_dir(self._folder)
        arguments = server_arguments(self._folder.cluster, sockets, self._options)
        log = self._log = ServerLog(self._folder.log)

        def launch() -> Postmaster:
            remove_leftovers(self._folder)
            clear(sockets)
            return Postmaster(programs, arguments, claim.server_fd, log)

        self._supervisor = Supervisor(launch, restarts=_RESTARTS)
        if not self._supervisor.ready(_START_SECONDS):
            raise StartError(
                f"PostgreSQL did not start; its log {self._folder.log} ends with:\n{log.tail()}"
            )
        return dsn(sockets)
