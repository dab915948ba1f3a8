"""A stream on its way into a store: compressed, encrypted, hashed.

Nothing is kept but what is on its way: some MiB in memory, no temporary file.
"""

import hashlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Final, Protocol, cast

import pyrage
import zstandard

from outlay_backup.errors import BackupError
from outlay_backup.keys import Recipient
from outlay_backup.model import Stored
from outlay_backup.store import Store

LEVEL: Final = 3
_PIECE: Final = 1 << 20
_WAITING: Final = 8
_POLL: Final = 0.5

Count = Callable[[int], None]


class Source(Protocol):
    """Where bytes come from; `finish` raises when they were not all."""

    def read(self, size: int, /) -> bytes: ...

    def finish(self) -> None: ...


class _Counted:
    """Counts what is read, and finds out at its end whether that was all."""

    def __init__(self, source: Source, count: Count) -> None:
        self.source, self.count = source, count
        self.total = 0
        self.failure: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            data = self.source.read(size)
            if not data:
                self.source.finish()
        except BackupError as error:
            # pyrage turns what is raised here into an error of its own.
            self.failure = error
            raise
        self.total += len(data)
        self.count(len(data))
        return data


class _Sink:
    """Takes ciphertext from one thread and hands it to the upload's in pieces of a MiB."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.total = 0
        self._piece = bytearray()
        self._pieces: queue.Queue[bytes | BaseException | None] = queue.Queue(_WAITING)
        self._over = threading.Event()

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        self.total += len(data)
        self._piece += data
        if len(self._piece) >= _PIECE:
            self._hand(bytes(self._piece))
            self._piece.clear()
        return len(data)

    def flush(self) -> None:
        """Pieces go when they are full, and at the end."""

    def end(self, failure: BaseException | None) -> None:
        if failure is None and self._piece:
            self._hand(bytes(self._piece))
        self._hand(failure)

    def give_up(self) -> None:
        """The upload has failed: whoever writes must not wait for it."""
        self._over.set()

    def __iter__(self) -> Iterator[bytes]:
        while True:
            piece = self._pieces.get()
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    def _hand(self, piece: bytes | BaseException | None) -> None:
        while not self._over.is_set():
            try:
                self._pieces.put(piece, timeout=_POLL)
            except queue.Full:
                continue
            return
        raise _UploadOverError


class _UploadOverError(Exception):
    """Ends the writing thread; the upload's own error is the one that is told."""


def store_stream(
    store: Store,
    path: str,
    source: Source,
    recipients: Sequence[Recipient],
    expected: int,
    count: Count = lambda _: None,
) -> Stored:
    """Compress, encrypt and store what `source` yields; whole or not at all.

    `expected` are about the bytes that will come; `count` is told of plain bytes as they go.
    """
    counted, sink = _Counted(source, count), _Sink()

    def write() -> None:
        try:
            packed = zstandard.ZstdCompressor(level=LEVEL).stream_reader(
                cast("IO[bytes]", counted), read_size=_PIECE
            )
            pyrage.encrypt_io(packed, sink, list(recipients))
            sink.end(None)
        except _UploadOverError:
            return
        except Exception as error:  # noqa: BLE001 - handed to the thread that uploads
            try:
                sink.end(counted.failure or error)
            except _UploadOverError:
                return

    writer = threading.Thread(target=write, name="outlay-backup-pack", daemon=True)
    writer.start()
    try:
        store.put_stream(path, iter(sink), expected)
    finally:
        sink.give_up()
        writer.join()
    return Stored(path, sink.total, sink.sha256.hexdigest(), counted.total)
