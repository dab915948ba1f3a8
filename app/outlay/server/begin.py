"""The embedded PostgreSQL on its way up while the rest of the program is still being loaded."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from outlay.embedded import EmbeddedPostgres, data_dir
from outlay.settings import Settings


@dataclass(frozen=True, slots=True)
class Begun:
    """A start in a thread of its own; `address` raises an EmbeddedError when it fails."""

    folder: Path
    address: Future[str]


@contextmanager
def begin(settings: Settings) -> Iterator[Begun | None]:
    """Begin to start the embedded server, and stop it at the end of the block.

    None where a database address is given. Raises an EmbeddedError where the data folder cannot be
    used.
    """
    if settings.database_url is not None:
        yield None
        return
    folder = data_dir(settings.data_dir)
    postgres = EmbeddedPostgres(folder)
    with ThreadPoolExecutor(1, thread_name_prefix="outlay-start") as threads:
        begun = Begun(folder, threads.submit(postgres.start))
        try:
            yield begun
        finally:
            wait([begun.address])
            postgres.stop()
