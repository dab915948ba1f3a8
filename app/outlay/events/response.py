"""The answer that does not end: text/event-stream, written straight to the server."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import randrange
from typing import Any, Final
from uuid import UUID

import asyncpg
from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from outlay import db
from outlay.access import Call
from outlay.errors import NotFound, Problem, Unauthenticated
from outlay.events import store
from outlay.events.frames import batches
from outlay.events.hub import EventHub
from outlay.events.model import Credential
from outlay.events.stream import Stream

RETRY_MS: Final = 2000
_HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]
_TROUBLE: Final = (Problem, asyncpg.PostgresError, TimeoutError, *db.UNREACHABLE)


class EventStream(Response[str]):
    """Events of ledgers to one client, until either side ends it."""

    def __init__(
        self, hub: EventHub, call: Call, ledgers: Sequence[UUID], last_id: str | None
    ) -> None:
        super().__init__("", media_type="text/event-stream")
        self.live = _Live(hub, call, ledgers, last_id)

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return self.live


class _Live(ASGIResponse):
    __slots__ = ("call", "hub", "last_id", "ledgers")

    def __init__(
        self, hub: EventHub, call: Call, ledgers: Sequence[UUID], last_id: str | None
    ) -> None:
        super().__init__()
        self.hub = hub
        self.call = call
        self.ledgers = ledgers
        self.last_id = last_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        caller = self.call.caller
        credential = Credential(caller.credential, caller.credential_id, caller.user_id)
        with self.hub.admitted(credential) as stream:
            await self._enter(stream)
            async with _noticed(receive, stream):
                await self._serve(stream, send)

    async def _enter(self, stream: Stream) -> None:
        """Join the ledgers, if the rights that the gate saw still stand now.

        Looked at again after the stream was admitted: a revocation before is in the database, and
        one after ends the stream.
        """
        async with db.acquire(self.call.pool) as connection:
            wanted = [(stream.credential, ledger) for ledger in self.ledgers]
            found = await store.standing(connection, wanted)
        if stream.ended or not all(row["is_in"] for row in found):
            raise Unauthenticated(headers={"WWW-Authenticate": "Bearer"})
        if not all(row["is_member"] for row in found):
            raise NotFound("There is no such ledger")
        self.hub.join(stream, {row["ledger_id"]: row["seq"] for row in found}, self.last_id)

    async def _serve(self, stream: Stream, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
        await _tell(stream, send, b"retry: %d\n" % RETRY_MS + stream.hello())
        try:
            await self._catch_up(stream, send)
        except _TROUBLE:
            stream.end("trouble")
        told = stream.take()
        while told or not stream.ended:
            if told:
                await _tell(stream, send, told)
            told = b"" if stream.ended else await stream.news()
        await send({"type": "http.response.body", "body": _farewell(stream), "more_body": False})

    async def _catch_up(self, stream: Stream, send: Send) -> None:
        """Tell what the client missed and is no longer in memory, from the change log."""
        while (behind := stream.behind()) and not stream.ended:
            ledger, position = behind
            async with self.hub.replaying, db.acquire(self.call.pool) as connection:
                rows = await store.changes(connection, [(ledger, position)])
            found = batches(rows, stream.epoch).get(ledger)
            if found is None:
                stream.skip(ledger)
            else:
                await _tell(stream, send, stream.advance(ledger, found.frames))


async def _tell(stream: Stream, send: Send, body: bytes) -> None:
    stream.sending(asyncio.get_running_loop().time())
    await send({"type": "http.response.body", "body": body, "more_body": True})
    stream.sending(None)


def _farewell(stream: Stream) -> bytes:
    """The last lines; clients of a process that stops come back one by one, not all at once."""
    match stream.ended:
        case "stopping":
            wait = randrange(200, RETRY_MS)  # noqa: S311 - spreads clients, guards nothing
            return b"retry: %d\n: this process stops, another one goes on\n\n" % wait
        case "signed-out":
            return b": signed out\n\n"
        case "nothing-left":
            return b": no ledger is left\n\n"
        case "trouble":
            return b": the database cannot be reached\n\n"
        case _:
            return b""


@asynccontextmanager
async def _noticed(receive: Receive, stream: Stream) -> AsyncIterator[None]:
    """End the stream when its client goes away; let go of one that was cut."""

    async def until_gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        stream.end("disconnected")

    watching = asyncio.create_task(until_gone())
    try:
        yield
    except asyncio.CancelledError:
        if not stream.is_cut:
            raise
    finally:
        watching.cancel()
