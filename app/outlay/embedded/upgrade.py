"""Carries the data of another PostgreSQL major over to the one that this Outlay brings."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from outlay.embedded import cluster
from outlay.embedded.accounts import give
from outlay.embedded.claim import Claim
from outlay.embedded.errors import ProgramError, StartError, UpgradeError
from outlay.embedded.folder import Folder, data_dir
from outlay.embedded.installed import programs_for
from outlay.embedded.logfile import ServerLog
from outlay.embedded.postmaster import Postmaster, server_arguments
from outlay.embedded.programs import Programs
from outlay.embedded.sockets import socket_dir
from outlay.embedded.supervisor import Supervisor
from outlay.embedded.swap import finish_swap, swap
from outlay.embedded.tables import Endpoint, compare, contents, databases, run_sql

_OLD_PORT = 5432
_NEW_PORT = 5433
_START_SECONDS = 300.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did; `kept` is the old data directory, to be deleted by its owner."""

    old_major: int
    new_major: int
    databases: tuple[str, ...]
    tables: int
    rows: int
    kept: Path


def upgrade(folder_path: Path, old_bin: Path, say: Say = lambda _: None) -> Upgraded:
    """Dump the data with the old server, restore, compare every table, then swap the directories.

    `old_bin` holds the programs of the major that wrote the data; `say` is told each step. All
    databases are carried over, owned by the role `outlay`; other roles and their grants are not.
    Needs free space for the data once more. Raises an EmbeddedError, after which, as after a kill
    at any point, the old data is in place and whole.
    """
    folder = Folder(data_dir(folder_path))
    claim = Claim(folder)
    try:
        finish_swap(folder)
        old, new = _programs(folder, old_bin)
        return _Upgrade(folder, old, new, claim, say).run()
    except ProgramError as error:
        raise UpgradeError(f"The old data is in place, unchanged, because {error}") from error
    finally:
        cluster.remove_unfinished(folder.path)
        claim.release()


def _programs(folder: Folder, old_bin: Path) -> tuple[Programs, Programs]:
    if not folder.cluster.exists():
        raise UpgradeError(f"{folder.path} holds no data yet: there is nothing to carry over.")
    if not (old_bin / "postgres").is_file():
        raise UpgradeError(
            f"{old_bin} holds no `postgres` program. Give the folder with the programs of the old"
            " PostgreSQL, such as /usr/lib/postgresql/17/bin."
        )
    old, new = programs_for(folder, old_bin.absolute()), programs_for(folder)
    found = cluster.major_of(folder.cluster)
    if found == new.major():
        raise UpgradeError(f"The data is of PostgreSQL {found} already: nothing to carry over.")
    if found != old.major():
        raise UpgradeError(
            f"The data was written by PostgreSQL {found}, but {old_bin} holds PostgreSQL"
            f" {old.major()}. Give the folder with the programs of PostgreSQL {found}."
        )
    return old, new


@dataclass(frozen=True, slots=True)
class _Upgrade:
    folder: Folder
    old: Programs
    new: Programs
    claim: Claim
    say: Say

    def run(self) -> Upgraded:
        work = Path(tempfile.mkdtemp(prefix=cluster.BEGUN, dir=self.folder.path))
        give(work, self.new.account)
        target = work / "postgres"
        majors = cluster.major_of(self.folder.cluster), self.new.major()
        self.say(f"Making a data directory of PostgreSQL {majors[1]}")
        cluster.create(self.new, target, self.claim.server_fd, durable=True)
        names, tables, rows = self._carry(work, target)
        self.say("Putting the new data directory in place")
        kept = swap(self.folder, target)
        return Upgraded(*majors, names, tables, rows, kept)

    def _carry(self, work: Path, target: Path) -> tuple[tuple[str, ...], int, int]:
        sockets = socket_dir(self.folder)
        before = Endpoint(self.new, sockets, _OLD_PORT)
        after = Endpoint(self.new, sockets, _NEW_PORT)
        fd = self.claim.server_fd
        tables = rows = 0
        with (
            serving(self.old, self.folder.cluster, before, fd, self.folder.log),
            serving(self.new, target, after, fd, self.folder.log),
        ):
            names = databases(before)
            for name in names:
                self.say(f"Carrying over the database {name}")
                self._copy(name, before, after, work / "dump")
                expected = contents(before, name)
                compare(name, expected, contents(after, name))
                found = [was for kind, was in expected.items() if kind.startswith("table ")]
                tables += len(found)
                rows += sum(table.rows for table in found)
        return names, tables, rows

    def _copy(self, name: str, before: Endpoint, after: Endpoint, dump: Path) -> None:
        if name != cluster.DATABASE:
            run_sql(after, "postgres", f"create database {_quoted(name)} owner {cluster.ROLE};")
        source = ["--format=custom", "--compress=1", f"--file={dump}", "--no-owner"]
        self.new.run("pg_dump", [*before.options(name), *source, "--no-privileges"])
        restore = ["--exit-on-error", "--no-owner", f"--role={cluster.ROLE}", str(dump)]
        self.new.run("pg_restore", [*after.options(name), *restore])
        run_sql(after, name, "analyze;")
        dump.unlink()


@contextlib.contextmanager
def serving(programs: Programs, data: Path, at: Endpoint, fd: int, log: Path) -> Iterator[None]:
    """Run a server on `data` that listens at `at`; `fd` is the folder's server lock."""
    lines = ServerLog(log)
    arguments = server_arguments(data, at.sockets, {}, at.port)
    server = Supervisor(lambda: Postmaster(programs, arguments, fd, lines), restarts=0)
    try:
        if not server.ready(_START_SECONDS):
            raise StartError(f"PostgreSQL {programs.version()} did not start:\n{lines.tail()}")
        yield
    finally:
        server.stop()
        lines.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
