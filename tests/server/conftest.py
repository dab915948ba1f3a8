from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from conftest import cloned
from outlay.main import Service
from outlay.settings import Settings
from server.programs import Program, launch
from world import World

Start = Callable[..., Awaitable[Program]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start `outlay ARGS`; whatever still runs at the end of the test is killed."""
    made: list[Program] = []

    async def begin(*args: str, **settings: str) -> Program:
        made.append(await launch(*args, **settings))
        return made[-1]

    yield begin
    for program in made:
        if program.process.returncode is None:
            program.process.kill()
            await program.process.wait()


@pytest.fixture
async def people(dsn: str) -> AsyncIterator[World]:
    """A world on the database of `dsn`, which the started program serves too."""
    service = Service(Settings(log_level="warning"), dsn)
    async with service.running(), World(service) as world:
        yield world


@pytest.fixture
async def empty(server: str) -> AsyncIterator[str]:
    """The address of a database without a schema."""
    async with cloned(server, "template1") as address:
        yield address
