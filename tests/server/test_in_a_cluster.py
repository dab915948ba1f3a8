"""What a start, a stop and a new password mean where other processes share the work."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest

from server.cable import cable
from server.conftest import Start
from server.programs import Program
from world import World

ROLE = "lodger"


@dataclass
class Lodger:
    """A role that has to show a password, and the file that the service reads it from."""

    dsn: str
    address: str
    file: Path

    async def takes(self, password: str) -> None:
        await self._as_owner(f"alter role {ROLE} password '{password}'")

    async def cut(self) -> None:
        """End the role's sessions: whoever goes on has to show a password again."""
        await self._as_owner(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            f" where usename = '{ROLE}' and datname = current_database()"
        )

    async def _as_owner(self, sql: str) -> None:
        db = await asyncpg.connect(self.dsn, user="postgres")
        await db.execute(sql)
        await db.close()


def ask_for_a_password(rules: Path) -> None:
    rule = f"local all {ROLE} scram-sha-256\n"
    rules.write_text(rule + rules.read_text().replace(rule, ""))


@pytest.fixture
async def lodger(dsn: str, tmp_path: Path) -> AsyncIterator[Lodger]:
    db = await asyncpg.connect(dsn, user="postgres")
    ask_for_a_password(Path(await db.fetchval("show hba_file")))
    await db.execute("select pg_reload_conf()")
    await db.execute(f"create role {ROLE} login in role pg_read_all_data, pg_write_all_data")
    await db.close()
    made = Lodger(dsn, dsn.replace("outlay@", f"{ROLE}@"), tmp_path / "password")
    yield made
    await made.cut()
    await made._as_owner(f"drop role {ROLE}")


async def listed(program: Program, token: str) -> int:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
        return (await client.get(f"{program.url}/api/v1/ledgers/default/expenses")).status_code


async def listed_in_the_end(program: Program, token: str) -> int:
    """Whose connection was cut a moment ago may be told to try again, and does."""
    for _ in range(5):
        if (status := await listed(program, token)) != 503:
            return status
        await asyncio.sleep(0.5)
    return status


async def test_a_start_waits_for_a_database_that_is_not_there_yet(start: Start, dsn: str) -> None:
    async with cable(dsn) as (wire, address):
        await wire.cut()
        program = await start("serve", database_url=address, database_wait="60")
        await program.wait_for("waiting for the database")
        await wire.mend()
        await program.up()


async def test_migrating_waits_as_well(start: Start, empty: str) -> None:
    async with cable(empty) as (wire, address):
        await wire.cut()
        program = await start("migrate", database_url=address, database_wait="60")
        await program.wait_for("waiting for the database")
        await wire.mend()
        assert await program.ended() == 0


async def test_a_wrong_password_is_not_waited_for(start: Start, lodger: Lodger) -> None:
    await lodger.takes("right")
    lodger.file.write_text("wrong")
    settings = {"database_url": lodger.address, "database_password_file": str(lodger.file)}
    program = await start("serve", database_wait="3600", **settings)
    assert await program.ended() == 3
    assert "password authentication failed" in program.errors


async def test_a_missing_password_is_told_as_the_key_of_its_secret(
    start: Start, dsn: str, tmp_path: Path
) -> None:
    file = tmp_path / "my-secret" / "password"
    settings = {"database_url": dsn, "database_password_file": str(file)}
    program = await start("serve", database_wait="3600", **settings)
    assert await program.ended() == 3
    assert "the key password of the Secret my-secret" in program.errors
    assert "Traceback" not in program.errors


async def test_a_new_password_cuts_nobody_off_before_or_after_the_database_takes_it(
    start: Start, lodger: Lodger, people: World
) -> None:
    ada = await people.person()
    await lodger.takes("first")
    lodger.file.write_text("first")
    settings = {"database_url": lodger.address, "database_password_file": str(lodger.file)}
    program = await (await start("serve", **settings)).up()
    lodger.file.write_text("second")
    await lodger.cut()
    assert await listed_in_the_end(program, ada.token) == 200
    await lodger.takes("second")
    await lodger.cut()
    assert await listed_in_the_end(program, ada.token) == 200
    await lodger.takes("third")
    await lodger.cut()
    red = await program.ready()
    assert (await listed(program, ada.token), red.status_code) == (503, 503)
    lodger.file.write_text("third")
    assert await listed_in_the_end(program, ada.token) == 200


async def test_asked_to_stop_it_serves_on_for_a_while_and_sends_clients_elsewhere(
    start: Start, dsn: str, people: World
) -> None:
    ada = await people.person()
    program = await (await start("serve", database_url=dsn, drain_seconds="300")).up()
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {ada.token}"}) as client:
        place = f"{program.url}/api/v1/ledgers/default/expenses"
        before = await client.get(place)
        program.signal()
        await program.wait_for('"message":"stopping')
        after = await client.get(place)
        gone = await program.ready()
    assert (before.status_code, before.headers.get("connection")) == (200, None)
    assert (after.status_code, after.headers["connection"]) == (200, "close")
    assert (gone.status_code, gone.text) == (503, "Outlay is stopping\n")
    program.signal(signal.SIGINT)
    assert await program.ended() == 0


async def test_the_metrics_say_whether_it_can_serve(start: Start, dsn: str) -> None:
    async with cable(dsn) as (wire, address), httpx.AsyncClient() as client:
        program = await (await start("serve", database_url=address)).up()
        metrics = f"{program.management_url}/metrics"
        green = await client.get(metrics)
        await wire.cut()
        red = await client.get(metrics)
    assert "\noutlay_ready 1.0\n" in green.text
    assert "\noutlay_ready 0.0\n" in red.text
