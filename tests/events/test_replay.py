import asyncio

from events.sse import following
from events.writing import foreign
from outlay.events import rules
from outlay.main import Service
from world import World


async def test_what_was_missed_is_replayed_exactly(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        hello = await client.named("hello")
        for amount in ("1", "2", "3"):
            await ada.expense(amount)
        first = await client.seqs(3)
    for amount in ("4", "5"):
        await ada.expense(amount)
    async with following(url, ada.token, last_id=client.last_id) as client:
        again = await client.named("hello")
        assert again.id == f"{hello.data['epoch']}.{first[-1]}"
        missed = await client.seqs(2)
        await ada.expense("6")
        live = await client.seqs(1)
    assert first + missed + live == list(range(first[0], first[0] + 6))


async def test_replay_comes_from_memory_or_from_the_log_alike(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as keeper:
        hello = await keeper.named("hello")
        await ada.expense("1")
        told = await keeper.named("change")
        async with following(url, ada.token, last_id=hello.id) as client:
            await client.named("hello")
            assert await client.named("change") == told
    async with following(url, ada.token, last_id=hello.id) as client:
        await client.named("hello")
        assert await client.named("change") == told


async def test_a_first_connection_can_name_its_place_in_the_address(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        start = (await client.named("hello")).id
    await ada.expense("1")
    async with following(url, ada.token, after=start) as client:
        await client.named("hello")
        assert len(await client.seqs(1)) == 1


async def test_an_id_of_before_a_restore_is_told_to_load_anew(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token, last_id="0123456789ab.1") as client:
        hello = await client.named("hello")
        reset = await client.named("reset")
        assert reset.data == {"reason": "restored", "positions": hello.data["positions"]}
        assert reset.id == hello.id
        await ada.expense("1")
        await client.seqs(1)


async def test_ids_that_mean_nothing_here_are_told_to_load_anew(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        epoch = (await client.named("hello")).data["epoch"]
    for odd in (f"{epoch}.999999", "nonsense", f"{epoch}.1,2", f"{epoch}.-1"):
        async with following(url, ada.token, last_id=odd) as client:
            await client.named("hello")
            assert (await client.named("reset")).data["reason"] == "unknown"


async def test_who_is_too_far_behind_is_told_to_load_anew(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        hello = await client.named("hello")
    await foreign(world.service.dsn, ada.ledger, sets=rules.MOST_BEHIND)
    async with following(url, ada.token, last_id=hello.id) as client:
        await client.named("hello")
        seqs = await client.seqs(rules.MOST_BEHIND)
        start = hello.data["positions"][str(ada.ledger)]
        assert seqs == list(range(start + 1, start + 1 + rules.MOST_BEHIND))
    await ada.expense("1")
    async with following(url, ada.token, last_id=hello.id) as client:
        await client.named("hello")
        assert (await client.named("reset")).data["reason"] == "too-old"


async def test_nothing_is_missed_or_told_twice_while_streams_come_and_go(
    world: World, url: str
) -> None:
    ada = await world.person()
    writing = asyncio.create_task(foreign(world.service.dsn, ada.ledger, sets=300))
    seen: list[int] = []
    last_id = None
    while len(seen) < 200:
        async with following(url, ada.token, last_id=last_id) as client:
            await client.named("hello")
            seen += await client.seqs(7)
            last_id = client.last_id
    await writing
    assert seen == list(range(seen[0], seen[0] + len(seen)))


async def test_a_client_that_reads_too_slowly_is_told_to_load_anew(
    world: World, url: str, service: Service
) -> None:
    ada = await world.person()
    async with following(url, ada.token, receive_buffer=1 << 17) as client:
        await client.named("hello")
        [stream] = service.hub.streams
        channel = service.hub.channels[ada.ledger]
        async with asyncio.timeout(60):
            while stream.positions[ada.ledger] >= channel.base:
                await foreign(service.dsn, ada.ledger, sets=8, rows=6, note="long " * 1900)
        while (event := await client.next()).name == "change":
            pass
        assert (event.name, event.data["reason"]) == ("reset", "slow")
        await ada.expense("1")
        assert (await client.next()).name == "change"


async def test_a_restored_database_tells_open_streams_to_load_anew(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        await world.service.pool.execute("update public.installation set epoch = '0123456789ab'")
        reset = await client.named("reset")
        assert reset.data["reason"] == "restored"
        assert reset.id.startswith("0123456789ab.")
        await ada.expense("1")
        assert (await client.named("change")).id.startswith("0123456789ab.")


async def test_a_count_that_went_back_is_taken_for_a_restore(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        before = await client.named("hello")
        await world.service.pool.execute(
            "update public.ledger_seqs set seq = 0 where ledger_id = $1", ada.ledger
        )
        reset = await client.named("reset")
        assert reset.data == {"reason": "restored", "positions": {str(ada.ledger): 0}}
        assert reset.id != before.id


async def test_a_replay_that_fails_ends_the_stream_where_it_stood(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        start = (await client.named("hello")).id
    await ada.expense("1")
    pool = world.service.pool
    await pool.execute("alter table public.change_log rename to hidden")
    async with following(url, ada.token, last_id=start) as client:
        assert (await client.named("hello")).id == start
        await client.ended()
        assert client.comments == ["the database cannot be reached"]
    await pool.execute("alter table public.hidden rename to change_log")
    async with following(url, ada.token, last_id=start) as client:
        await client.named("hello")
        await client.seqs(1)


async def test_a_deleted_ledger_ends_its_part_of_a_stream(world: World, url: str) -> None:
    ada = await world.person()
    second = await world.ledger()
    pool = world.service.pool
    await pool.execute(
        "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'owner')",
        second, ada.id,
    )  # fmt: skip
    async with following(url, ada.token, ada.ledger, second) as client:
        await client.named("hello")
        async with pool.acquire() as db, db.transaction():
            await db.execute("set local outlay.mode = 'erase'")
            for table in ("members", "change_sets", "ledger_seqs"):
                await db.execute(f"delete from public.{table} where ledger_id = $1", second)
            await db.execute("delete from public.ledgers where id = $1", second)
        assert (await client.named("gone")).data == {"ledger": str(second)}
        await ada.expense("1")
        assert (await client.named("change")).data["ledger"] == str(ada.ledger)
