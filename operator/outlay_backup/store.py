"""One place to store: what the program asks of it, and what its failures mean.

Everything blocks; callers on an event loop use threads.
"""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotSupportedError,
)

from outlay_backup.errors import StoreError, StoreMissingError
from outlay_backup.layout import is_run
from outlay_backup.store_errors import denied, meaning, names_a_missing_bucket

MIB: Final = 1 << 20
# S3 takes 10,000 parts at most; and so many of them are in memory at once.
MOST_PARTS: Final = 9000
LEAST_PART: Final = 8 * MIB
AT_ONCE: Final = 3
READ_PART: Final = 4 * MIB
_STAGED: Final = re.compile(r".*#\d+")


@dataclass(frozen=True, slots=True)
class Entry:
    """An object below the prefix; `bytes` is its size."""

    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Store:
    """An opened place; `folder` where it is one of this machine."""

    opened: Any
    location: str
    folder: Path | None = None

    def put(self, path: str, data: bytes) -> None:
        with self._told():
            obstore.put(self.opened, path, data, use_multipart=False)
        self._flush(path)

    def put_new(self, path: str, data: bytes) -> bool:
        """Store it unless something is there already (False), without a moment in between."""
        with self._told():
            try:
                obstore.put(self.opened, path, data, mode="create")
            except AlreadyExistsError:
                return False
            except NotSupportedError:
                # A store without conditional writes: the best that can be had there.
                if self.get(path) is not None:
                    return False
                obstore.put(self.opened, path, data, use_multipart=False)
        self._flush(path)
        return True

    def put_stream(self, path: str, parts: Iterator[bytes], expected: int) -> None:
        """Store what comes, in parts that suit about `expected` bytes; whole or not at all.

        What the iterator raises ends the upload and is raised again.
        """
        part = max(LEAST_PART, -(-expected // MOST_PARTS // MIB) * MIB)
        with self._told():
            obstore.put(
                self.opened,
                path,
                parts,
                use_multipart=True,
                chunk_size=part,
                max_concurrency=AT_ONCE,
            )
        self._flush(path)

    def get(self, path: str) -> bytes | None:
        """Return a small object; None where there is none."""
        with self._told():
            try:
                return bytes(obstore.get(self.opened, path).bytes())
            except FileNotFoundError as error:
                self._refuse_missing_bucket(error)
                return None

    def stream(self, path: str) -> Iterator[bytes]:
        """Yield an object's bytes; StoreMissingError where it has gone."""
        with self._told():
            try:
                yield from obstore.get(self.opened, path).stream(min_chunk_size=READ_PART)
            except FileNotFoundError as error:
                raise StoreMissingError(f"{path} is not in {self.location} any more.") from error

    def entries(self, prefix: str = "") -> list[Entry]:
        """List every object below the prefix."""
        if self.folder is not None:
            return [each for each in self._files() if each.path.startswith(prefix)]
        with self._told():
            try:
                found = obstore.list(self.opened, prefix or None, chunk_size=1000)
                return [Entry(each["path"], each["size"]) for page in found for each in page]
            except FileNotFoundError as error:
                self._refuse_missing_bucket(error)
                return []

    def _files(self) -> Iterator[Entry]:
        """The folder's files; a volume's own closed folders (lost+found) are none of ours."""
        assert self.folder is not None  # noqa: S101 - asked of folders only

        def refuse(error: OSError) -> None:
            closed = os.path.relpath(error.filename, self.folder)
            if closed == "." or is_run(Path(closed).parts[0]):
                raise denied(self.location, error) from error

        for base, _, names in os.walk(self.folder, onerror=refuse):
            for name in sorted(names):
                file = Path(base, name)
                if not _STAGED.fullmatch(name):
                    yield Entry(str(file.relative_to(self.folder)), file.lstat().st_size)

    def delete(self, paths: Iterable[str]) -> None:
        """Delete objects one after the other; one that has gone is no error."""
        for path in paths:
            with self._told():
                try:
                    obstore.delete(self.opened, path)
                except FileNotFoundError:
                    continue

    def leftovers(self) -> list[Path]:
        """Files of uploads that a kill cut off: folders only, other stores keep them hidden."""
        if self.folder is None:
            return []
        return [path for path in self.folder.glob("*/**/*") if _STAGED.fullmatch(path.name)]

    def tidy(self, run: str) -> None:
        """Remove a run's emptied folder, where the store has folders."""
        if self.folder is None:
            return
        for folder in (self.folder / run / "csv", self.folder / run):
            try:
                folder.rmdir()
            except OSError as error:
                if error.errno not in {errno.ENOENT, errno.ENOTEMPTY}:
                    raise StoreError(f"{folder} cannot be removed: {error.strerror}.") from error

    def _flush(self, path: str) -> None:
        """Make a file durable before anything is written that says it is there."""
        if self.folder is None:
            return
        file = self.folder / path
        try:
            for each in (file, *file.parents[: len(Path(path).parts)]):
                descriptor = os.open(each, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        except OSError as error:
            raise meaning(self.location, error) from error

    def _refuse_missing_bucket(self, error: Exception) -> None:
        if names_a_missing_bucket(error):
            raise meaning(self.location, error) from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            raise meaning(self.location, error) from error
