import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from events.sse import following, serving
from events.writing import foreign
from outlay.access import secret_hash
from outlay.events.tempo import Tempo
from outlay.main import Service
from outlay.settings import Settings
from waiting import until
from world import World

# So long that only what a process is told can be what it knows.
NEVER = Tempo(poll=3600, check=3600)


@asynccontextmanager
async def replica(dsn: str, tempo: Tempo = NEVER) -> AsyncIterator[Service]:
    made = Service(Settings(log_level="warning", database_pool=4), dsn)
    made.tempo = tempo
    async with session(dsn) as db:
        before = await listeners(db)
        async with made.running():

            async def listens() -> bool:
                return len(await listeners(db)) > len(before)

            await until(listens)
            yield made


@asynccontextmanager
async def session(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    db = await asyncpg.connect(dsn)
    try:
        yield db
    finally:
        await db.close()


async def listeners(db: asyncpg.Connection) -> list[int]:
    """The sessions that listen: something, which comes after LISTEN, is over."""
    rows = await db.fetch(
        "select pid from pg_stat_activity where datname = current_database() "
        "and application_name = 'outlay events' and query !~* '^ *(set|listen)'"
    )
    return [row["pid"] for row in rows]


async def another_than(db: asyncpg.Connection, pid: int) -> bool:
    return await listeners(db) not in ([], [pid])


async def test_one_process_tells_the_clients_of_another(dsn: str) -> None:
    async with replica(dsn) as one, replica(dsn) as two, serving(two) as url, World(one) as world:
        ada = await world.person()
        async with following(url, ada.token) as client:
            await client.named("hello")
            made = await ada.expense("1")
            change = await client.named("change")
            assert change.data["changes"][0]["row"] == made


async def test_a_right_taken_away_in_one_process_ends_streams_in_another(dsn: str) -> None:
    async with replica(dsn) as one, replica(dsn) as two, serving(two) as url, World(one) as world:
        ada = await world.person()
        token = await one.pool.fetchval(
            "select id from public.api_tokens where token_hash = $1", secret_hash(ada.token)
        )
        async with following(url, ada.token) as client:
            await client.named("hello")
            one.hub.revoke_token(token)
            await client.ended()
        async with following(url, ada.token) as client:
            await client.named("hello")
            one.hub.revoke_member(ada.ledger, ada.id)
            await client.named("gone")
            await client.ended()


async def test_a_process_that_stops_tells_its_last_changes_first(dsn: str) -> None:
    async with replica(dsn) as two, serving(two) as url, World(two) as world:
        ada = await world.person()
        async with following(url, ada.token) as client:
            await client.named("hello")
            async with replica(dsn) as one:
                await foreign(dsn, ada.ledger)
                one.hub.touch(ada.ledger)
            await client.named("change")


async def test_a_writer_that_tells_nobody_is_found_by_polling(
    service: Service, world: World, url: str
) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        await foreign(service.dsn, ada.ledger)
        change = await client.named("change")
    assert (change.data["source"], change.data["action"]) == ("sql", "sql")


@pytest.mark.parametrize("word", ["poll", "ledger:{}"])
async def test_anybody_may_hint_at_what_they_wrote(
    dsn: str, db: asyncpg.Connection, word: str
) -> None:
    async with replica(dsn) as service, serving(service) as url, World(service) as world:
        ada = await world.person()
        async with following(url, ada.token) as client:
            await client.named("hello")
            await foreign(dsn, ada.ledger)
            await db.execute("select pg_notify('outlay_events', $1)", word.format(ada.ledger))
            await client.named("change")


async def test_a_cut_listener_comes_back_and_misses_nothing(
    dsn: str, db: asyncpg.Connection
) -> None:
    async with replica(dsn) as service, serving(service) as url, World(service) as world:
        ada = await world.person()
        async with following(url, ada.token) as client:
            await client.named("hello")
            for _ in range(3):
                [pid] = await listeners(db)
                await db.execute("select pg_terminate_backend($1)", pid)
                await foreign(dsn, ada.ledger)
                await client.named("change")
                await until(lambda pid=pid: another_than(db, pid))


async def test_a_burst_reaches_a_client_whole(service: Service, world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        hello = await client.named("hello")
        await asyncio.gather(*(ada.expense(str(n)) for n in range(1, 61)))
        start = hello.data["positions"][str(ada.ledger)]
        assert await client.seqs(60) == list(range(start + 1, start + 61))
