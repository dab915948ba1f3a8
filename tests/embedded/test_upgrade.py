"""Data of another PostgreSQL major is refused, and carried over whole or not at all."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest

from embedded import old
from embedded.processes import HERE, copy_folder, ended
from outlay.embedded import EmbeddedPostgres
from outlay.embedded.claim import Claim
from outlay.embedded.cluster import major_of
from outlay.embedded.errors import OtherVersionError, UpgradeError
from outlay.embedded.folder import Folder
from outlay.embedded.installed import programs_for
from outlay.embedded.sockets import socket_dir
from outlay.embedded.tables import Contents, Endpoint, compare, contents, run_sql
from outlay.embedded.upgrade import serving, upgrade

SUM = "select count(*) || ' ' || sum(amount) || ' ' || max(note) || ' ' || max(id) from expense"
IN_C = "language c as '$libdir/dict_snowball', 'dsnowball_init'"
SUMMED = "3000 31510500 note 999 café 3000"


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder of PostgreSQL 16, the same after every test."""
    home = Path(tempfile.mkdtemp(prefix="outlay-test-"))
    home.chmod(0o755)
    old.make(home / "old")
    yield home / "old"
    shutil.rmtree(home)


@pytest.fixture
def aged(fresh: Path, made: Path) -> Path:
    """A copy of it that may change."""
    copy_folder(made, fresh)
    return fresh


async def summed(data: Path) -> object:
    async with EmbeddedPostgres(data, options={"fsync": "off"}) as server:
        connection = await asyncpg.connect(server.dsn)
        try:
            return await connection.fetchval(SUM)
        finally:
            await connection.close()


def test_data_of_another_major_is_refused_with_the_command_that_helps(made: Path) -> None:
    with pytest.raises(
        OtherVersionError,
        match=r"PostgreSQL 16, .* PostgreSQL 18\. .*`outlay database upgrade --old-bin DIR`",
    ):
        EmbeddedPostgres(made).start()


async def test_an_upgrade_carries_everything_over_and_keeps_the_old_directory(aged: Path) -> None:
    steps: list[str] = []
    done = upgrade(aged, old.bin_dir(), steps.append)
    assert (done.old_major, done.new_major, done.tables, done.rows) == (16, 18, 3, 3012)
    assert done.databases == ("outlay", "second 'one'")
    assert [major_of(done.kept), major_of(aged / "postgres")] == [16, 18]
    assert any("second 'one'" in step for step in steps)
    assert not named(aged, "creating-*")
    assert await summed(aged) == SUMMED
    assert await next_id_and_owner(aged) == (3001, "outlay")


async def next_id_and_owner(data: Path) -> tuple[object, object]:
    async with EmbeddedPostgres(data, options={"fsync": "off"}) as server:
        connection = await asyncpg.connect(server.dsn)
        added = "insert into expense (ledger_id, amount, spent) values (1, 1, now()) returning id"
        owner = "select tableowner from pg_tables where tablename = 'expense'"
        found = await connection.fetchval(added), await connection.fetchval(owner)
        await connection.close()
    return found


async def test_an_upgrade_killed_before_the_swap_leaves_the_old_data_for_the_next(
    aged: Path,
) -> None:
    for moment, number in (("saying", 3), ("before", 2), ("after", 2)):
        kill_upgrade(aged, moment, number)
        with pytest.raises(OtherVersionError):
            EmbeddedPostgres(aged).start()
    upgrade(aged, old.bin_dir())
    assert await summed(aged) == SUMMED


async def test_an_upgrade_killed_in_the_swap_is_completed_by_the_next_start(aged: Path) -> None:
    kill_upgrade(aged, "after", 3)
    assert not (aged / "postgres").exists()
    assert await summed(aged) == SUMMED
    assert [major_of(kept) for kept in named(aged, "postgres-16-*")] == [16]


def named(folder: Path, pattern: str) -> list[Path]:
    return list(folder.glob(pattern))


def kill_upgrade(data: Path, moment: str, number: int) -> None:
    command = [moment, str(number), "upgrade", str(data), str(old.bin_dir())]
    died = subprocess.run([sys.executable, str(HERE / "die.py"), *command], check=False)
    assert died.returncode == -signal.SIGKILL
    assert ended(data)


@contextmanager
def served(data: Path) -> Iterator[Endpoint]:
    """Run the old server, for a change of its data."""
    folder = Folder(data)
    claim = Claim(folder)
    at = Endpoint(programs_for(folder), socket_dir(folder), 5432)
    programs = programs_for(folder, old.bin_dir())
    with serving(programs, folder.cluster, at, claim.server_fd, folder.log):
        yield at
    claim.release()


def test_an_upgrade_that_fails_leaves_the_old_data_in_place(made: Path) -> None:
    with served(made) as at:
        run_sql(at, "outlay", f"create function only_a_superuser_may() returns int {IN_C};")
    with pytest.raises(
        UpgradeError,
        match=r"in place, unchanged, because pg_restore failed(.|\n)*permission denied",
    ):
        upgrade(made, old.bin_dir())
    assert major_of(made / "postgres") == 16
    assert not named(made, "creating-*")
    with served(made) as at:
        run_sql(at, "outlay", "drop function only_a_superuser_may();")


def test_the_programs_of_a_third_major_are_refused(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outlay.embedded.cluster.major_of", lambda _: 15)
    with pytest.raises(UpgradeError, match=r"PostgreSQL 15, but .* PostgreSQL 16\."):
        upgrade(made, old.bin_dir())


def test_a_folder_without_programs_is_refused(made: Path, home: Path) -> None:
    with pytest.raises(UpgradeError, match="holds no `postgres` program"):
        upgrade(made, home)


def test_there_is_nothing_to_upgrade_in_an_empty_or_a_current_folder(
    fresh: Path, data: Path
) -> None:
    with pytest.raises(UpgradeError, match="no data yet"):
        upgrade(fresh, old.bin_dir())
    with pytest.raises(UpgradeError, match="PostgreSQL 18 already"):
        upgrade(data, old.bin_dir())


def test_a_changed_row_or_sequence_is_noticed_though_the_counts_agree(made: Path) -> None:
    with served(made) as at:
        first = contents(at, "second 'one'")
        run_sql(at, "second 'one'", "create sequence numbers; update other set n = n where n > 5;")
        second = contents(at, "second 'one'")
        run_sql(at, "second 'one'", "update other set n = 7 where n = 4;")
        third = contents(at, "second 'one'")
        run_sql(
            at,
            "second 'one'",
            "update other set n = 4 where ctid = (select max(ctid) from other); select nextval('numbers');",
        )
        fourth = contents(at, "second 'one'")
        run_sql(at, "second 'one'", "drop sequence numbers;")
    compare("second 'one'", first, {name: second[name] for name in first})
    with pytest.raises(UpgradeError, match=r"second 'one': table public\.other is not the same"):
        compare("second 'one'", second, third)
    with pytest.raises(UpgradeError, match=r"sequence public\.numbers is not the same"):
        compare("second 'one'", second, fourth)


def test_a_missing_table_is_noticed() -> None:
    table = {"table public.ledger": Contents(2, Decimal(5))}
    with pytest.raises(UpgradeError, match=r"2 rows, checksum 5 before, absent after"):
        compare("outlay", table, {})
