"""What is sent again when the service is away for a moment."""

import asyncio
from pathlib import Path

from cli.conftest import terminal_of
from outlay import metrics
from outlay.main import Service
from outlay.server.http import HttpServer
from outlay.server.listen import listen, url_of
from outlay.settings import Settings
from server.cable import Cable, cable
from world import World

PATH = "/api/v1/ledgers/{ledger}/expenses/{id}"


async def test_an_add_survives_a_database_that_goes_away_and_adds_one_row(
    dsn: str, tmp_path: Path
) -> None:
    async with cable(dsn) as (wire, address):
        service = Service(Settings(log_level="warning"), address)
        async with service.running(), World(service) as world:
            listening = listen("127.0.0.1", 0, "OUTLAY")
            ada = terminal_of(await world.person(), url_of(listening), tmp_path)
            server = HttpServer(service.asgi, listening, head_seconds=30, connections=64)
            server.open()
            await wire.cut()
            adding = asyncio.create_task(ada.add("5", "bread"))
            await refused_once(wire)
            made = await adding
            assert [row["id"] for row in (await ada.json("list"))["items"]] == [made["id"]]
            await server.close(5, asyncio.Event())


async def refused_once(wire: Cable) -> None:
    """Mend the cable once a request was answered 503."""
    refusals = metrics.REQUESTS.labels("PUT", PATH, "503")
    before = refusals._value.get()
    async with asyncio.timeout(20):
        while refusals._value.get() == before:  # noqa: ASYNC110 - a counter tells nobody
            await asyncio.sleep(0.02)
    await wire.mend()
