"""A Restore: one Job that goes on where it was, then perhaps the release of what it replaced."""

from typing import Any, Final

from msgspec import UnsetType
from msgspec.structs import replace

from outlay_operator import events, kinds, names, outcomes, waiting
from outlay_operator.jobs import restore as jobs
from outlay_operator.labels import JOB_NAME
from outlay_operator.model.backup import BackupSpec, BackupStatus
from outlay_operator.model.parts import Destination, Server
from outlay_operator.model.restore import Admin, RestoreSpec, RestoreStatus
from outlay_operator.model.schedule import ScheduleSpec
from outlay_operator.queue import Key
from outlay_operator.reconcile import backup_status, restore_status
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
from outlay_operator.settings import Release

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
        wish = await _wish(context, found, spec)
        job = await context.api.create(
            kinds.JOBS, namespace, jobs.job(found, wish, context.settings)
        )
        job = job or await context.api.get(kinds.JOBS, namespace, name)
        run = "" if wish.run == "latest" else wish.run
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
    pods = await context.api.all(kinds.PODS, meta["namespace"], f"{JOB_NAME}={meta['name']}")
    match outcomes.finished(job):
        case "Complete":
            last = "load" if spec.dry_run else "swap"
            told = next(
                (each.told for each in outcomes.ends(pods) if each.told and each.container == last),
                None,
            )
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


async def _wish(context: Context, found: Object, spec: RestoreSpec) -> jobs.Wish:
    context.refuse_account(spec.job)
    server, admin = _database(context, found, spec)
    if not isinstance(spec.source.destination, UnsetType):
        return jobs.Wish(spec, server, admin, spec.source.destination, spec.source.run)
    destination, run = await _backup(context, found, spec)
    return jobs.Wish(spec, server, admin, destination, run)


def _database(context: Context, found: Object, spec: RestoreSpec) -> tuple[Server, Admin]:
    if not isinstance(spec.database, UnsetType) and not isinstance(spec.admin, UnsetType):
        return spec.database, spec.admin
    release, namespace = context.settings.release, found["metadata"]["namespace"]
    if (
        isinstance(release, Release)
        and release.namespace == namespace
        and not isinstance(release.database, UnsetType)
        and not isinstance(release.admin, UnsetType)
    ):
        return release.database, release.admin
    raise RefusedError(
        "DatabaseUnknown",
        "Name the database and a role that may replace it (spec.database and spec.admin): this"
        " namespace is not that of an Outlay whose database the operator knows.",
    )


async def _backup(context: Context, found: Object, spec: RestoreSpec) -> tuple[Destination, str]:
    namespace, name = found["metadata"]["namespace"], spec.source.backup_name
    assert not isinstance(name, UnsetType)  # noqa: S101 - the API server's rule
    backup = await context.api.get(kinds.BACKUPS, namespace, name)
    if backup is None:
        raise RefusedError("BackupMissing", f"There is no Backup {name} in {namespace}.")
    status, whole = status_of(backup, BackupStatus), spec_of(backup, BackupSpec)
    wanted = {backup_status.VERIFIED} | (
        {backup_status.UNVERIFIED} if spec.source.allow_unverified else set()
    )
    if status.state not in wanted:
        raise RefusedError(
            "BackupNotVerified",
            f"The Backup {name} is {status.state or 'new'}: what was not restored and compared is not"
            " brought back, unless source.allowUnverified says so.",
        )
    if not isinstance(whole.destination, UnsetType):
        return whole.destination, status.run
    assert not isinstance(whole.schedule_name, UnsetType)  # noqa: S101 - the API server's rule
    schedule = await context.api.get(kinds.SCHEDULES, namespace, whole.schedule_name)
    if schedule is None:
        raise RefusedError(
            "ScheduleMissing",
            f"The schedule {whole.schedule_name}, which says where {name} lies, has gone. Name the place"
            " itself: source.destination.",
        )
    return spec_of(schedule, ScheduleSpec).destination, status.run


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
        server, admin = _database(context, found, spec)
        wish = jobs.Wish(spec, server, admin, Destination(), status.run)
        made = jobs.release(found, wish, status.kept, context.settings)
        await context.api.create(kinds.JOBS, namespace, made)
        return replace(status, release_job=name)
    pods = await context.api.all(kinds.PODS, namespace, f"{JOB_NAME}={name}")
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
