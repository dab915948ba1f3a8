"""A run: what lies in the store afterwards, and what verified means."""

import asyncio
import io
import json
from pathlib import Path

import asyncpg
import pyrage
import pytest
import zstandard

from backup.parts import Owner, backed_up, filled, tried
from outlay_backup import keys, layout, runs
from outlay_backup.database import LOCK
from outlay_backup.errors import (
    BusyError,
    KeyRefusedError,
    OwnedByOtherError,
    ProgramsMissingError,
    VerifyFailedError,
)
from outlay_backup.model import Check, CsvFiles, Result
from outlay_backup.progress import Quiet
from outlay_backup.store import Store
from outlay_backup.verify import OWNERS_KEY, Trial, verify
from waiting import until
from world import World


async def test_a_run_is_stored_restored_compared_and_told(
    world: World, dsn: str, store: Store, owner: Owner
) -> None:
    ada = await world.person()
    await ada.expense("12.50", "=cmd() coffee")
    await filled(dsn)
    result = await backed_up(dsn, store, owner, verify=True, csv=True)
    assert (result.complete, result.verified, result.reason) == (True, True, "")
    [run] = runs.all_runs(store)
    assert (run.name, run.verified, run.bytes) == (result.run, True, result.bytes)
    manifest = runs.manifest(store, run.name)
    things = next(t for t in manifest.contents.tables if t.name == "public.things")
    assert (things.rows, "twice" in things.columns) == (200, False)
    assert manifest.source.server_major == 18
    assert manifest.schema is not None
    assert runs.read(store, layout.at(run.name, layout.RESULT), Result) == result
    assert "=cmd() coffee" in csv_of(store, run.name, "expenses", owner)


def csv_of(store: Store, run: str, table: str, owner: Owner) -> str:
    listed = runs.read(store, layout.at(run, layout.CSV_LIST), CsvFiles)
    assert listed is not None
    assert "users" not in {file.table for file in listed.files}
    sealed = store.get(layout.at(run, layout.csv_of(table)))
    assert sealed is not None
    plain = io.BytesIO()
    pyrage.decrypt_io(io.BytesIO(sealed), plain, [owner.identity])
    text = zstandard.ZstdDecompressor().stream_reader(plain.getvalue()).read().decode("utf-8-sig")
    header, *rows = text.splitlines()
    assert header.startswith("ledger_id,id,")
    assert "'=cmd() coffee" in rows[0]
    return text


async def test_without_the_owner_s_key_nothing_can_be_read(
    dsn: str, store: Store, owner: Owner
) -> None:
    result = await backed_up(dsn, store, owner)
    sealed = store.get(layout.at(result.run, layout.DUMP))
    assert sealed is not None
    assert sealed.startswith(b"age-encryption.org/v1")
    with pytest.raises(KeyRefusedError, match="does not open"):
        await verify(store, result.run, [keys.own()], Trial(), Quiet(), key=OWNERS_KEY)
    assert store.get(layout.at(result.run, layout.DRILL)) is None


async def test_a_drill_with_the_owner_s_key_is_recorded(
    dsn: str, store: Store, owner: Owner
) -> None:
    result = await backed_up(dsn, store, owner)
    assert not runs.all_runs(store)[0].verified
    done = await verify(store, result.run, [owner.identity], Trial(), Quiet(), key=OWNERS_KEY)
    assert done.key == "owner"
    assert json.loads(store.get(layout.at(result.run, layout.DRILL)) or b"")["run"] == result.run
    assert runs.all_runs(store)[0].verified


async def test_counts_are_those_of_the_dump_s_snapshot_while_the_table_changes(
    dsn: str, store: Store, owner: Owner
) -> None:
    await filled(dsn, 2000)
    changing = asyncio.create_task(change(dsn))
    try:
        result = await backed_up(dsn, store, owner, verify=True)
    finally:
        changing.cancel()
        await asyncio.gather(changing, return_exceptions=True)
    assert result.verified
    db = await asyncpg.connect(dsn)
    assert await db.fetchval("select count(*) from things where name = 'late'") > 0
    await db.close()


async def change(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    try:
        while True:
            await db.execute("insert into things (name) values ('late')")
            await db.execute("update things set ratio = ratio + 1 where id = 1")
    finally:
        await db.close()


async def test_own_questions_are_asked_of_the_copy_by_a_role_that_only_reads(
    dsn: str, store: Store, owner: Owner
) -> None:
    await filled(dsn)
    good = (Check("things", "select count(*) from things", "200"),)
    result = await backed_up(dsn, store, owner, verify=True, trial={"checks": good})
    assert result.verified
    for sql in ("select 1", "copy things to program 'true'", "select pg_read_file('/etc/passwd')"):
        bad = (Check("odd", sql, "no"),)
        result, failure = await tried(dsn, store, owner, verify=True, trial={"checks": bad})
        assert isinstance(failure, VerifyFailedError)
        assert (result.complete, result.verified, result.reason) == (True, False, "VerifyFailed")


async def test_two_runs_at_once_exclude_each_other(dsn: str, store: Store, owner: Owner) -> None:
    db = await asyncpg.connect(dsn)
    await db.execute("select pg_advisory_lock($1)", LOCK)
    result, failure = await tried(dsn, store, owner, lock_wait=0.3)
    assert isinstance(failure, BusyError)
    assert not result.complete
    assert runs.all_runs(store) == []
    await db.close()
    both = await asyncio.gather(
        backed_up(dsn, store, owner, lock_wait=60), backed_up(dsn, store, owner, lock_wait=60)
    )
    assert len({each.run for each in both}) == 2
    assert len(runs.all_runs(store)) == 2


async def test_a_run_whose_wait_a_restore_ends_waits_on(
    dsn: str, store: Store, owner: Owner
) -> None:
    db = await asyncpg.connect(dsn)
    await db.execute("select pg_advisory_lock($1)", LOCK)
    run = asyncio.create_task(tried(dsn, store, owner, lock_wait=30))
    ended = """
        select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity
        where application_name = 'outlay-backup' and datname = current_database()
    """
    await until(lambda: db.fetchval(ended))
    await db.close()
    result, failure = await run
    assert failure is None
    assert result.complete


async def test_a_prefix_has_one_owner(dsn: str, store: Store, owner: Owner) -> None:
    await backed_up(dsn, store, owner, whose="one")
    result, failure = await tried(dsn, store, owner, whose="another")
    assert isinstance(failure, OwnedByOtherError)
    assert "belongs to the backups of one, not of another" in result.message
    assert len(runs.all_runs(store)) == 1


async def test_a_server_newer_than_every_pg_dump_is_refused_with_a_sentence(
    dsn: str, store: Store, owner: Owner, old_programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outlay_backup.programs._folders", lambda *_: iter([old_programs]))
    result, failure = await tried(dsn, store, owner)
    assert isinstance(failure, ProgramsMissingError)
    assert "newer (PostgreSQL 18) than every pg_dump here (16." in result.message
    assert "OUTLAY_BACKUP_PROGRAMS" in result.message


async def test_nobody_to_encrypt_to_is_refused_before_anything_is_stored(
    dsn: str, store: Store
) -> None:
    result, failure = await tried(dsn, store, None)
    assert isinstance(failure, KeyRefusedError)
    assert store.entries() == []
    assert result.reason == "KeyRefused"
