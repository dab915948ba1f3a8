"""Where the data lies, and who may enter."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from outlay.embedded import EmbeddedPostgres, data_dir
from outlay.embedded.accounts import Account, closed_parent
from outlay.embedded.errors import DataFolderError
from outlay.embedded.logfile import ServerLog


def test_the_default_is_in_the_xdg_data_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "share"))
    assert data_dir(None) == home / "share" / "outlay"
    assert stat.S_IMODE((home / "share" / "outlay").stat().st_mode) == 0o700


def test_a_folder_with_other_files_is_refused_and_left_alone(home: Path) -> None:
    (home / "letter.txt").write_text("mine")
    before = home.stat()
    with pytest.raises(DataFolderError, match=r"not Outlay's.*OUTLAY_DATA_DIR"):
        data_dir(home)
    after = home.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)


def test_an_empty_folder_is_taken_and_known_again(home: Path) -> None:
    assert data_dir(home) == home
    (home / "token").write_text("written by another part of Outlay")
    assert data_dir(home) == home


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(home: Path) -> None:
    (home / "data").write_text("")
    with pytest.raises(DataFolderError, match="cannot be used"):
        data_dir(home / "data")


def test_a_folder_closed_to_the_servers_account_is_found(home: Path) -> None:
    stranger = Account("stranger", os.geteuid() + 4321, os.getegid() + 4321)
    private = home / "private"
    private.mkdir(mode=0o700)
    (private / "deep").mkdir()
    assert closed_parent(private / "deep" / "data", stranger) == private.resolve()
    assert closed_parent(private, stranger) is None
    assert closed_parent(private / "deep" / "data", None) is None


@pytest.mark.parametrize(
    "name", ["a" * 100, 'it\'s a "home", 100%?#', "家計簿 ü"], ids=["long", "odd", "unicode"]
)
async def test_any_folder_name_works(data: Path, name: str) -> None:
    with named(data, name) as folder:
        async with EmbeddedPostgres(folder) as server:
            connection = await asyncpg.connect(server.dsn)
            assert await connection.fetchval("select 1") == 1
            await connection.close()


@contextmanager
def named(data: Path, name: str) -> Iterator[Path]:
    folder = data.rename(data.with_name(name))
    try:
        yield folder
    finally:
        folder.rename(data)


def test_a_socket_folder_outside_is_private_and_removed(data: Path) -> None:
    with named(data, "a" * 100) as folder:
        with EmbeddedPostgres(folder):
            outside = Path((folder / "socket-folder").read_text())
            assert stat.S_IMODE(outside.stat().st_mode) == 0o700
        assert not outside.exists()
        assert not (folder / "socket-folder").exists()


def test_a_killed_outlays_socket_folder_is_removed_by_the_next_start(data: Path, hold) -> None:
    with named(data, "a" * 100) as folder:
        holder = hold(folder)
        assert holder.line().startswith("postgresql://")
        outside = Path((folder / "socket-folder").read_text())
        holder.kill()
        with EmbeddedPostgres(folder):
            assert not outside.exists()


def test_the_log_is_bounded(home: Path) -> None:
    log = ServerLog(home / "postgres.log", size=1000, kept=2)
    for number in range(200):
        log.line(f"line {number} of a long log")
    log.close()
    files = sorted(home.iterdir())
    assert [file.name for file in files] == ["postgres.log", "postgres.log.1", "postgres.log.2"]
    assert all(file.stat().st_size <= 1000 for file in files)
    assert log.tail().endswith("line 199 of a long log")
