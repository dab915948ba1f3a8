"""One service on a real port for all the fuzzing, with somebody to do it as."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher

from conftest import cloned
from fuzz.resident import Resident, resident
from outlay.main import Service
from outlay.server.http import HttpServer
from outlay.server.listen import listen, url_of
from outlay.settings import Settings
from world import World

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(scope="module")
async def shared(server: str, template: str) -> AsyncIterator[World]:
    """A world that lives as long as the module's tests."""
    async with cloned(server, template) as dsn:
        service = Service(Settings(log_level="warning"), dsn, hasher=CHEAP)
        async with service.running(), World(service) as world:
            yield world


@pytest.fixture(scope="module")
async def url(shared: World) -> AsyncIterator[str]:
    """The address of the shared service on a real port."""
    listening = listen("127.0.0.1", 0, "OUTLAY")
    address = url_of(listening)
    server = HttpServer(shared.service.asgi, listening, head_seconds=30, connections=64)
    server.open()
    yield address
    shared.service.hub.end_streams()
    await server.close(5, asyncio.Event())


@pytest.fixture(scope="module")
async def bob(shared: World) -> Resident:
    """Somebody like Ada who bears whatever a whole module does to them."""
    return await resident(shared)


@pytest.fixture
async def ada(shared: World) -> Resident:
    """Somebody of every right, with one of everything in a ledger of their own."""
    return await resident(shared)
