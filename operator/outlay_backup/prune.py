"""Carries a retention plan out: below our own prefix, and there only what is a run's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path

from outlay_backup import layout, owner, rules, runs
from outlay_backup.errors import OwnedByOtherError, StoreDeniedError, StoreError
from outlay_backup.runs import Run
from outlay_backup.store import Store
from outlay_backup.times import now


@dataclass(frozen=True, slots=True)
class Pruned:
    """The plan, what of it was carried out, and why not all of it."""

    plan: rules.Plan
    removed: tuple[str, ...] = ()
    leftovers: int = 0
    refused: str = ""

    @property
    def would_remove(self) -> tuple[str, ...]:
        return (*self.plan.incomplete, *self.plan.delete)


@dataclass(frozen=True, slots=True)
class Retention:
    """What to keep, by whose calendar; `deadline` is the longest that a run may take."""

    policy: rules.Policy
    zone: tzinfo
    deadline: timedelta


def prune(store: Store, whose: str, retention: Retention, *, dry_run: bool) -> Pruned:
    """Plan, and delete unless `dry_run`; OwnedByOtherError where the place is not `whose`.

    A store that forbids deleting is told about and is no error: Object Lock is a good thing.
    """
    marker = owner.read(store)
    if marker is not None and marker.owner != whose:
        raise OwnedByOtherError(
            f"{store.location} belongs to the backups of {marker.owner}, not of {whose}."
        )
    found = {run.name: run for run in runs.all_runs(store)}
    plan = _plan(found.values(), retention)
    removed: list[str] = []
    leftovers, refused = 0, ""
    try:
        for name in () if dry_run else (*plan.incomplete, *plan.delete):
            _remove(store, found[name])
            removed.append(name)
        leftovers = 0 if dry_run else _sweep(store, retention)
    except StoreDeniedError as error:
        refused = f"Nothing can be deleted: {error}"
    return Pruned(plan, tuple(removed), leftovers, refused)


def _plan(found: Iterable[Run], retention: Retention) -> rules.Plan:
    backups = [rules.Backup(run.name, run.started, run.complete, run.verified) for run in found]
    return rules.plan(backups, retention.policy, retention.zone, now(), retention.deadline)


def _remove(store: Store, run: Run) -> None:
    """The manifest first: what a kill leaves is incomplete, and goes the next time."""
    first = [layout.at(run.name, name) for name in (layout.VERIFIED, layout.MANIFEST)]
    there = {entry.path for entry in run.objects}
    begun = layout.at(run.name, layout.BEGUN)
    store.delete(path for path in first if path in there)
    store.delete(sorted(there - {*first, begun}))
    store.delete([begun] if begun in there else [])
    store.tidy(run.name)


def _sweep(store: Store, retention: Retention) -> int:
    """Remove what a killed upload left in a folder, once it can no longer be going on."""
    oldest = (now() - 2 * retention.deadline).timestamp()
    swept = 0
    for path in store.leftovers():
        run = layout.run_of(str(path.relative_to(store.folder or Path())))
        try:
            if run is not None and path.stat().st_mtime < oldest:
                path.unlink()
                store.tidy(run)
                swept += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StoreError(f"{path} cannot be removed: {error.strerror}.") from error
    return swept
