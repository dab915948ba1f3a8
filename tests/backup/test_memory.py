"""A program that is killed from outside, as the kernel does when memory is short, is told as such."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import psutil
import pytest

from backup.parts import Owner, backed_up, filled, tried
from backup.test_faults import until_waiting
from outlay_backup.errors import OutOfMemoryError, RestoreFailedError, ScratchError
from outlay_backup.process import output_of
from outlay_backup.progress import Quiet
from outlay_backup.store import Store
from outlay_backup.verify import OWNERS_KEY, Trial, verify
from waiting import until


def child(name: str, argument: str) -> psutil.Process | None:
    """A program below this process by its name, and something of its arguments."""
    for each in psutil.Process().children(recursive=True):
        try:
            if each.name() == name and any(argument in given for given in each.cmdline()):
                return each
        except psutil.NoSuchProcess:
            continue
    return None


async def test_a_killed_pg_dump_is_probably_out_of_memory(
    dsn: str, store: Store, owner: Owner
) -> None:
    await filled(dsn)
    holding = await asyncpg.connect(dsn)
    await holding.execute("begin; lock table things in access exclusive mode")
    going = asyncio.create_task(tried(dsn, store, owner))
    await until_waiting(dsn)
    dumping = child("pg_dump", "--snapshot")
    assert dumping is not None
    dumping.kill()
    result, failure = await going
    await holding.close()
    assert isinstance(failure, OutOfMemoryError)
    assert (result.complete, result.reason) == (False, "OutOfMemory")
    assert "pg_dump was killed, probably for lack of memory: raise" in result.message


async def test_a_killed_backend_of_the_throw_away_server_is_no_verdict_on_the_backup(
    dsn: str, store: Store, owner: Owner, home: Path
) -> None:
    await filled(dsn)
    db = await asyncpg.connect(dsn)
    # Restoring it takes long enough to be killed meanwhile: its constraint waits.
    await db.execute(
        "create function slow(int) returns boolean immutable language plpgsql as"
        " 'begin perform pg_sleep(0.05); return true; end';"
        "create table waits (n int check (public.slow(n)));"
        "insert into waits select generate_series(1, 20)"
    )
    await db.close()
    run = (await backed_up(dsn, store, owner)).run
    trial = Trial(scratch=home)
    going = asyncio.create_task(
        verify(store, run, [owner.identity], trial, Quiet(), key=OWNERS_KEY)
    )
    found: list[psutil.Process] = []

    def restoring() -> bool:
        server = child("postgres", str(home))
        backends = server.children() if server else []
        found[:] = [each for each in backends if "restored" in " ".join(each.cmdline())]
        return bool(found)

    await until(restoring)
    os.kill(found[0].pid, signal.SIGKILL)
    with pytest.raises(OutOfMemoryError, match="throw-away PostgreSQL was killed"):
        await going
    again = await verify(store, run, [owner.identity], trial, Quiet(), key=OWNERS_KEY)
    assert again.run == run


async def test_a_throw_away_server_that_goes_away_is_told_as_such(
    dsn: str, store: Store, owner: Owner, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = (await backed_up(dsn, store, owner)).run

    async def ended(*_: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError("connection was closed")

    monkeypatch.setattr("outlay_backup.verify.ask", ended)
    with pytest.raises(ScratchError, match="throw-away PostgreSQL failed: connection was closed"):
        await verify(
            store, run, [owner.identity], Trial(scratch=home), Quiet(), key=OWNERS_KEY
        )  # fmt: skip


async def test_a_program_run_to_its_end_that_is_killed_or_fails() -> None:
    with pytest.raises(OutOfMemoryError, match="sh was killed"):
        await output_of(["/bin/sh", "-c", "kill -9 $$"], {}, RestoreFailedError)
    with pytest.raises(RestoreFailedError, match=r"sh failed \(3\): odd"):
        await output_of(["/bin/sh", "-c", "echo odd >&2; exit 3"], {}, RestoreFailedError)
    with pytest.raises(ScratchError, match="none could not be run: No such file"):
        await output_of(["/none"], {}, RestoreFailedError, missing=ScratchError)
    assert await output_of(["/bin/sh", "-c", "echo $A"], {"A": "b"}, RestoreFailedError) == "b\n"
