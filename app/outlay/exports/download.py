"""An answer whose bytes are made while they are sent."""

import asyncio
import re
import zlib
from typing import Any, Final
from urllib.parse import quote

from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from outlay.exports.model import Produce, Write
from outlay.exports.snapshot import STALL_SECONDS

_GZIP: Final = 31


class Download(Response[bytes]):
    """A file made by `produce(write)`.

    The answer starts with the first bytes, so an error before them is an ordinary problem; one
    after them cuts the connection, which a client sees as a broken answer. A client that goes
    away, or takes nothing for a minute, cancels `produce`.
    """

    def __init__(self, produce: Produce, *, name: str, media_type: str, gzip: bool) -> None:
        super().__init__(b"", media_type=media_type)
        head = [
            (b"content-type", media_type.encode()),
            (b"content-disposition", disposition(name).encode()),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        self.sent = _Sent(zipped(produce) if gzip else produce, head)

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return self.sent


class _Sent(ASGIResponse):
    __slots__ = ("head", "produce", "started")

    def __init__(self, produce: Produce, head: list[tuple[bytes, bytes]]) -> None:
        super().__init__()
        self.produce = produce
        self.head = head
        self.started = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        work = asyncio.create_task(self._work(send))
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            work.cancel()
            await asyncio.wait({work, gone})
        if not work.cancelled():
            work.result()

    async def _work(self, send: Send) -> None:
        async def write(chunk: bytes) -> None:
            async with asyncio.timeout(STALL_SECONDS):
                if not self.started:
                    self.started = True
                    await send({"type": "http.response.start", "status": 200, "headers": self.head})
                await send({"type": "http.response.body", "body": chunk, "more_body": True})

        await self.produce(write)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def zipped(produce: Produce) -> Produce:
    """The same bytes in gzip format; without a time, so that equal input gives equal output."""

    async def wrapped(write: Write) -> None:
        packer = zlib.compressobj(wbits=_GZIP)

        async def pack(chunk: bytes) -> None:
            if packed := packer.compress(chunk):
                await write(packed)

        await produce(pack)
        await write(packer.flush())

    return wrapped


def disposition(name: str) -> str:
    """Content-Disposition for a file name of any script (RFC 6266); no byte of it can end the header."""
    plain = re.sub(r"[^A-Za-z0-9._]+", "-", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def file_stem(ledger: str) -> str:
    """A ledger's name as a part of a file's name: its letters and digits, joined by dashes."""
    return "-".join(re.findall(r"\w+", ledger))[:60].lower() or "ledger"
