"""What breaks on the way: told by its name, and nothing counts that was not restored whole."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from backup.parts import PROGRAM, Owner, backed_up, filled, program, tried
from outlay_backup import layout, programs, runs
from outlay_backup.errors import (
    DamagedError,
    DatabaseDeniedError,
    DatabaseUnreachableError,
    DeadlineError,
    DumpFailedError,
    ProgramsMissingError,
)
from outlay_backup.job import RESULT_BYTES, short
from outlay_backup.model import Result
from outlay_backup.progress import Quiet
from outlay_backup.scratch import Scratch, scratch
from outlay_backup.store import Store
from outlay_backup.times import now
from outlay_backup.verify import OWNERS_KEY, Trial, verify
from outlay_backup.work_folder import work_folder
from waiting import until


@pytest.fixture
async def own_server(embedded_programs: Path) -> AsyncIterator[Scratch]:
    """A server that may be broken."""
    async with scratch(programs.find(18, [embedded_programs]), None) as server:
        yield server


def dump_of(store: Store, run: str) -> Path:
    assert store.folder is not None
    return store.folder / layout.at(run, layout.DUMP)


async def test_one_byte_flipped_or_the_end_cut_off_is_found(
    dsn: str, store: Store, owner: Owner
) -> None:
    await filled(dsn)
    run = (await backed_up(dsn, store, owner)).run
    whole = dump_of(store, run).read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for damaged in (flipped, whole[:-1], whole[:middle], b"", whole + b"x"):
        dump_of(store, run).write_bytes(damaged)
        with pytest.raises(DamagedError, match="is not what was stored"):
            await verify(store, run, [owner.identity], Trial(), Quiet(), key=OWNERS_KEY)
    assert not runs.all_runs(store)[0].verified
    dump_of(store, run).write_bytes(whole)
    await verify(store, run, [owner.identity], Trial(), Quiet(), key=OWNERS_KEY)


async def test_damage_between_upload_and_verify_makes_the_run_complete_and_not_verified(
    dsn: str, store: Store, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Store.put

    def put_and_damage(self: Store, path: str, data: bytes) -> None:
        put(self, path, data)
        if path.endswith(layout.MANIFEST):
            dump = dump_of(self, path.partition("/")[0])
            dump.write_bytes(dump.read_bytes()[:-7])

    monkeypatch.setattr(Store, "put", put_and_damage)
    result, failure = await tried(dsn, store, owner, verify=True)
    assert isinstance(failure, DamagedError)
    assert (result.complete, result.verified, result.reason) == (True, False, "BackupDamaged")


async def test_a_server_that_goes_down_in_the_middle_of_a_dump(
    own_server: Scratch, store: Store, owner: Owner
) -> None:
    dsn = own_server.database.url
    await filled(dsn)
    holding = await asyncpg.connect(dsn)
    await holding.execute("begin; lock table things in access exclusive mode")
    going = asyncio.create_task(tried(dsn, store, owner))
    await until_waiting(dsn)
    postmaster = int((own_server.folder / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGINT)
    result, failure = await going
    assert isinstance(failure, DumpFailedError | DatabaseUnreachableError), failure
    assert (result.complete, result.reason) == (False, failure.reason)
    assert runs.all_runs(store)[0].complete is False
    holding.terminate()


async def until_waiting(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    waiting = "select count(*) > 0 from pg_stat_activity where wait_event_type = 'Lock'"
    try:
        await until(lambda: db.fetchval(waiting))
    finally:
        db.terminate()


async def test_a_run_past_its_deadline_is_ended_and_told(
    dsn: str, store: Store, owner: Owner
) -> None:
    await filled(dsn)
    holding = await asyncpg.connect(dsn)
    await holding.execute("begin; lock table things in access exclusive mode")
    result, failure = await tried(dsn, store, owner, deadline=8)
    assert isinstance(failure, DeadlineError)
    assert (result.complete, result.reason) == (False, "DeadlineExceeded")
    await holding.close()


async def test_a_stopped_run_says_so_and_leaves_no_program_behind(
    dsn: str, store: Store, owner: Owner, tmp_path: Path
) -> None:
    await filled(dsn)
    holding = await asyncpg.connect(dsn)
    await holding.execute("begin; lock table things in access exclusive mode")
    told = tmp_path / "result"
    [key] = owner.recipients
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "create", "--store", store.location, "--recipient", key,
        "--result-file", str(told), env={**os.environ, "OUTLAY_DATABASE_URL": dsn},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    await until_waiting(dsn)
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 130
    assert json.loads(told.read_bytes())["reason"] == "Stopped"
    left = "select count(*) = 0 from pg_stat_activity where application_name ~ 'backup|pg_dump' and datname = current_database()"
    # Not by the session that holds the lock: a transaction sees one picture of the sessions.
    looking = await asyncpg.connect(dsn)
    await until(lambda: looking.fetchval(left))
    await looking.close()
    await holding.close()


async def test_a_run_killed_in_the_middle_is_never_listed_as_a_backup(
    dsn: str, store: Store, owner: Owner
) -> None:
    await filled(dsn)
    holding = await asyncpg.connect(dsn)
    await holding.execute("begin; lock table things in access exclusive mode")
    [key] = owner.recipients
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "create", "--store", store.location, "--recipient", key,
        "--owner", "the tests", env={**os.environ, "OUTLAY_DATABASE_URL": dsn}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    await until_waiting(dsn)
    process.kill()
    await process.wait()
    await holding.close()
    assert [run.complete for run in runs.all_runs(store)] == [False]
    assert (await backed_up(dsn, store, owner)).complete


async def test_what_a_killed_verify_left_in_plain_text_goes_with_the_next_run(
    dsn: str, store: Store, owner: Owner, home: Path
) -> None:
    await filled(dsn)
    run = (await backed_up(dsn, store, owner)).run
    key = owner.key_file(home)
    command = [*PROGRAM, "verify", run, "--store", store.location, "--key", str(key)]
    process = await asyncio.create_subprocess_exec(
        *command, "--scratch", str(home / "scratch"), stderr=subprocess.DEVNULL
    )
    await until(lambda: any((home / "scratch").glob("*/run/.s.PGSQL.5432")))
    [pid] = (home / "scratch").glob("*/data/postmaster.pid")
    server = int(pid.read_text().split()[0])
    process.kill()
    await process.wait()
    await until(lambda: has_ended(server))
    assert len(list((home / "scratch").iterdir())) == 1
    await verify(
        store, run, [owner.identity], Trial(scratch=home / "scratch"), Quiet(), key=OWNERS_KEY
    )
    assert list((home / "scratch").iterdir()) == []


def has_ended(pid: int) -> bool:
    """Whether it is gone, or only waits to be buried by whoever adopted it."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_two_at_once_leave_each_other_s_folders_alone(home: Path) -> None:
    with work_folder(home) as first, work_folder(home) as second:
        assert first.is_dir()
        assert second.is_dir()
    assert list(home.iterdir()) == []


async def test_a_database_of_16_is_dumped_by_16_and_refused_where_only_18_is(
    old_programs: Path, store: Store, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scratch(programs.find(16, [old_programs]), None) as server:
        await filled(server.database.url)
        result = await backed_up(
            server.database.url, store, owner, verify=True, programs=[old_programs],
            trial={"programs": (old_programs,)},
        )  # fmt: skip
        manifest = runs.manifest(store, result.run)
        assert (manifest.source.server_major, manifest.client_version[:3]) == (16, "16.")
        assert result.verified
        result, failure = await tried(server.database.url, store, owner)
    assert isinstance(failure, ProgramsMissingError)
    assert "PostgreSQL 16, and its pg_dump is not here (found: 18." in result.message


async def test_a_database_that_is_not_there_or_lets_nobody_in(
    own_server: Scratch, store: Store, owner: Owner, tmp_path: Path
) -> None:
    result, failure = await tried("postgresql://x@127.0.0.1:1/x", store, owner)
    assert isinstance(failure, DatabaseUnreachableError)
    assert "OUTLAY_DATABASE_URL" in result.message
    hba = own_server.folder / "data" / "pg_hba.conf"
    hba.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    db = await asyncpg.connect(own_server.database.url)
    await db.execute("create role shy login password 'right'; select pg_reload_conf()")
    await db.close()
    url = own_server.database.url.replace("postgres@", "shy:wr0ng@", 1)
    result, failure = await tried(url, store, owner)
    assert isinstance(failure, DatabaseDeniedError)
    assert "wr0ng" not in result.message


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode,
    reason="this machine lets nobody make a file system of their own",
)
async def test_a_full_destination_is_told_as_such(dsn: str, owner: Owner, tmp_path: Path) -> None:
    await filled(dsn, 20000)
    place = tmp_path / "small"
    place.mkdir()
    told = tmp_path / "result"
    [key] = owner.recipients
    script = 'mount -t tmpfs -o size=300k none "$0" && exec "$@"'
    who = "-m" if os.geteuid() == 0 else "-Urm"
    command = ["unshare", who, "sh", "-c", script, str(place), *PROGRAM, "create", "--store"]
    command += [str(place), "--recipient", key, "--no-verify", "--result-file", str(told)]
    env = {**os.environ, "OUTLAY_DATABASE_URL": dsn}
    done = await asyncio.to_thread(
        subprocess.run, command, env=env, capture_output=True, check=False, text=True
    )
    assert done.returncode == 1, done.stderr
    result = json.loads(told.read_bytes())
    assert (result["complete"], result["reason"]) == (False, "StoreFull")
    assert "is full" in done.stderr


async def test_a_role_that_may_not_read_everything_is_told_what_it_needs(
    own_server: Scratch, store: Store, owner: Owner
) -> None:
    await filled(own_server.database.url)
    db = await asyncpg.connect(own_server.database.url)
    await db.execute("create role narrow login")
    await db.close()
    url = own_server.database.url.replace("postgres@", "narrow@", 1)
    result, failure = await tried(url, store, owner)
    assert isinstance(failure, DatabaseDeniedError | DumpFailedError)
    assert "permission denied for table things" in result.message
    assert not result.complete


async def test_a_long_message_still_fits_a_termination_message() -> None:
    long = Result("run", now(), now(), complete=False, verified=False, message="ü" * 9000,
                  notes=("n" * 5000,))  # fmt: skip
    assert len(short(long)) <= RESULT_BYTES
    assert json.loads(short(long))["message"].startswith("ü")


def test_the_database_s_address_is_never_an_argument(tmp_path: Path) -> None:
    arguments = ["create", "--store", str(tmp_path), "--recipient", "age1x"]
    done = program(*arguments, "--database-url", "postgresql://u:p@h/d")
    assert done.returncode == 2
    assert "set OUTLAY_DATABASE_URL" in done.stderr
    done = program(*arguments)
    assert done.returncode == 2
    assert "Set OUTLAY_DATABASE_URL" in done.stderr


def test_errors_end_with_their_exit_code_and_one_sentence(tmp_path: Path) -> None:
    done = program("list", "--store", str(tmp_path / "gone"))
    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr.startswith("Error: There is no folder")
