"""The program on a PostgreSQL of its own that flushes every commit to disk, as at home."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from conftest import with_database
from faults.home import Home, move_in
from outlay.embedded import EmbeddedPostgres
from outlay.migrations.runner import migrate
from server.programs import Program, launch

TEMPLATE = "outlay_template"
Start = Callable[..., Awaitable[Program]]


@pytest.fixture(scope="package")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A server with fsync and synchronous_commit on, both by PostgreSQL's own default."""
    folder = Path(tempfile.mkdtemp(prefix="outlay-test-"))
    folder.chmod(0o755)
    try:
        with EmbeddedPostgres(folder / "data") as started:
            yield started
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="package")
async def durable(postgres: EmbeddedPostgres) -> str:
    """Its address, with a migrated template in it."""
    db = await asyncpg.connect(postgres.dsn)
    assert await db.fetchval("show fsync") == "on"
    assert await db.fetchval("show synchronous_commit") == "on"
    await db.execute(f"create database {TEMPLATE}")
    await db.close()
    made = await asyncpg.connect(with_database(postgres.dsn, TEMPLATE))
    await migrate(made)
    await made.close()
    return postgres.dsn


@pytest.fixture
async def home(durable: str) -> Home:
    """A ledger with an owner in a database of its own."""
    name = f"t_{uuid4().hex[:12]}"
    db = await asyncpg.connect(durable)
    await db.execute(f"create database {name} template {TEMPLATE}")
    await db.close()
    return await move_in(with_database(durable, name))


@pytest.fixture
async def start(home: Home) -> AsyncIterator[Start]:
    """Start the program on the home's database; what still runs at the end is killed."""
    made: list[Program] = []

    async def begin(**settings: str) -> Program:
        made.append(await launch("serve", database_url=home.dsn, **settings))
        return await made[-1].up()

    yield begin
    running = [program.process for program in made if program.process.returncode is None]
    for process in running:
        process.kill()
    await asyncio.gather(*(process.wait() for process in running))
