"""How a run in a store ended, when nobody was told: from what lies there."""

from datetime import datetime

import msgspec

from outlay_backup import layout, runs
from outlay_backup.errors import RunNotFoundError, UnfinishedError
from outlay_backup.model import Manifest, Result, Verified
from outlay_backup.runs import Run
from outlay_backup.store import Store


class _Begun(msgspec.Struct, frozen=True):
    run: str
    started: datetime


def by_digits(store: Store, digits: str) -> Run:
    """Return the newest run whose name ends with these digits; RunNotFoundError."""
    found = next((run for run in runs.all_runs(store) if run.name.endswith(f"-{digits}")), None)
    if found is None:
        raise RunNotFoundError(f"{store.location} holds no run of {digits}: it stored nothing.")
    return found


def by_name(store: Store, name: str) -> Run:
    """Return the run of that name, complete or not; RunNotFoundError."""
    found = next((run for run in runs.all_runs(store) if run.name == name), None)
    if found is None:
        raise RunNotFoundError(f"{store.location} holds no run {name}.")
    return found


def ending(store: Store, run: Run) -> Result:
    """Return its own result, else what the objects say: then `finished` is the last known moment.

    A run that was ended from outside has the reason Unfinished, and so has one that is under way.
    """
    told = runs.read(store, layout.at(run.name, layout.RESULT), Result)
    if told is not None:
        return told
    begun = runs.read(store, layout.at(run.name, layout.BEGUN), _Begun)
    started = begun.started if begun else run.started
    if not run.complete:
        return Result(
            run=run.name,
            started=started,
            finished=started,
            complete=False,
            verified=False,
            location=f"{store.location}/{run.name}",
            reason=UnfinishedError.reason,
            message="It was ended from outside before its dump was whole, or is still under way.",
        )
    verified = runs.read(store, layout.at(run.name, layout.VERIFIED), Verified)
    return _complete(store, run, runs.manifest(store, run.name), verified)


def _complete(store: Store, run: Run, manifest: Manifest, verified: Verified | None) -> Result:
    why = "It was ended from outside before it was compared, or is still under way."
    dump = round((manifest.finished - manifest.started).total_seconds(), 2)
    return Result(
        run=run.name,
        started=manifest.started,
        finished=verified.at if verified else manifest.finished,
        complete=True,
        verified=verified is not None,
        bytes=manifest.dump.bytes,
        tables=len(manifest.contents.tables),
        rows=manifest.contents.rows,
        location=f"{store.location}/{run.name}",
        reason="" if verified else UnfinishedError.reason,
        message="" if verified else why,
        seconds={"dump": dump} | (verified.seconds if verified else {}),
    )
