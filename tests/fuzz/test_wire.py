"""What a real port meets: slow, cut, doubled and malformed requests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import pytest

from fuzz.wire import Wire, request, wire
from outlay.main import Service
from outlay.server.http import HttpServer
from outlay.server.listen import listen, url_of
from outlay.settings import Settings
from world import Person, World

EXPENSES = "/api/v1/ledgers/default/expenses"
ROUTES_WITH_BODIES = (
    EXPENSES,
    f"{EXPENSES}/bulk",
    "/api/v1/ledgers/import-archive",
    "/api/v1/ledgers/default/imports",
)
Serve = Callable[..., AbstractAsyncContextManager[str]]


@asynccontextmanager
async def served(dsn: str, **more: object) -> AsyncIterator[tuple[str, World]]:
    """A service with two database connections on a real port."""
    settings = Settings(log_level="warning", database_pool=2, **more)
    service = Service(settings, dsn)
    async with service.running(), World(service) as world:
        listening = listen("127.0.0.1", 0, "OUTLAY")
        address = url_of(listening)
        seconds = settings.request_timeout
        server = HttpServer(service.asgi, listening, head_seconds=seconds, connections=64)
        server.open()
        yield address, world
        service.hub.end_streams()
        await server.close(2, asyncio.Event())


async def lives(url: str, ada: Person) -> None:
    async with wire(url) as line:
        await line.send(request("GET", EXPENSES, token=ada.token))
        answer = await line.answer()
        assert answer is not None
        assert answer.status_code == 200


@pytest.mark.parametrize("length", ["Content-Length: 100", "Transfer-Encoding: chunked"])
async def test_slow_bodies_hold_no_database_connection(dsn: str, length: str) -> None:
    async with served(dsn) as (url, world), AsyncExitStack() as stack:
        ada = await world.person()
        for path in ROUTES_WITH_BODIES * 3:
            line = await stack.enter_async_context(wire(url))
            name, _, value = length.partition(": ")
            await line.send(
                request("POST", path, token=ada.token, **{name.replace("-", "_"): value})
            )
            await line.send(b"1\r\n{\r\n" if "chunked" in length else b"{")
        for _ in range(5):
            await lives(url, ada)


# A file may pause for longer: see tests/imports.
@pytest.mark.parametrize("path", ROUTES_WITH_BODIES[:-1])
async def test_a_body_that_does_not_come_is_answered_408(dsn: str, path: str) -> None:
    async with served(dsn, request_timeout=0.5) as (url, world), wire(url) as line:
        ada = await world.person()
        await line.send(request("POST", path, token=ada.token, Content_Length="100", body=b"{"))
        answer = await line.answer()
        assert answer is not None
        assert answer.status_code == 408
        assert answer.json()["type"] == "urn:outlay:problem:timed-out"
        await lives(url, ada)


async def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(dsn: str) -> None:
    async with served(dsn) as (url, world):
        ada = await world.person()
        whole = request("POST", EXPENSES, token=ada.token, body=b'{"amount": "1"}')
        for cut in range(1, len(whole) - 1, 7):
            async with wire(url) as line:
                await line.send(whole[:cut])
        await lives(url, ada)
        assert await world.service.pool.fetchval("select count(*) from expenses") == 0


async def test_requests_sent_at_once_are_answered_in_their_order(dsn: str) -> None:
    async with served(dsn) as (url, world), wire(url) as line:
        ada = await world.person()
        posts = [
            request("POST", EXPENSES, token=ada.token, body=b'{"amount": "%d"}' % n)
            for n in range(1, 6)
        ]
        last = request("GET", f"{EXPENSES}?sort=amount&currency=EUR", token=ada.token)
        await line.send(b"".join([*posts, last]))
        told = [await line.answer() for _ in range(6)]
        assert [answer.status_code for answer in told] == [201] * 5 + [200]
        assert [answer.json()["amount"] for answer in told[:5]] == [f"{n}.00" for n in range(1, 6)]
        assert [item["amount"] for item in told[5].json()["items"]] == [
            f"{n}.00" for n in range(5, 0, -1)
        ]


@pytest.mark.parametrize(
    "head", ["Content-Length: {n}", "Content-Length: {n}\r\nExpect: 100-continue"]
)
async def test_too_long_a_body_is_refused_before_it_is_sent(dsn: str, head: str) -> None:
    async with served(dsn) as (url, world), wire(url) as line:
        ada = await world.person()
        lines = head.format(n=1 << 40)
        start = f"POST {EXPENSES} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ada.token}\r\n{lines}\r\n\r\n"
        await line.send(start.encode())
        answer = await line.answer()
        assert answer is not None
        assert answer.status_code == 413


async def test_chunks_beyond_the_limit_are_refused_without_reading_them_all(dsn: str) -> None:
    async with served(dsn, max_body=65536) as (url, world), wire(url) as line:
        ada = await world.person()
        await line.send(request("POST", EXPENSES, token=ada.token, Transfer_Encoding="chunked"))
        sending = asyncio.create_task(pour(line))
        answer = await line.answer()
        sending.cancel()
        assert answer is not None
        assert answer.status_code == 413
        await lives(url, ada)


async def pour(line: Wire) -> None:
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    while not line.writer.is_closing():
        await line.send(chunk)


HOSTS = [
    "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost:80:80\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n", "GET / HTTP/1.1\r\nHost: \u00ff\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n\r\n",
]  # fmt: skip


async def test_no_host_but_ours_is_answered(dsn: str) -> None:
    async with served(dsn) as (url, _):
        for head in HOSTS:
            async with wire(url) as line:
                await line.send(head.encode("latin-1"))
                answer = await line.answer()
                assert answer is None or answer.status_code in {400, 421}, head


SMUGGLED = [
    "Content-Length: abc", "Content-Length: -1", "Content-Length: +5", "Content-Length: 5, 6",
    "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked",
    "Content-Length : 5", "Content-Length: 5\r\n Transfer-Encoding: chunked", "Content-Length: " + "9" * 400,
]  # fmt: skip


@pytest.mark.parametrize("lines", SMUGGLED)
async def test_no_two_readings_of_a_length_make_two_requests(dsn: str, lines: str) -> None:
    async with served(dsn) as (url, world):
        ada = await world.person()
        hidden = request("DELETE", "/api/v1/sessions", token=ada.token)
        start = f"POST {EXPENSES} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ada.token}\r\n{lines}\r\n\r\n"
        async with wire(url) as line:
            await line.send(start.encode() + b"0\r\n\r\n" + hidden)
            told = await line.end()
        assert b"HTTP/1.1 204" not in told
        assert b"HTTP/1.1 5" not in told
        await lives(url, ada)


NOISE = [
    b"\x00" * 1000, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\nHost: localhost\n\n", b"GET \xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nA" + b"a" * 1_000_000, b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 10_000 + b"\r\n", b"FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /%00%ff%2e%2e/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET //evil.example HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n\r\n",
]  # fmt: skip


async def test_noise_ends_its_own_connection_at_most(dsn: str) -> None:
    async with served(dsn, request_timeout=2.0) as (url, world):
        ada = await world.person()
        for noise in NOISE:
            async with wire(url) as line:
                await line.send(noise)
                told = await line.end()
                assert not told.startswith(b"HTTP/1.1 5"), (noise[:60], told[:300])
            await lives(url, ada)
