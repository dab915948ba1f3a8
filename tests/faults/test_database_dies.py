"""PostgreSQL is killed, frozen or throws everybody out; the service answers, and heals by itself."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import psutil

from faults.conftest import Start
from faults.home import LIST, Home
from faults.load import Load, load, nothing_is_lost
from outlay.embedded import EmbeddedPostgres
from server.programs import Program


@asynccontextmanager
async def down(postgres: EmbeddedPostgres) -> AsyncIterator[None]:
    """The server killed outright, and started again at the end of the block."""
    postgres._supervisor._restarts = 0
    os.kill(postgres.pid, signal.SIGKILL)
    address = postgres.dsn
    try:
        yield
    finally:
        await asyncio.to_thread(postgres.stop)
        assert await asyncio.to_thread(postgres.start) == address


@asynccontextmanager
async def frozen(postgres: EmbeddedPostgres) -> AsyncIterator[None]:
    """Every process of the server stopped in its tracks, and let go on at the end of the block."""
    main = psutil.Process(postgres.pid)
    processes = [main, *main.children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


async def turned(program: Program, status: int) -> str:
    """Ask for readiness until it is that, and return its sentence."""
    async with asyncio.timeout(30):
        while (told := await program.ready()).status_code != status:
            continue
    return told.text


async def only_waited(made: Load, program: Program) -> None:
    """Nobody was told anything but to wait, nobody was cut off, and nothing surprised the program."""
    assert await turned(program, 200) == "ready\n"
    program.signal()
    assert await program.ended() == 0
    assert [line for line in program.lines if '"message":"unexpected' in line] == []
    assert set(made.statuses) <= {200, 201, 503}
    assert made.odd == []
    assert not made.cut


async def test_a_killed_server_makes_everybody_wait_and_loses_nothing(
    postgres: EmbeddedPostgres, home: Home, start: Start
) -> None:
    program = await start()
    async with load(home, program.url) as made:
        await made.until(kept=100)
        async with down(postgres):
            await made.until_status(503)
            assert "cannot be reached" in await turned(program, 503)
        await made.until(kept=50)
    await only_waited(made, program)
    await nothing_is_lost(made)


async def test_a_killed_backend_takes_all_connections_along_and_nothing_else(
    postgres: EmbeddedPostgres, home: Home, start: Start
) -> None:
    program = await start()
    async with load(home, program.url) as made:
        await made.until(kept=50)
        for _ in range(2):
            os.kill(await backend(home), signal.SIGKILL)
            await made.until_status(503)
            await made.until(kept=50)
    await only_waited(made, program)
    await nothing_is_lost(made)


async def backend(home: Home) -> int:
    """The process behind one of the service's connections."""
    async with home.opened() as db:
        return await db.fetchval(
            "select pid from pg_stat_activity where application_name = 'outlay'"
            " and datname = current_database() limit 1"
        )


async def test_connections_that_are_all_ended_are_made_anew(home: Home, start: Start) -> None:
    program = await start()
    async with load(home, program.url) as made:
        await made.until(kept=50)
        for _ in range(3):
            async with home.opened() as db:
                await db.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
            await made.until(kept=50)
    await only_waited(made, program)
    await nothing_is_lost(made)


async def test_a_frozen_server_keeps_nobody_for_long(
    postgres: EmbeddedPostgres, home: Home, start: Start
) -> None:
    program = await start(request_timeout="1", statement_timeout="1", database_pool="4")
    async with httpx.AsyncClient(base_url=program.url, headers=home.headers, timeout=20) as client:
        assert (await client.get(LIST)).status_code == 200
        async with frozen(postgres):
            told = await asyncio.gather(*(client.get(LIST) for _ in range(12)))
            assert {answer.status_code for answer in told} == {503}
            assert all("retry-after" in answer.headers for answer in told)
            assert "cannot be reached" in await turned(program, 503)
            assert (await client.get("/")).status_code == 200
    async with load(home, program.url, writers=2) as made:
        await made.until(kept=20)
    await only_waited(made, program)
    await nothing_is_lost(made)
