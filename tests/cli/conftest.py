import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.terminal import Terminal
from outlay.main import Service
from outlay.server.http import HttpServer
from outlay.server.listen import listen, url_of
from world import Person, World


@pytest.fixture
async def url(service: Service) -> AsyncIterator[str]:
    """The address of the service on a real port."""
    listening = listen("127.0.0.1", 0, "OUTLAY")
    address = url_of(listening)
    server = HttpServer(service.asgi, listening, head_seconds=30, connections=64)
    server.open()
    yield address
    service.hub.end_streams()
    await server.close(5, asyncio.Event())


def terminal_of(person: Person, url: str, folder: Path) -> Terminal:
    """A terminal signed in as this person."""
    env = {
        "OUTLAY_URL": url,
        "OUTLAY_TOKEN": person.token,
        "OUTLAY_TOKEN_FILE": "",
        "OUTLAY_DATA_DIR": str(folder / "data"),
        "OUTLAY_LEDGER": "",
        "COLUMNS": "120",
        "NO_COLOR": "1",
    }
    return Terminal(person, env)


@pytest.fixture
async def ada(world: World, url: str, tmp_path: Path) -> Terminal:
    """Ada at her terminal, with a ledger of her own in Rome."""
    return terminal_of(await world.person(), url, tmp_path)
