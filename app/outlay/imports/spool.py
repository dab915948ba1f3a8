"""An uploaded file on its way: small in memory, larger in a file that no name leads to."""

import asyncio
import hashlib
import zlib
from collections.abc import AsyncIterator, Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Final, Self

from outlay.errors import TooLarge
from outlay.imports.detect.encoding import Utf8Check
from outlay.imports.detect.magic import refuse_known
from outlay.imports.detect.propose import SAMPLE_BYTES
from outlay.imports.model import FileRefused

PIECE: Final = 1 << 20
_KNOWN_BY: Final = 1024


class Spool:
    """Takes the bytes of one file as they come and keeps at most 1 MiB of them in memory.

    The rest lies in a temporary file (in TMPDIR) that has no name: whatever ends the process ends
    the file. Checks run while the bytes come; what is known to be no CSV file is not kept, and
    `finish` raises FileRefused for it.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self.sample = b""
        self._file = SpooledTemporaryFile(max_size=PIECE)  # noqa: SIM115 - closed by __exit__
        self._pending: list[bytes] = []
        self._waiting = 0
        self._utf8 = Utf8Check()
        self._sha256 = hashlib.sha256()
        self._refused: FileRefused | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def sha256(self) -> bytes:
        return self._sha256.digest()

    @property
    def is_complete(self) -> bool:
        """Whether the sample is the whole file."""
        return self.size <= SAMPLE_BYTES

    @property
    def is_utf8(self) -> bool:
        return self._utf8.ok

    async def take(self, chunk: bytes) -> None:
        """Keep the next bytes; raises TooLarge beyond `most` bytes."""
        self.size += len(chunk)
        if self.size > self.most:
            raise too_large(self.most)
        if self._refused is not None:
            return
        if len(self.sample) < SAMPLE_BYTES:
            self._look(chunk)
        self._pending.append(chunk)
        self._waiting += len(chunk)
        if self._waiting >= PIECE:
            await asyncio.to_thread(self._write, final=False)

    async def finish(self) -> None:
        """End the file and go back to its start; raises FileRefused for what is no CSV file."""
        if self._refused is None:
            self._judge()
        if self._refused is not None:
            raise self._refused
        await asyncio.to_thread(self._write, final=True)
        self._file.seek(0)

    def chunks(self, size: int) -> Iterator[bytes]:
        """Read the whole file in chunks of `size` bytes."""
        self._file.seek(0)
        return iter(lambda: self._file.read(size), b"")

    async def packed(self) -> AsyncIterator[bytes]:
        """The file in compressed pieces of 1 MiB before compression."""
        for piece in self.chunks(PIECE):
            yield await asyncio.to_thread(zlib.compress, piece, 1)

    async def take_packed(self, piece: bytes) -> None:
        await self.take(await asyncio.to_thread(zlib.decompress, piece))

    def _look(self, chunk: bytes) -> None:
        before = len(self.sample)
        self.sample += chunk[: SAMPLE_BYTES - before]
        if before < _KNOWN_BY <= len(self.sample) and self.sample.strip():
            self._judge()

    def _judge(self) -> None:
        try:
            refuse_known(self.sample)
        except FileRefused as error:
            self._refused = error
            self._pending.clear()

    def _write(self, *, final: bool) -> None:
        data = b"".join(self._pending)
        self._pending.clear()
        self._waiting = 0
        self._sha256.update(data)
        self._utf8.feed(data, final=final)
        self._file.write(data)


def too_large(most: int) -> TooLarge:
    shown = f"{most >> 20} MB" if most >= PIECE else f"{most} bytes"
    return TooLarge(f"A file may have {shown} at most; split it, or raise OUTLAY_MAX_UPLOAD")
