import asyncio
from contextlib import AsyncExitStack
from socket import SHUT_RDWR

import httpx
import pytest

from events.sse import following, serving
from events.writing import foreign
from outlay import metrics
from outlay.events.tempo import Tempo
from outlay.main import Service
from outlay.settings import Settings
from waiting import until
from world import World


async def test_a_client_that_leaves_is_forgotten(world: World, url: str, service: Service) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        assert len(service.hub.streams) == 1
        assert metrics.SSE_CLIENTS._value.get() == 1
    await until(lambda: not service.hub.streams)
    assert metrics.SSE_CLIENTS._value.get() == 0
    assert not service.hub.channels


async def test_a_client_whose_line_breaks_is_forgotten(
    world: World, url: str, service: Service
) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        client.answer.extensions["network_stream"].get_extra_info("socket").shutdown(SHUT_RDWR)
        await until(lambda: not service.hub.streams)


async def test_a_service_that_stops_ends_its_streams_and_says_when_to_come_back(
    world: World, service: Service
) -> None:
    ada = await world.person()
    async with (
        serving(service) as url,
        following(url, ada.token) as one,
        following(url, ada.token) as two,
    ):
        await one.named("hello")
        await two.named("hello")
        service.hub.end_streams()
        await one.ended()
        await two.ended()
        async with following(url, ada.token) as late:
            assert late.answer.status_code == 503
            assert late.answer.headers["retry-after"] == "5"
    assert one.comments[-1] == "this process stops, another one goes on"
    assert len(one.retry) == 2
    assert 200 <= one.retry[-1] < 2000


async def test_a_client_that_takes_nothing_is_let_go(world: World, dsn: str) -> None:
    service = Service(Settings(log_level="warning"), dsn)
    service.tempo = Tempo(beat=0.05, patience=0.1)
    async with service.running(), serving(service) as url:
        ada = await world.person()
        async with following(url, ada.token, receive_buffer=1 << 16) as client:
            await client.named("hello")
            [stream] = service.hub.streams
            async with asyncio.timeout(60):
                while not stream.ended:
                    await foreign(dsn, ada.ledger, sets=8, rows=6, note="long " * 1900)
                    service.hub.touch(ada.ledger)
            await until(lambda: not service.hub.streams)
            with pytest.raises(httpx.RemoteProtocolError):
                await client.rest()
        assert stream.ended == "stuck"


async def test_a_service_stops_though_a_client_takes_nothing(dsn: str) -> None:
    service = Service(Settings(log_level="warning"), dsn)
    service.tempo = Tempo(farewell=0.1)
    async with AsyncExitStack() as life:
        await life.enter_async_context(service.running())
        world = await life.enter_async_context(World(service))
        url = await life.enter_async_context(serving(service))
        ada = await world.person()
        async with following(url, ada.token, receive_buffer=1 << 16) as client:
            await client.named("hello")
            [stream] = service.hub.streams
            channel = service.hub.channels[ada.ledger]
            async with asyncio.timeout(60):
                while stream.positions[ada.ledger] >= channel.base:
                    await foreign(dsn, ada.ledger, sets=8, rows=6, note="long " * 1900)
                    service.hub.touch(ada.ledger)
            stopping = asyncio.create_task(life.pop_all().aclose())
            await until(lambda: not service.hub.streams)
            assert (stream.ended, stream.is_cut) == ("stopping", True)
        await stopping


async def test_no_more_clients_are_taken_than_set(dsn: str) -> None:
    service = Service(Settings(log_level="warning", max_sse_clients=1), dsn)
    async with service.running(), serving(service) as url, World(service) as world:
        ada = await world.person()
        async with following(url, ada.token) as first:
            await first.named("hello")
            async with following(url, ada.token) as second:
                assert second.answer.status_code == 503
                assert second.answer.headers["content-type"] == "application/problem+json"
                assert second.answer.json()["type"] == "urn:outlay:problem:too-many-streams"
        await until(lambda: not service.hub.streams)
        async with following(url, ada.token) as third:
            await third.named("hello")


async def test_a_service_starts_and_stops_at_once(dsn: str) -> None:
    for _ in range(3):
        service = Service(Settings(log_level="warning"), dsn)
        async with service.running():
            assert not service.hub.streams
    assert [task for task in asyncio.all_tasks() if "Listener" in repr(task)] == []
