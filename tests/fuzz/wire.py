"""A bare connection to the service, for what no client library would send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

SECONDS = 30


@dataclass
class Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Send; a server that has closed already is found out by what it answered."""
        self.writer.write(data)
        with suppress(ConnectionError):
            await self.writer.drain()

    async def answer(self) -> httpx.Response | None:
        """The next whole answer; None when the connection ended without one."""
        async with asyncio.timeout(SECONDS):
            try:
                head = await self.reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return None
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = [tuple(line.split(": ", 1)) for line in lines if line]
            made = httpx.Response(int(first.split()[1]), headers=headers)
            body = await self.reader.readexactly(int(made.headers.get("content-length", 0)))
        return httpx.Response(made.status_code, headers=headers, content=body)

    async def end(self) -> bytes:
        """Send no more; everything up to the end of the connection."""
        with suppress(OSError):
            self.writer.write_eof()
        async with asyncio.timeout(SECONDS):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    parts = urlsplit(url)
    made = Wire(*await asyncio.open_connection(parts.hostname, parts.port))
    try:
        yield made
    finally:
        made.writer.close()


def request(method: str, path: str, *, token: str = "", body: bytes = b"", **headers: str) -> bytes:
    """A request's bytes; headers are named with _ for -."""
    lines = {
        "Host": "localhost",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    if token:
        lines["Authorization"] = f"Bearer {token}"
    if body and "Content-Length" not in lines and "Transfer-Encoding" not in lines:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body
