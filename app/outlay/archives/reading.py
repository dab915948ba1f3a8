"""From an upload to the lines of an archive, in bounded memory."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from litestar.types import Receive

from outlay.archives.errors import ArchiveRefused
from outlay.archives.frame import MOST_LINE
from outlay.errors import TimedOut, TooLarge

_PIECE: Final = 64 * 1024
_IN_MEMORY: Final = 1 << 20
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = 31


@asynccontextmanager
async def uploaded(receive: Receive, *, most: int, patience: float) -> AsyncIterator[IO[bytes]]:
    """The request's body in a temporary file, so that no slow client holds the database.

    Raises TooLarge beyond `most` bytes, TimedOut when no byte comes for `patience` seconds.
    """
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        size = 0
        async for piece in _body(receive, patience):
            size += len(piece)
            if size > most:
                raise TooLarge(f"An archive may have {most} bytes at most; pack it with gzip")
            file.write(piece)
        yield file


async def _body(receive: Receive, patience: float) -> AsyncIterator[bytes]:
    while True:
        try:
            async with asyncio.timeout(patience):
                message = await receive()
        except TimeoutError as error:
            raise TimedOut from error
        if message["type"] != "http.request":
            raise TimedOut("The connection ended before the archive was whole")
        yield message["body"]
        if not message.get("more_body", False):
            return


async def batches(file: IO[bytes], *, most: int) -> AsyncIterator[list[bytes]]:
    """The file's lines, as many at once as come in one piece; `most` bytes in all, unpacked."""
    pieces = _bounded(file, most)
    number, rest = 0, b""
    while piece := await asyncio.to_thread(next, pieces, b""):
        *lines, rest = (rest + piece).split(b"\n")
        for line in (*lines, rest):
            number += 1
            if len(line) > MOST_LINE:
                raise ArchiveRefused(f"Line {number} has more than {MOST_LINE} bytes")
        number -= 1
        yield lines
    if rest:
        yield [rest]


def _bounded(file: IO[bytes], most: int) -> Iterator[bytes]:
    file.seek(0)
    size = 0
    for piece in _unpacked(file):
        size += len(piece)
        if size > most:
            raise TooLarge(f"An archive may have {most} bytes at most when it is unpacked")
        yield piece


def _unpacked(file: IO[bytes]) -> Iterator[bytes]:
    piece = file.read(_PIECE)
    if piece.startswith(_GZIP_MAGIC):
        yield from _inflated(file, piece)
        return
    while piece:
        yield piece
        piece = file.read(_PIECE)


def _inflated(file: IO[bytes], packed: bytes) -> Iterator[bytes]:
    """Never more than a piece at a time, however much a few bytes stand for."""
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        while packed:
            if piece := unpacker.decompress(packed, _PIECE):
                yield piece
            packed = unpacker.unconsumed_tail or (b"" if unpacker.eof else file.read(_PIECE))
        if piece := unpacker.flush():
            yield piece
    except zlib.error as error:
        raise ArchiveRefused("The gzip file is damaged; copy or export it again") from error
    if not unpacker.eof:
        raise ArchiveRefused("The gzip file ends too early: it was cut off")
    if unpacker.unused_data or file.read(1):
        raise ArchiveRefused("Something follows the end of the gzip file; send it alone")
