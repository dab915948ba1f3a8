"""The runs under a prefix, told from the list of objects alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from outlay_backup import layout
from outlay_backup.errors import DamagedError, RunNotFoundError
from outlay_backup.model import Manifest, Verified
from outlay_backup.store import Entry, Store
from outlay_backup.times import from_stamp

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """One run; `bytes` is the stored dump's size, `objects` all that belongs to it."""

    name: str
    started: datetime
    complete: bool
    verified: bool
    bytes: int
    objects: tuple[Entry, ...]


def all_runs(store: Store) -> list[Run]:
    """Return every run, newest first; other objects are not ours and are left out."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in store.entries():
        run = layout.run_of(entry.path)
        if run is not None:
            found[run].append(entry)
    return [_run(name, found[name]) for name in sorted(found, reverse=True)]


def _run(name: str, objects: list[Entry]) -> Run:
    sizes = {entry.path.removeprefix(f"{name}/"): entry.bytes for entry in objects}
    started = from_stamp(name)
    assert started is not None  # noqa: S101 - is_run looked
    complete = layout.MANIFEST in sizes
    return Run(
        name=name,
        started=started,
        complete=complete,
        verified=complete and layout.VERIFIED in sizes,
        bytes=sizes.get(layout.DUMP, 0),
        objects=tuple(objects),
    )


def held(found: Iterable[Run]) -> tuple[int, int]:
    """Return how many verified backups these are, and the bytes of all that belongs to them."""
    verified = [run for run in found if run.verified]
    return len(verified), sum(entry.bytes for run in verified for entry in run.objects)


def last_drill(store: Store, runs: Iterable[Run]) -> datetime | None:
    """Return when the owner's own key last restored one of them; None where it never did."""
    drilled = [run for run in runs if layout.at(run.name, layout.DRILL) in _paths(run)]
    told = (read(store, layout.at(run.name, layout.DRILL), Verified) for run in drilled)
    return max((each.at for each in told if each is not None), default=None)


def _paths(run: Run) -> set[str]:
    return {entry.path for entry in run.objects}


def find(store: Store, name: str) -> Run:
    """Return a complete run by its name, or `latest` verified; RunNotFoundError without one."""
    runs = all_runs(store)
    if name == "latest":
        found = next((run for run in runs if run.verified), None)
        if found is None:
            raise RunNotFoundError(f"{store.location} holds no verified backup.")
        return found
    found = next((run for run in runs if run.name == name), None)
    if found is None:
        raise RunNotFoundError(f"{store.location} holds no backup {name}.")
    if not found.complete:
        raise RunNotFoundError(f"{name} is incomplete: its upload was never finished.")
    return found


def manifest(store: Store, run: str) -> Manifest:
    """Read what was dumped; DamagedError where it cannot be read."""
    found = read(store, layout.at(run, layout.MANIFEST), Manifest)
    if found is None:
        raise RunNotFoundError(f"{store.location} holds no backup {run}.")
    if found.run != run:
        raise DamagedError(f"The manifest of {run} is that of {found.run}.")
    return found


def read(store: Store, path: str, kind: type[T]) -> T | None:
    data = store.get(path)
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        raise DamagedError(f"{path} in {store.location} cannot be read: {error}.") from error
