"""An export under way: slow clients, clients that go, and writers meanwhile."""

import asyncio
import datetime as dt
from typing import Any, Self
from uuid import UUID

import asyncpg

from exports.files import lines_of
from outlay.expenses.filters import Filter
from outlay.exports import routes, table
from outlay.exports.lines import sections
from outlay.exports.snapshot import in_index_order, snapshot
from waiting import until
from world import Person, World

_RUNNING = "select count(*) from pg_stat_activity where state <> 'idle' and query like 'COPY (%'"


class Client:
    """An HTTP client of the service itself, that takes no more than it is told to."""

    def __init__(self, world: World, person: Person, query: str) -> None:
        self.app = world.service.asgi
        self.scope: Any = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/api/v1/ledgers/default/export",
            "raw_path": b"/api/v1/ledgers/default/export",
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"localhost:8000"),
                (b"authorization", f"Bearer {person.token}".encode()),
            ],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
        }
        self.may_take = asyncio.Event()
        self.is_gone = asyncio.Event()
        self.taken: list[bytes] = []
        self.is_whole = False
        self.asked = asyncio.create_task(self.app(self.scope, self.receive, self.send))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.asked.cancel()
        await asyncio.wait({self.asked})

    async def receive(self) -> Any:
        await self.is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.taken.append(message["body"])
            self.is_whole = not message["more_body"]
            await self.may_take.wait()


async def much(world: World, ledger: UUID, rows: int = 600) -> None:
    """More than fits into what lies between the database and a client."""
    await world.service.pool.execute(
        "insert into expenses (ledger_id, id, kind, date, amount, currency, note) "
        "select $1, gen_random_uuid(), 'expense', '2026-01-01', n, 'EUR', repeat('. ', 5000) "
        "from generate_series(1, $2::integer) n",
        ledger, rows,
    )  # fmt: skip


async def test_what_a_client_does_not_take_stays_in_the_database(
    world: World, db: asyncpg.Connection
) -> None:
    ada = await world.person()
    await much(world, ada.ledger)
    async with Client(world, ada, "format=csv") as client:
        await until(lambda: len(client.taken) == 1)
        await asyncio.sleep(0.3)
        assert len(client.taken) == 1
        assert await db.fetchval(_RUNNING) == 1
        client.may_take.set()
        await client.asked
        assert client.is_whole
        assert b"".join(client.taken).count(b"\n") == 601
        assert max(map(len, client.taken)) < 1 << 20


async def test_a_client_that_goes_ends_the_query(world: World, db: asyncpg.Connection) -> None:
    ada = await world.person()
    await much(world, ada.ledger)
    async with Client(world, ada, "format=csv") as client:
        await until(lambda: len(client.taken) > 0)
        assert await db.fetchval(_RUNNING) == 1
        client.is_gone.set()
        await client.asked
        assert not client.is_whole

        async def ended() -> bool:
            return bool(await db.fetchval(_RUNNING) == 0)

        await until(ended)
        assert routes.SLOTS.used == 0
        await ada.call("GET", "/ledgers/default/expenses", status=200)


async def test_an_archive_shows_one_moment_whatever_is_written_meanwhile(world: World) -> None:
    ada = await world.person()
    await much(world, ada.ledger)
    async with Client(world, ada, "format=archive&history=true") as client:
        await until(lambda: len(client.taken) > 0)
        late = await ada.expense("1", "too late")
        await world.service.pool.execute(
            "update expenses set amount = 5 where ledger_id = $1 and amount = 600", ada.ledger
        )
        client.may_take.set()
        await client.asked
        lines = lines_of(b"".join(client.taken))
        assert lines[-1]["counts"]["expense"] == 600
        assert not any(line.get("id") == late["id"] for line in lines)
        assert {line["amount"] for line in lines if line.get("type") == "expense"} == {
            f"{n / 100:.2f}" for n in range(1, 601)
        }


async def test_a_query_that_fails_half_way_leaves_no_whole_answer(
    world: World, db: asyncpg.Connection
) -> None:
    ada = await world.person()
    await much(world, ada.ledger)
    async with Client(world, ada, "format=csv") as client:
        await until(lambda: len(client.taken) > 0)
        await db.fetchval(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like 'COPY (%' and pid <> pg_backend_pid()"
        )
        client.may_take.set()
        (failure,) = await asyncio.gather(client.asked, return_exceptions=True)
        assert isinstance(failure, Exception)
        assert not client.is_whole
        assert routes.SLOTS.used == 0


async def test_most_of_a_ledger_is_read_along_an_index_and_never_sorted(world: World) -> None:
    ada = await world.person()
    await much(world, ada.ledger, rows=20)
    async with snapshot(world.service.pool) as db:
        await in_index_order(db)
        plans = [await db.fetch(f"explain {s.sql}", ada.ledger) for s in BIG]
        for wanted in (Filter(), Filter(from_=dt.date(2020, 1, 1)), Filter(kind="income")):
            sql, params = table.query(ada.ledger, wanted, None)
            plans.append(await db.fetch(f"explain {sql}", *params))
    for plan in plans:
        text = "\n".join(row[0] for row in plan)
        assert "Index Scan" in text
        assert "Sort" not in text.split("SubPlan")[0].split("CTE names")[0], text


BIG = [s for s in sections(history=True) if s.name in {"expense", "change_set", "change"}]
