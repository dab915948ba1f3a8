"""One run from its beginning to its result: create, verify, prune."""

import asyncio
import contextlib
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from outlay_backup import keys, layout, runs
from outlay_backup.create import Order, create
from outlay_backup.errors import BackupError, DeadlineError, StoppedError
from outlay_backup.model import Manifest, Result, Verified, encode
from outlay_backup.progress import Progress
from outlay_backup.prune import Pruned, Retention, prune
from outlay_backup.store import Store
from outlay_backup.times import now
from outlay_backup.verify import OWN_KEY, Trial, verify

T = TypeVar("T")

# A termination message holds 4 KiB, of which others may take some.
RESULT_BYTES: Final = 3072
KEEP_SECONDS: Final = 60.0
_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Job:
    """Everything one run needs; `trial` None leaves it unverified, `retention` None prunes nothing.

    `deadline` in seconds; 0 is none. `digits` are those of the run's name, random by default.
    """

    order: Order
    store: Store
    trial: Trial | None
    retention: Retention | None = None
    deadline: float = 0.0
    prune_dry_run: bool = False
    digits: str = ""


@dataclass(slots=True)
class _State:
    """How far a run has come."""

    run: str
    started: datetime
    manifest: Manifest | None = None
    verified: Verified | None = None
    pruned: Pruned | None = None
    held: tuple[int, int] | None = None
    last_drill: datetime | None = None
    failure: BackupError | None = None
    notes: list[str] = field(default_factory=list)


async def run_job(
    job: Job, progress: Progress, tell: Callable[[Result], None] = lambda _: None
) -> tuple[Result, BackupError | None]:
    """Do it all; what went wrong is in the result and is returned, never raised.

    Cancelled, it is told as stopped. `tell` gets the result before the store does, which may hang.
    """
    started = now()
    state = _State(layout.new_run(started, job.digits), started)
    try:
        await within(job.deadline, _steps(job, state, progress))
    except BackupError as error:
        state.failure = error
    except asyncio.CancelledError:
        state.failure = StoppedError("The run was stopped before its end.")
    except Exception as error:  # noqa: BLE001 - whoever waits for the result must get one
        traceback.print_exc()
        state.failure = BackupError(f"This should not happen: {type(error).__name__}: {error}")
    result = _result(job, state)
    tell(result)
    with contextlib.suppress(BackupError):
        await within(KEEP_SECONDS, asyncio.to_thread(_keep, job.store, result))
    return result, state.failure


async def _steps(job: Job, state: _State, progress: Progress) -> None:
    own = keys.own()
    state.manifest = await create(
        job.order, job.store, own.to_public(), state.run, state.started, progress
    )
    if job.trial is not None:
        state.verified = await verify(job.store, state.run, [own], job.trial, progress, key=OWN_KEY)
    if job.retention is not None:
        progress.begin("Pruning", None)
        state.pruned = await asyncio.to_thread(
            prune, job.store, state.manifest.owner, job.retention, dry_run=job.prune_dry_run
        )
        if state.pruned.refused:
            state.notes.append(state.pruned.refused)
    # What can no longer be looked at makes no backup worse.
    with contextlib.suppress(BackupError):
        await asyncio.to_thread(_look, job.store, state)


def _look(store: Store, state: _State) -> None:
    found = runs.all_runs(store)
    state.held = runs.held(found)
    state.last_drill = runs.last_drill(store, found)


async def within(seconds: float, work: Awaitable[T]) -> T:
    """Wait for it, for so many seconds at most (0: as long as it takes); DeadlineError."""
    try:
        async with asyncio.timeout(seconds or None):
            return await work
    except TimeoutError as error:
        raise DeadlineError(
            f"It took longer than the {seconds:.0f} seconds of its deadline, and was ended."
        ) from error


def _result(job: Job, state: _State) -> Result:
    manifest, verified, failure = state.manifest, state.verified, state.failure
    pruned = state.pruned
    return Result(
        run=state.run,
        started=state.started,
        finished=now(),
        complete=manifest is not None,
        verified=verified is not None,
        bytes=manifest.dump.bytes if manifest else 0,
        tables=len(manifest.contents.tables) if manifest else 0,
        rows=manifest.contents.rows if manifest else 0,
        reason=failure.reason if failure else "",
        message=str(failure) if failure else "",
        location=f"{job.store.location}/{state.run}",
        notes=tuple(state.notes),
        seconds=_seconds(state),
        removed=pruned.removed if pruned else (),
        would_remove=pruned.would_remove if pruned and job.prune_dry_run else (),
        retention_refused=bool(pruned and pruned.refused),
        stored=state.held[0] if state.held else None,
        stored_bytes=state.held[1] if state.held else None,
        last_drill=state.last_drill,
    )


def _seconds(state: _State) -> dict[str, float]:
    if state.manifest is None:
        return {}
    dump = round((state.manifest.finished - state.started).total_seconds(), 2)
    return {"dump": dump} | (state.verified.seconds if state.verified else {})


def _keep(store: Store, result: Result) -> None:
    """Beside a run that had begun; a place that is another's is left alone."""
    if store.get(layout.at(result.run, layout.BEGUN)) is not None:
        store.put(layout.at(result.run, layout.RESULT), encode(result))


def short(result: Result) -> bytes:
    """Return the result as JSON of at most 3 KiB: the long parts give way first."""
    many = max(len(result.removed), len(result.would_remove))
    named = msgspec.structs.replace(
        result,
        removed=result.removed[:_NAMED],
        would_remove=result.would_remove[:_NAMED],
        notes=(f"Only {_NAMED} of {many} runs are named here.",) if many > _NAMED else (),
    )
    for cut in (result, named):
        data = msgspec.json.encode(cut)
        if len(data) <= RESULT_BYTES:
            return data
    message, location = _cut(result.message, 1000), _cut(result.location, 400)
    return msgspec.json.encode(msgspec.structs.replace(named, message=message, location=location))


def _cut(text: str, most: int) -> str:
    """At most so many bytes; control characters, which JSON writes with six, become spaces."""
    plain = "".join(each if each.isprintable() or each == "\n" else " " for each in text)
    return plain.encode()[:most].decode(errors="ignore")
