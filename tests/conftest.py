"""Real PostgreSQL for every test: one server a run, one clone of a migrated template a test."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg
import httpx
import pytest

from outlay.embedded import EmbeddedPostgres
from outlay.main import Service
from outlay.migrations.runner import migrate
from outlay.settings import Settings
from world import World

OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    # A worker of it makes `drop database ... with (force)` fail now and then.
    "autovacuum": "off",
}


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a throw-away server; its folder is where root's stand-in account can reach it."""
    with TemporaryDirectory(prefix="outlay-test-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "data", options=OPTIONS)
        Path(folder).chmod(0o755)
        try:
            yield postgres.start()
        finally:
            postgres.stop()


@pytest.fixture(scope="session")
async def template(server: str) -> str:
    """The name of a database that has the schema and nothing in it."""
    name = "outlay_template"
    await _execute(server, f"create database {name}")
    db = await asyncpg.connect(server, database=name)
    await migrate(db)
    await db.close()
    return name


@asynccontextmanager
async def cloned(server: str, template: str) -> AsyncIterator[str]:
    name = f"t_{uuid4().hex[:12]}"
    await _execute(server, f"create database {name} template {template}")
    try:
        yield with_database(server, name)
    finally:
        await _execute(server, f"drop database {name} with (force)")


def with_database(dsn: str, name: str) -> str:
    return str(
        httpx.URL(dsn.replace("postgresql://", "http://", 1)).copy_with(path=f"/{name}")
    ).replace("http://", "postgresql://", 1)


async def _execute(dsn: str, sql: str) -> None:
    db = await asyncpg.connect(dsn)
    try:
        await db.execute(sql)
    finally:
        await db.close()


@pytest.fixture
async def dsn(server: str, template: str) -> AsyncIterator[str]:
    """The address of a fresh, migrated database."""
    async with cloned(server, template) as address:
        yield address


@pytest.fixture
async def db(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def service(dsn: str) -> AsyncIterator[Service]:
    """A running service on a fresh database, without a network."""
    made = Service(Settings(log_level="warning"), dsn)
    async with made.running():
        yield made


@pytest.fixture
async def world(service: Service) -> AsyncIterator[World]:
    """People, ledgers and clients to speak with the service as them."""
    async with World(service) as made:
        yield made
