"""Whatever is killed, the next start works, and what was committed is there."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil
import pytest

from embedded.processes import HERE, ended, servers
from outlay.embedded import EmbeddedPostgres
from outlay.embedded.programs import Programs


async def commit(dsn: str) -> str:
    """Commit a row of a new name, and return the name."""
    name = uuid4().hex
    connection = await asyncpg.connect(dsn)
    await connection.execute("create table if not exists kept (name text)")
    await connection.execute("insert into kept values ($1)", name)
    await connection.close()
    return name


async def is_kept(dsn: str, name: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval("select count(*) from kept where name = $1", name) == 1
    finally:
        await connection.close()


async def starts_with(data: Path, name: str) -> bool:
    async with EmbeddedPostgres(data) as server:
        return await is_kept(server.dsn, name)


async def test_a_server_ends_by_itself_when_its_outlay_is_killed(data: Path, hold) -> None:
    holder = hold(data)
    name = await commit(holder.line())
    holder.kill()
    assert ended(data)
    assert await starts_with(data, name)


async def test_a_start_right_after_a_kill_waits_for_the_old_server(data: Path, hold) -> None:
    holder = hold(data)
    name = await commit(holder.line())
    holder.kill()
    assert await starts_with(data, name)


async def test_a_server_that_outlived_its_outlay_is_stopped_by_the_next_start(
    data: Path, hold
) -> None:
    holder = hold(data)
    dsn = holder.line()
    client = await asyncpg.connect(dsn)
    name = await commit(dsn)
    (server,) = servers(data)
    watcher = next(child for child in holder.children() if child.name() in {"sh", "dash", "bash"})
    watcher.kill()
    holder.kill()
    assert servers(data) == [server]
    assert await starts_with(data, name)
    assert not servers(data)
    client.terminate()


async def test_everything_killed_at_once_leaves_nothing_that_blocks(data: Path, hold) -> None:
    holder = hold(data)
    dsn = holder.line()
    client = await asyncpg.connect(dsn)
    name = await commit(dsn)
    own = psutil.Process(holder.process.pid)
    own.suspend()  # or it would start the server anew between two of these
    for process in [*holder.children(), own]:
        process.kill()
    holder.process.wait()
    assert (data / "postgres" / "postmaster.pid").exists()
    assert await starts_with(data, name)
    client.terminate()


class Told(logging.Handler):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.event = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if self.text in record.getMessage():
            self.event.set()


@pytest.fixture
def told():
    logger = logging.getLogger("outlay.embedded")
    level = logger.level
    logger.setLevel(logging.INFO)
    handlers = []

    def make(text: str) -> threading.Event:
        handlers.append(Told(text))
        logger.addHandler(handlers[-1])
        return handlers[-1].event

    yield make
    logger.setLevel(level)
    for handler in handlers:
        logger.removeHandler(handler)


async def test_a_killed_server_comes_back_at_the_same_address(data: Path, told) -> None:
    again = told("takes connections again")
    async with EmbeddedPostgres(data) as server:
        client = await asyncpg.connect(server.dsn)
        name = await commit(server.dsn)
        first = server.pid
        os.kill(first, signal.SIGKILL)
        assert await asyncio.to_thread(again.wait, 60)
        assert server.pid != first
        assert await is_kept(server.dsn, name)
        client.terminate()
    assert not servers(data)


async def test_a_server_that_keeps_dying_is_given_up(
    data: Path, told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outlay.embedded.server._RESTARTS", 1)
    again, over = told("takes connections again"), told("stays down")
    async with EmbeddedPostgres(data, options={"fsync": "off"}) as server:
        os.kill(server.pid, signal.SIGKILL)
        assert await asyncio.to_thread(again.wait, 60)
        os.kill(server.pid, signal.SIGKILL)
        assert await asyncio.to_thread(over.wait, 60)
        with pytest.raises((ConnectionError, FileNotFoundError)):
            await asyncpg.connect(server.dsn)


def test_a_stale_process_number_that_now_is_somebody_elses_does_not_block(
    data: Path, programs: Programs
) -> None:
    with EmbeddedPostgres(data):
        written = (data / "postgres" / "postmaster.pid").read_text()
    with programs.start(["/bin/sh", "-c", "read -r _"]) as stranger:
        lines = [str(stranger.pid), *written.splitlines()[1:]]
        (data / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")
        with EmbeddedPostgres(data) as server:
            assert server.pid != stranger.pid
        assert stranger.poll() is None


async def test_ctrl_c_reaches_outlay_and_not_the_server(data: Path, hold) -> None:
    holder = hold(data)
    dsn = holder.line()
    os.killpg(holder.process.pid, signal.SIGINT)
    assert holder.line() == "interrupted"
    name = await commit(dsn)
    holder.process.communicate()
    assert holder.process.returncode == 0
    assert not servers(data)
    assert "database system is shut down" in (data / "postgres.log").read_text()
    assert await starts_with(data, name)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_during_the_first_start_leaves_nothing_half_made(fresh: Path, moment: str) -> None:
    died = subprocess.run(
        [sys.executable, str(HERE / "die.py"), moment, "1", "start", str(fresh)], check=False
    )
    assert died.returncode == -signal.SIGKILL
    with EmbeddedPostgres(fresh) as server:
        assert server.dsn
        assert not list(fresh.glob("creating-*"))
