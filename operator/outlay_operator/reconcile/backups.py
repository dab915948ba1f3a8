"""A Backup: its Job is started once, watched, and what it tells becomes the status."""

from typing import Any, Final

from msgspec import UnsetType
from msgspec.structs import replace

from outlay_operator import events, kinds, names, outcomes, waiting
from outlay_operator.jobs import backup as jobs
from outlay_operator.labels import FINISHED, SCHEDULE
from outlay_operator.model.backup import BackupSpec, BackupStatus
from outlay_operator.queue import Key
from outlay_operator.reconcile import backup_status as states
from outlay_operator.reconcile import lookup
from outlay_operator.reconcile.backup_wish import wish
from outlay_operator.reconcile.context import (
    Context,
    RefusedError,
    keep_status,
    owned,
    spec_of,
    status_of,
)
from outlay_operator.reconcile.leaving import leave

Object = dict[str, Any]
# A pod that waits says so without an event of its Job.
LOOK_AGAIN: Final = 8.0
ASK_AGAIN: Final = 300.0
SETTLED_SECONDS: Final = 1.5


async def reconcile(context: Context, key: Key) -> float | None:
    """Look at one; return after how many seconds to look again, None where only a change matters."""
    found = await context.api.get(kinds.BACKUPS, key.namespace, key.name)
    if found is None or "deletionTimestamp" in found["metadata"]:
        context.book.note(context.book.backups, key, None)
        return None
    spec, before = spec_of(found, BackupSpec), status_of(found, BackupStatus)
    schedule = schedule_of(spec)
    if before.state in states.DONE:
        await _mark(context, found, schedule, done=True)
        _keep_summary(context, key, schedule, before, found)
        return None
    status = replace(before, observed_generation=found["metadata"].get("generation", 0))
    try:
        after = await _looked_at(context, found, spec, status)
    except RefusedError as error:
        after = states.waits(status, error.reason, str(error))
    await _tell(context, found, before, after)
    if after.state in states.DONE and after.job:
        good = after.state == states.VERIFIED
        await leave(context, key.namespace, after.job, good=good)
    if await keep_status(context.api, kinds.BACKUPS, found, after) and schedule:
        context.wake(kinds.SCHEDULES, key.namespace, schedule)
        # The list that a schedule reads may be a moment behind.
        context.wake(kinds.SCHEDULES, key.namespace, schedule, delay=SETTLED_SECONDS)
    await _mark(context, found, schedule, done=after.state in states.DONE)
    _keep_summary(context, key, schedule, after, found)
    if after.state in states.DONE:
        return None
    return ASK_AGAIN if after.state == states.UNKNOWN_STATE else LOOK_AGAIN


def schedule_of(spec: BackupSpec) -> str:
    """Return the schedule whose run it is, or whose settings it takes; empty without one."""
    if not isinstance(spec.recorded, UnsetType):
        return spec.recorded.schedule
    return "" if isinstance(spec.schedule_name, UnsetType) else spec.schedule_name


def _keep_summary(
    context: Context, key: Key, schedule: str, status: BackupStatus, found: Object
) -> None:
    created = str(found["metadata"]["creationTimestamp"])
    made = states.summary(key.name, schedule, status, created)
    context.book.note(context.book.backups, key, made)


async def _looked_at(
    context: Context, found: Object, spec: BackupSpec, status: BackupStatus
) -> BackupStatus:
    if isinstance(spec.recorded, UnsetType):
        job, status = await _own_job(context, found, spec, status)
    else:
        status = replace(status, job=spec.recorded.job, job_uid=spec.recorded.uid)
        job = await _job(context, found, status)
    namespace = found["metadata"]["namespace"]
    pods = await context.pods_of(namespace, status.job) if job is not None else []
    if job is not None and not outcomes.finished(job):
        reason, message = await waiting.reason(context.api, pods)
        if reason:
            return states.waits(_begun(status, job), reason, message)
        if not pods and job.get("spec", {}).get("suspend"):
            return states.waits(status, "Suspended", f"The Job {status.job} is suspended.")
        return states.runs(_begun(status, job))
    return await _after(context, found, spec, status, job, pods)


async def _after(
    context: Context,
    found: Object,
    spec: BackupSpec,
    status: BackupStatus,
    job: Object | None,
    pods: list[Object],
) -> BackupStatus:
    told = outcomes.told_by(pods)
    if told is not None:
        return states.ended(_begun(status, job), told)
    known = lookup.seen(status, job, outcomes.ends(pods))
    return await lookup.asked(context, found, spec, _begun(status, job), known)


async def _own_job(
    context: Context, found: Object, spec: BackupSpec, status: BackupStatus
) -> tuple[Object | None, BackupStatus]:
    """Return the Job that somebody's Backup is: made once, and never again."""
    namespace = found["metadata"]["namespace"]
    name = names.job("backup", found["metadata"]["name"])
    job = await context.api.get(kinds.JOBS, namespace, name)
    if job is None and not status.job_uid:
        made = jobs.job(found, await wish(context, found, spec), context.settings)
        job = await context.api.create(kinds.JOBS, namespace, made)
        job = job or await context.api.get(kinds.JOBS, namespace, name)
        await events.tell(context.api, found, events.NORMAL, "Started", f"The Job {name} runs it.")
    if job is not None and not owned(job, found):
        raise RefusedError(
            "NameTaken",
            f"There is a Job {name} that is not of this Backup. Delete it, or this one.",
        )
    if job is not None:
        status = replace(status, job=name, job_uid=job["metadata"]["uid"])
    return job, status


async def _job(context: Context, found: Object, status: BackupStatus) -> Object | None:
    job = await context.api.get(kinds.JOBS, found["metadata"]["namespace"], status.job)
    return job if job is not None and job["metadata"]["uid"] == status.job_uid else None


def _begun(status: BackupStatus, job: Object | None) -> BackupStatus:
    if isinstance(status.started, str) or job is None:
        return status
    begun = job.get("status", {}).get("startTime") or job["metadata"]["creationTimestamp"]
    return replace(status, started=str(begun))


async def _mark(context: Context, found: Object, schedule: str, *, done: bool) -> None:
    """Labels by which a schedule finds its runs, and by which those that are done are passed over."""
    wanted = {SCHEDULE: schedule} if schedule else {}
    if done:
        wanted[FINISHED] = found["metadata"]["uid"]
    known = found["metadata"].get("labels", {})
    if any(known.get(name) != value for name, value in wanted.items()):
        made = {"metadata": {"name": found["metadata"]["name"], "labels": wanted}}
        await context.api.apply(kinds.BACKUPS, found["metadata"]["namespace"], made)


async def _tell(context: Context, found: Object, before: BackupStatus, after: BackupStatus) -> None:
    if (before.state, before.reason) == (after.state, after.reason):
        return
    match after.state:
        case states.VERIFIED:
            text = f"{after.run} is stored, was restored and compared: {after.rows} rows of {after.tables} tables."
            await events.tell(context.api, found, events.NORMAL, "Verified", text)
        case states.FAILED | states.UNVERIFIED | states.UNKNOWN_STATE | states.WAITING:
            reason = after.reason or after.state
            await events.tell(context.api, found, events.WARNING, reason, after.message or reason)
        case _:
            pass
