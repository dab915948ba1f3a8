"""A stored stream on its way back: fetched, hashed, decrypted, written out plain."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, cast

import pyrage
import zstandard

from outlay_backup.errors import BackupError, DamagedError, KeyRefusedError
from outlay_backup.keys import Identity
from outlay_backup.model import Stored
from outlay_backup.store import Store

Count = Callable[[int], None]


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
