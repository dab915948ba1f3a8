"""A real server for a service, and clients that read its events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import SO_RCVBUF, SOL_SOCKET
from typing import Any

import httpx
import msgspec

from outlay.main import Service
from outlay.server.http import HttpServer
from outlay.server.listen import listen, url_of
from waiting import LONG


@dataclass
class Event:
    name: str = "message"
    id: str = ""
    data: Any = None


@dataclass
class Client:
    """One open stream; comments and `retry` are kept beside the events."""

    answer: httpx.Response
    lines: AsyncIterator[str]
    comments: list[str] = field(default_factory=list)
    retry: list[int] = field(default_factory=list)
    last_id: str = ""

    async def next(self) -> Event:
        """The next event; EOFError when the stream ended before one."""
        async with asyncio.timeout(LONG):
            event = Event()
            async for line in self.lines:
                match line.partition(":"):
                    case ("", "", _):
                        if event.data is not None:
                            return event
                    case ("", _, comment):
                        self.comments.append(comment.strip())
                    case ("event", _, name):
                        event.name = name.strip()
                    case ("id", _, value):
                        event.id = self.last_id = value.strip()
                    case ("retry", _, value):
                        self.retry.append(int(value))
                    case ("data", _, text):
                        event.data = msgspec.json.decode(text.strip())
            raise EOFError

    async def named(self, name: str) -> Event:
        """The next event, which must have this name."""
        event = await self.next()
        assert event.name == name, event
        return event

    async def seqs(self, count: int) -> list[int]:
        """The seqs of the next changes."""
        return [(await self.named("change")).data["seq"] for _ in range(count)]

    async def rest(self) -> list[Event]:
        """Every event until the end of the stream."""
        events = []
        while True:
            try:
                events.append(await self.next())
            except EOFError:
                return events

    async def ended(self) -> None:
        """Wait for the end of the stream, before which no event may come."""
        assert await self.rest() == []


@asynccontextmanager
async def serving(service: Service) -> AsyncIterator[str]:
    """The address at which the service is served, on a port of the system's choice."""
    listening = listen("127.0.0.1", 0, "OUTLAY")
    server = HttpServer(service.asgi, listening, head_seconds=30, connections=2000)
    address = url_of(listening)
    server.open()
    try:
        yield address
    finally:
        service.hub.end_streams()
        assert await server.close(LONG, asyncio.Event())


@asynccontextmanager
async def following(
    url: str,
    token: str,
    *ledgers: object,
    last_id: str | None = None,
    receive_buffer: int | None = None,
    **params: str,
) -> AsyncIterator[Client]:
    """A stream of these ledgers, of the default one without any."""
    options = [] if receive_buffer is None else [(SOL_SOCKET, SO_RCVBUF, receive_buffer)]
    transport = httpx.AsyncHTTPTransport(socket_options=options)
    headers = {"Authorization": f"Bearer {token}"}
    if last_id is not None:
        headers["Last-Event-ID"] = last_id
    query = [("ledger", str(ledger)) for ledger in ledgers or ("default",)]
    async with (
        httpx.AsyncClient(timeout=LONG, transport=transport) as client,
        client.stream(
            "GET", f"{url}/api/v1/events", params=[*query, *params.items()], headers=headers
        ) as answer,
    ):
        if answer.status_code != 200:
            await answer.aread()
        yield Client(answer, answer.aiter_lines())
