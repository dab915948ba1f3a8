"""A Restore: one Job that goes on where it was, then perhaps the release of what it replaced."""

from typing import Any, Final

from msgspec import UnsetType
from msgspec.structs import replace

from outlay_operator import events, kinds, names, outcomes, waiting
from outlay_operator.jobs import restore as jobs
from outlay_operator.model.places import Destination
from outlay_operator.model.restore import RestoreSpec, RestoreStatus
from outlay_operator.queue import Key
from outlay_operator.reconcile import restore_status
from outlay_operator.reconcile import restore_status as states
from outlay_operator.reconcile.context import (
    Context,
    RefusedError,
    keep_status,
    owned,
    spec_of,
    status_of,
)
from outlay_operator.reconcile.leaving import leave
from outlay_operator.reconcile.restore_wish import database, wish

Object = dict[str, Any]
LOOK_AGAIN: Final = 8.0


async def reconcile(context: Context, key: Key) -> float | None:
    """Look at one; return after how many seconds to look again, None where only a change matters."""
    found = await context.api.get(kinds.RESTORES, key.namespace, key.name)
    if found is None or "deletionTimestamp" in found["metadata"]:
        context.book.note(context.book.restores, key, None)
        return None
    spec, before = spec_of(found, RestoreSpec), status_of(found, RestoreStatus)
    status = replace(before, observed_generation=found["metadata"].get("generation", 0))
    try:
        after = await _looked_at(context, found, spec, status)
    except RefusedError as error:
        after = states.waits(status, error.reason, str(error))
    await _tell(context, found, before, after)
    if after.state in states.DONE and before.state not in states.DONE and after.job:
        await leave(context, key.namespace, after.job, good=after.state != states.FAILED)
    await keep_status(context.api, kinds.RESTORES, found, after)
    created = str(found["metadata"]["creationTimestamp"])
    backup = spec.source.backup_name
    named = "" if isinstance(backup, UnsetType) else backup
    made = restore_status.summary(key.name, named, after, created)
    context.book.note(context.book.restores, key, made)
    pending = after.state not in states.DONE or (spec.release_old and after.kept)
    return LOOK_AGAIN if pending else None


async def _looked_at(
    context: Context, found: Object, spec: RestoreSpec, status: RestoreStatus
) -> RestoreStatus:
    if status.state in states.DONE:
        if spec.release_old and status.kept:
            return await _release(context, found, spec, status)
        return status
    namespace, name = (
        found["metadata"]["namespace"],
        names.job("restore", found["metadata"]["name"]),
    )
    job = await context.api.get(kinds.JOBS, namespace, name)
    if job is None and status.job:
        return states.fails(
            status, "Lost",
            f"The Job {name} has gone before it could tell how it ended. The database is the old one or"
            " the restored one, whole: look which, and make another Restore.",
        )  # fmt: skip
    if job is None:
        asked = await wish(context, found, spec)
        job = await context.api.create(
            kinds.JOBS, namespace, jobs.job(found, asked, context.settings)
        )
        job = job or await context.api.get(kinds.JOBS, namespace, name)
        run = "" if asked.run == "latest" else asked.run
        status = replace(status, run=run)
        await events.tell(context.api, found, events.NORMAL, "Started", f"The Job {name} runs it.")
    if job is None or not owned(job, found):
        raise RefusedError(
            "NameTaken",
            f"There is a Job {name} that is not of this Restore. Delete it, or this one.",
        )
    begun = job.get("status", {}).get("startTime") or job["metadata"]["creationTimestamp"]
    return await _followed(context, spec, replace(status, job=name, started=str(begun)), job)


async def _followed(
    context: Context, spec: RestoreSpec, status: RestoreStatus, job: Object
) -> RestoreStatus:
    meta = job["metadata"]
    pods = await context.pods_of(meta["namespace"], meta["name"])
    match outcomes.finished(job):
        case "Complete":
            told = outcomes.told_by(pods, "load" if spec.dry_run else "swap")
            return states.succeeds(status, told, dry_run=spec.dry_run)
        case "Failed":
            return states.fails(status, *_why(job, pods))
        case _:
            reason, message = await waiting.reason(context.api, pods)
            if reason:
                return states.waits(status, reason, message)
            return states.goes_on(status, pods)


def _why(job: Object, pods: list[Object]) -> tuple[str, str]:
    for each in outcomes.ends(pods):
        if each.told is not None and each.told.reason:
            return each.told.reason, each.told.message
        if each.exit_code and each.seen:
            return each.reason or f"{each.container.capitalize()}Failed", each.seen
    reason, message = outcomes.failure(job)
    return reason or "Failed", message


async def _release(
    context: Context, found: Object, spec: RestoreSpec, status: RestoreStatus
) -> RestoreStatus:
    """Drop the database that was kept: somebody said that all is well."""
    namespace, name = (
        found["metadata"]["namespace"],
        names.job("release", found["metadata"]["name"]),
    )
    job = await context.api.get(kinds.JOBS, namespace, name)
    if job is None:
        server, admin = database(context, found, spec)
        asked = jobs.Wish(spec, server, admin, Destination(), status.run)
        made = jobs.release(found, asked, status.kept, context.settings)
        await context.api.create(kinds.JOBS, namespace, made)
        return replace(status, release_job=name)
    pods = await context.pods_of(namespace, name)
    match outcomes.finished(job):
        case "Complete":
            return states.released(status)
        case "Failed":
            reason, message = _why(job, pods)
            return replace(
                status, reason=reason, message=f"{status.kept} was not dropped: {message}"
            )
        case _:
            return status


async def _tell(
    context: Context, found: Object, before: RestoreStatus, after: RestoreStatus
) -> None:
    if (before.state, before.reason) == (after.state, after.reason):
        return
    if after.state in {states.FAILED, states.WAITING} or after.reason:
        reason = after.reason or after.state
        await events.tell(context.api, found, events.WARNING, reason, after.message or reason)
    else:
        text = after.message or f"{after.run}: {after.rows} rows of {after.tables} tables."
        await events.tell(context.api, found, events.NORMAL, after.state, text)
