"""`outlay serve` on a database of one's own: from a start to an orderly end."""

import asyncio
import json
import signal
import socket
from time import perf_counter
from typing import Self
from uuid import uuid4

import asyncpg
import httpx
import pytest

from server.cable import cable
from server.conftest import Start
from server.programs import Program
from world import Person, World


async def test_both_ports_answer_once_it_says_so(start: Start, dsn: str) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    async with httpx.AsyncClient() as client:
        ready = await client.get(f"{program.management_url}/readyz")
        lives = await client.get(f"{program.management_url}/healthz")
        numbers = await client.get(f"{program.management_url}/metrics")
        public = await client.get(f"{program.url}/api/v1/ledgers/default/expenses")
    assert (ready.status_code, ready.text) == (200, "ready\n")
    assert lives.status_code == 200
    assert 'outlay_build_info{version="' in numbers.text
    assert (public.status_code, public.json()["type"]) == (401, "urn:outlay:problem:sign-in-needed")
    program.signal()
    assert await program.ended() == 0


async def test_the_management_port_shows_nothing_of_the_api(start: Start, dsn: str) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    async with httpx.AsyncClient(base_url=program.management_url) as client:
        assert (await client.get("/api/v1/ledgers")).status_code == 404
        assert (await client.post("/metrics")).status_code == 405
        head = await client.head("/healthz")
    assert (head.status_code, head.content) == (200, b"")


async def test_an_empty_database_is_refused_and_the_way_out_named(
    start: Start, server: str, empty: str
) -> None:
    program = await start("serve", database_url=empty)
    assert await program.ended() == 7
    assert "run `outlay migrate` first" in program.errors
    migrated = await (await start("serve", "--migrate", database_url=empty)).up()
    assert (await migrated.ready()).status_code == 200


@pytest.mark.parametrize("name", ["port", "management_port"])
async def test_a_port_in_use_is_said_in_a_sentence(start: Start, dsn: str, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        program = await start("serve", database_url=dsn, **{name: number})
        assert await program.ended() == 7
    assert f"port {number}: another program listens there" in program.errors
    assert f"OUTLAY_{name.upper()}" in program.errors
    assert "Traceback" not in program.errors


async def test_two_of_them_never_share_a_port(start: Start, dsn: str) -> None:
    first = await (await start("serve", database_url=dsn)).up()
    port = first.url.rpartition(":")[2]
    second = await start("serve", "--port", port, database_url=dsn)
    assert await second.ended() == 7
    assert (await first.ready()).status_code == 200


async def test_every_mistake_in_the_settings_is_told_at_once(start: Start) -> None:
    program = await start("serve", port="x", log_level="loud", database_url="mysql://nowhere")
    assert await program.ended() == 2
    for name in ("OUTLAY_PORT", "OUTLAY_LOG_LEVEL", "OUTLAY_DATABASE_URL"):
        assert name in program.errors


async def test_an_unreachable_database_is_said_without_its_password(start: Start) -> None:
    program = await start("serve", database_url="postgresql://me:s3cret@127.0.0.1:1/home")
    assert await program.ended() == 3
    assert "127.0.0.1/home cannot be reached" in program.errors
    assert "s3cret" not in program.errors


class Blocked:
    """A ledger that another transaction holds, and a write that waits for it."""

    def __init__(self, dsn: str, person: Person) -> None:
        self.dsn = dsn
        self.person = person

    async def __aenter__(self) -> Self:
        self.db = await asyncpg.connect(self.dsn)
        self.transaction = self.db.transaction()
        await self.transaction.start()
        await self.db.execute(
            "select 1 from public.ledgers where id = $1 for update", self.person.ledger
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.db.close()

    def write(self, url: str) -> asyncio.Task[httpx.Response]:
        async def send() -> httpx.Response:
            async with httpx.AsyncClient(timeout=60) as client:
                return await client.put(
                    f"{url}/api/v1/ledgers/default/expenses/{uuid4()}",
                    json={"amount": "3"},
                    headers={
                        "If-None-Match": "*",
                        "Authorization": f"Bearer {self.person.token}",
                    },
                )

        return asyncio.create_task(send())

    async def waited_for(self) -> None:
        """Return once a session waits for our lock."""
        async with asyncio.timeout(20):
            while not await self.db.fetchval(  # noqa: ASYNC110 - no event tells of a lock
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                " and datname = current_database()"
            ):
                await asyncio.sleep(0.02)

    async def release(self) -> None:
        await self.transaction.rollback()


async def test_a_stop_finishes_what_runs_and_refuses_what_comes(
    start: Start, dsn: str, people: World
) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    async with Blocked(dsn, await people.person()) as blocked:
        writing = blocked.write(program.url)
        await blocked.waited_for()
        program.signal()
        await program.wait_for('"message":"stopping')
        told = await program.ready()
        assert (told.status_code, told.text) == (503, "Outlay is stopping\n")
        await refused(program)
        await blocked.release()
        assert (await writing).status_code == 201
    assert await program.ended() == 0


async def refused(program: Program) -> None:
    """Return once the port no longer listens, which is a moment after the log says so."""
    host, port = program.url.removeprefix("http://").split(":")
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, int(port))
            except ConnectionRefusedError:
                return
            writer.close()


async def test_a_second_signal_cuts_off_what_still_runs(
    start: Start, dsn: str, people: World
) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    async with Blocked(dsn, await people.person()) as blocked:
        writing = blocked.write(program.url)
        await blocked.waited_for()
        program.signal(signal.SIGINT)
        await program.wait_for('"message":"stopping')
        program.signal(signal.SIGINT)
        assert await program.ended() == 0
        assert "some requests were cut off" in program.errors
        outcome = (await asyncio.gather(writing, return_exceptions=True))[0]
    assert isinstance(outcome, httpx.HTTPError) or outcome.status_code == 503


async def test_a_lost_database_turns_it_red_and_it_heals_by_itself(
    start: Start, dsn: str, people: World
) -> None:
    ada = await people.person()
    headers = {"Authorization": f"Bearer {ada.token}"}
    async with cable(dsn) as (wire, address), httpx.AsyncClient(headers=headers) as client:
        program = await (await start("serve", database_url=address)).up()
        place = f"{program.url}/api/v1/ledgers/default/expenses"
        assert (await client.get(place)).status_code == 200
        await wire.cut()
        red = await program.ready()
        lost = await client.get(place)
        await wire.mend()
        green = await program.ready()
        healed = await client.get(place)
    assert (red.status_code, "cannot be reached" in red.text) == (503, True)
    assert (lost.status_code, lost.headers["retry-after"]) == (503, "2")
    assert (green.status_code, healed.status_code) == (200, 200)


async def test_a_newer_schema_turns_it_red(start: Start, dsn: str) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    db = await asyncpg.connect(dsn)
    await db.execute(
        "insert into public.schema_migrations (version, name, phase, serves, applied_by)"
        " values (9999, 'future', 'post', '99.0.0', '99.0.0')"
    )
    await db.close()
    told = await program.ready()
    assert (told.status_code, "needs Outlay 99.0.0" in told.text) == (503, True)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
async def test_a_client_that_never_finishes_its_head_is_let_go(
    start: Start, dsn: str, sent: bytes
) -> None:
    program = await (await start("serve", database_url=dsn, request_timeout="1")).up()
    host, port = program.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    begun = perf_counter()
    assert await asyncio.wait_for(reader.read(), 30) == b""
    assert perf_counter() - begun >= 0.9
    writer.close()


async def test_more_clients_than_the_backlog_are_held_at_once(start: Start, dsn: str) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    host, port = program.url.removeprefix("http://").split(":")
    idle = [await asyncio.open_connection(host, int(port)) for _ in range(300)]
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{program.url}/nothing", timeout=5)).status_code == 404
    for _, writer in idle:
        writer.close()


async def test_a_stop_ends_live_streams_at_once(start: Start, dsn: str, people: World) -> None:
    ada = await people.person()
    program = await (await start("serve", database_url=dsn)).up()
    client = httpx.AsyncClient(headers={"Authorization": f"Bearer {ada.token}"}, timeout=30)
    place = f"{program.url}/api/v1/events?ledger={ada.ledger}"
    async with client, client.stream("GET", place) as stream:
        assert stream.status_code == 200
        told = stream.aiter_bytes()
        assert b"hello" in await anext(told)
        program.signal()
        async for _ in told:
            pass
    assert await program.ended() == 0
    assert "cut off" not in program.errors


async def test_a_sign_in_link_is_made_through_the_database_itself(
    start: Start, dsn: str, people: World
) -> None:
    await people.person("Root", is_admin=True)
    program = await start(
        "sign-in-link", "--json", database_url=dsn, public_url="https://outlay.example.org"
    )
    assert await program.ended() == 0
    assert json.loads(program.facts["out"])["url"].startswith(
        "https://outlay.example.org/sign-in#token="
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
async def test_the_link_of_a_service_for_everybody_opens_on_this_machine(
    start: Start, dsn: str, people: World, host: str
) -> None:
    await people.person("Root", is_admin=True)
    program = await start("sign-in-link", "--json", database_url=dsn, host=host, port="8000")
    assert await program.ended() == 0
    url = json.loads(program.facts["out"])["url"]
    assert url.startswith("http://localhost:8000/sign-in#token=")


async def test_a_head_without_end_is_refused(start: Start, dsn: str) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    host, port = program.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 1_000_000)
    assert (await asyncio.wait_for(reader.readline(), 30)).startswith(b"HTTP/1.1 431")
    writer.close()


async def test_a_first_administrator_without_a_password_is_a_mistake_of_the_settings(
    start: Start, dsn: str
) -> None:
    program = await start("serve", database_url=dsn, admin_email="root@example.org")
    assert await program.ended() == 2
    assert "OUTLAY_ADMIN_PASSWORD_FILE" in program.errors
    assert "Traceback" not in program.errors
