"""A run is found by whoever started it, and the store alone tells how it ended."""

import asyncio
import json
import signal
import subprocess
from pathlib import Path
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from backup.parts import PROGRAM, Owner, backed_up, filled, program, tried
from backup.test_faults import until_waiting
from backup.test_store import KEEPS_ONE, Locked
from outlay_backup import ending, layout, runs
from outlay_backup.errors import RunNotFoundError
from outlay_backup.job import RESULT_BYTES, short
from outlay_backup.model import Check, Result
from outlay_backup.store import Store
from outlay_backup.times import now


async def test_a_run_is_found_by_the_id_that_it_was_started_with(
    dsn: str, store: Store, owner: Owner
) -> None:
    uid = str(uuid4())
    [key] = owner.recipients
    env = {
        "OUTLAY_DATABASE_URL": dsn, "OUTLAY_BACKUP_STORE": store.location,
        "OUTLAY_BACKUP_RECIPIENTS": key, "OUTLAY_BACKUP_RUN_ID": uid.upper(),
        "OUTLAY_BACKUP_CSV": "false", "OUTLAY_BACKUP_VERIFY": "false",
    }  # fmt: skip
    done = await asyncio.to_thread(program, "create", "--json", **env)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["run"].endswith(f"-{uid[:8]}")
    assert made["verified"] is False
    shown = program("show", "--run-id", uid, "--json", OUTLAY_BACKUP_STORE=store.location)
    assert json.loads(shown.stdout) == made
    told = Path(store.location) / "told"
    env = {"OUTLAY_BACKUP_STORE": store.location, "OUTLAY_BACKUP_RESULT_FILE": str(told)}
    gone = program("show", OUTLAY_BACKUP_RUN_ID=str(uuid4()), **env)
    assert gone.returncode == 6
    assert json.loads(told.read_bytes())["reason"] == "BackupNotFound"
    odd = program("show", "--run-id", "no-digits", **env)
    assert (odd.returncode, "is no UID" in odd.stderr) == (2, True)
    assert program("show", **env).returncode == 2


async def test_without_its_result_a_run_is_what_its_objects_say(
    dsn: str, store: Store, owner: Owner
) -> None:
    result = await backed_up(dsn, store, owner, verify=True)
    store.delete([layout.at(result.run, layout.RESULT)])
    told = ending.ending(store, ending.by_name(store, result.run))
    same = (
        "run",
        "started",
        "complete",
        "verified",
        "bytes",
        "tables",
        "rows",
        "location",
        "reason",
    )
    assert {name: getattr(told, name) for name in same} == {
        name: getattr(result, name) for name in same
    }
    store.delete([layout.at(result.run, layout.VERIFIED)])
    told = ending.ending(store, ending.by_name(store, result.run))
    assert (told.complete, told.verified, told.reason) == (True, False, "Unfinished")
    store.delete([layout.at(result.run, layout.MANIFEST)])
    told = ending.ending(store, ending.by_name(store, result.run))
    assert (told.complete, told.verified, told.reason) == (False, False, "Unfinished")
    with pytest.raises(RunNotFoundError):
        ending.by_name(store, "20200101T000000Z-00000000")


async def test_a_run_that_was_killed_has_no_result_and_is_told_as_unfinished(
    dsn: str, store: Store, owner: Owner
) -> None:
    await filled(dsn)
    holding = await asyncpg.connect(dsn)
    await holding.execute("begin; lock table things in access exclusive mode")
    [key] = owner.recipients
    command = [*PROGRAM, "create", "--store", store.location, "--recipient", key]
    process = await asyncio.create_subprocess_exec(
        *command, "--run-id", "ABCDEF01-23", env={"OUTLAY_DATABASE_URL": dsn, "PATH": "/bin"},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    await until_waiting(dsn)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    await holding.close()
    shown = program("show", "--run-id", "abcdef01", "--store", store.location, "--json")
    told = json.loads(shown.stdout)
    assert (told["complete"], told["verified"], told["reason"]) == (False, False, "Unfinished")


async def test_a_failed_check_is_what_the_store_tells_too(
    dsn: str, store: Store, owner: Owner
) -> None:
    bad = {"checks": (Check("odd", "select 1", "2"),)}
    result, failure = await tried(dsn, store, owner, verify=True, trial=bad)
    assert failure is not None
    told = ending.ending(store, ending.by_name(store, result.run))
    assert told == result
    assert (told.complete, told.verified, told.reason) == (True, False, "VerifyFailed")


async def test_retention_tells_what_is_stored_and_a_dry_run_what_would_go(
    dsn: str, store: Store, owner: Owner
) -> None:
    # Two of one second are told apart by their digits.
    one, two, three, four = ({"digits": f"{number:08x}"} for number in range(4))
    first = await backed_up(dsn, store, owner, verify=True, **one)
    assert (first.stored, first.stored_bytes) == (1, size_of(store, first.run, but=layout.RESULT))
    dry = await backed_up(
        dsn, store, owner, verify=True, retention=KEEPS_ONE, prune_dry_run=True, **two
    )  # fmt: skip
    assert (dry.would_remove, dry.removed, dry.stored) == ((first.run,), (), 2)
    locked = Locked(store.opened, store.location, store.folder)
    refused = await backed_up(dsn, locked, owner, verify=True, retention=KEEPS_ONE, **three)
    assert (refused.retention_refused, refused.stored, refused.would_remove) == (True, 3, ())
    last = await backed_up(dsn, store, owner, verify=True, retention=KEEPS_ONE, **four)
    assert set(last.removed) == {first.run, dry.run, refused.run}
    assert (last.stored, last.retention_refused) == (1, False)
    assert [run.name for run in runs.all_runs(store)] == [last.run]


def size_of(store: Store, run: str, *, but: str) -> int:
    [found] = runs.all_runs(store)
    assert found.name == run
    return sum(each.bytes for each in found.objects if not each.path.endswith(but))


def test_hundreds_of_removed_runs_leave_room_for_the_rest() -> None:
    names = tuple(f"20200101T000000Z-{n:08x}" for n in range(400))
    result = Result(
        "run", now(), now(), complete=True, verified=True, removed=names, would_remove=names,
        message="\x01ü\n" * 2000, reason="StoreFailed", location="s3://" + "ü" * 1000,
    )  # fmt: skip
    data = short(result)
    assert len(data) <= RESULT_BYTES
    told = msgspec.json.decode(data, type=Result)
    assert (told.reason, told.removed, told.notes) == (
        "StoreFailed", names[:10], ("Only 10 of 400 runs are named here.",),
    )  # fmt: skip
