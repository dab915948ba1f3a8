"""Streams: a program's output, compressed, encrypted, hashed and stored, and all the way back.

Nothing is kept but what is on its way: some MiB in memory, no temporary file.
"""

import hashlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Final, Protocol, cast

import pyrage
import zstandard

from outlay_backup.errors import BackupError, DamagedError, KeyRefusedError
from outlay_backup.keys import Identity, Recipient
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


@dataclass
class _Fetched:
    """An object as a file to read from, hashed on its way."""

    parts: Iterator[bytes]
    count: Count
    sha256: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    total: int = 0
    failure: BackupError | None = None
    _rest: memoryview = field(default_factory=lambda: memoryview(b""))

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = memoryview(self._next())
        taken = bytes(self._rest[: size if size >= 0 else None])
        self._rest = self._rest[len(taken) :]
        return taken

    def drain(self) -> None:
        """Read on to the end, for the hash."""
        while self._next():
            pass

    def _next(self) -> bytes:
        try:
            part = next(self.parts, b"")
        except BackupError as error:
            self.failure = error
            raise
        data = bytes(part)
        self.sha256.update(data)
        self.total += len(data)
        self.count(len(data))
        return data


class _Target:
    """A file to write to that keeps its own failure: pyrage turns it into another."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self.file.write(data)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        self.file.flush()


def fetch_stream(
    store: Store,
    stored: Stored,
    identities: Sequence[Identity],
    target: IO[bytes],
    count: Count = lambda _: None,
) -> None:
    """Fetch a stored object again, check its hash, decrypt it and write it out plain.

    `count` is told of fetched bytes as they come. Raises DamagedError where it is not what was
    stored, KeyRefusedError where these keys do not open it, OSError where `target` takes no more.
    """
    fetched = _Fetched(store.stream(stored.path), count)
    written = _Target(target)
    plain = zstandard.ZstdDecompressor().stream_writer(cast("IO[bytes]", written), closefd=False)
    failure: Exception | None = None
    try:
        pyrage.decrypt_io(fetched, plain, list(identities))
        plain.flush()  # type: ignore[no-untyped-call]
    except (pyrage.DecryptError, OSError, zstandard.ZstdError) as error:
        if fetched.failure is not None:
            raise fetched.failure from error
        if written.failure is not None:
            raise written.failure from error
        failure = error
    fetched.drain()
    if (fetched.total, fetched.sha256.hexdigest()) != (stored.bytes, stored.sha256):
        raise DamagedError(
            f"{stored.path} in {store.location} is not what was stored: {fetched.total} bytes with"
            f" sha256 {fetched.sha256.hexdigest()[:16]}..., {stored.bytes} with"
            f" {stored.sha256[:16]}... were expected."
        ) from failure
    if failure is not None:
        raise KeyRefusedError(
            f"The key does not open {stored.path}: {failure}. Give the private key of one of the"
            " owners that the manifest names."
        ) from failure
