"""A wire to PostgreSQL that a test can cut and mend."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, quote, urlsplit

_SOCKET = ".s.PGSQL.5432"


class Cable:
    """Forwards a Unix socket in `folder` to the server's."""

    def __init__(self, folder: Path, target: str) -> None:
        self.folder = folder
        self.target = target
        self.server: asyncio.Server | None = None
        self.ends: set[asyncio.StreamWriter] = set()

    async def mend(self) -> None:
        self.server = await asyncio.start_unix_server(self._forward, self.folder / _SOCKET)

    async def cut(self) -> None:
        """End every connection, and take no new one."""
        self.server.close()
        (self.folder / _SOCKET).unlink(missing_ok=True)
        for end in list(self.ends):
            end.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(self.target)
        self.ends |= {writer, there[1]}
        await asyncio.gather(_pump(reader, there[1]), _pump(there[0], writer))
        self.ends -= {writer, there[1]}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def cable(dsn: str) -> AsyncIterator[tuple[Cable, str]]:
    """A cable to the server of `dsn`, and the address at its near end."""
    parts = urlsplit(dsn)
    target = parse_qs(parts.query)["host"][0]
    with TemporaryDirectory(prefix="outlay-") as folder:
        made = Cable(Path(folder), f"{target}/{_SOCKET}")
        await made.mend()
        yield made, dsn.replace(quote(target, safe="/"), quote(folder, safe="/"))
        await made.cut()
