"""A run that could not tell how it ended is looked up in the store, by a Job of its own."""

from typing import Any

import msgspec
from msgspec import UnsetType
from msgspec.structs import replace

from outlay_operator import kinds, outcomes, waiting
from outlay_operator.jobs import backup as jobs
from outlay_operator.model.backup import BackupSpec, BackupStatus
from outlay_operator.reconcile import backup_status as states
from outlay_operator.reconcile.backup_wish import schedule_of_spec
from outlay_operator.reconcile.context import Context, owned

Object = dict[str, Any]


def seen(status: BackupStatus, job: Object | None, ends: list[outcomes.Ended]) -> tuple[str, str]:
    """Return why a run could not tell, as far as it can be seen from outside."""
    for each in ends:
        if each.seen:
            return each.reason or "Lost", each.seen
    if job is not None:
        reason, message = outcomes.failure(job)
        if reason and reason != "BackoffLimitExceeded":
            return reason, message
        return "Lost", f"The pod of the Job {status.job} has gone, and with it what it told."
    if status.reason and status.state == states.UNKNOWN_STATE:
        return status.reason, status.message
    return "Lost", f"The Job {status.job} and its pod have gone, and with them what they told."


async def asked(
    context: Context,
    found: Object,
    spec: BackupSpec,
    status: BackupStatus,
    known: tuple[str, str],
) -> BackupStatus:
    """Ask the store how the run ended: whoever cannot know must not say Complete."""
    where = await _resolved(context, found, spec)
    made = jobs.inventory(found, where, status.job_uid, context.settings)
    name, namespace = made["metadata"]["name"], found["metadata"]["namespace"]
    status = states.is_unknown(replace(status, inventory=name), *known)
    job = await context.api.get(kinds.JOBS, namespace, name)
    if job is None:
        await context.api.create(kinds.JOBS, namespace, made)
        return status
    pods = await context.pods_of(namespace, name)
    if not owned(job, found) or not outcomes.finished(job):
        reason, message = await waiting.reason(context.api, pods)
        return states.is_unknown(status, reason, message) if reason else status
    told = outcomes.told_by(pods)
    # Whatever it found out is in the status then; the next look may ask again.
    await context.api.delete(kinds.JOBS, namespace, name)
    if told is None:
        return status
    if told.reason == "BackupNotFound":
        return states.fails(status, *known)
    if not told.run:
        return states.is_unknown(status, told.reason, told.message)
    if told.reason == "Unfinished" and known[0] in outcomes.FROM_OUTSIDE:
        told = msgspec.structs.replace(told, reason=known[0], message=known[1])
    return states.ended(status, told, known)


async def _resolved(context: Context, found: Object, spec: BackupSpec) -> BackupSpec:
    """Return the spec with the schedule's destination, where that is what it means."""
    if not isinstance(spec.destination, UnsetType):
        return spec
    whole = await schedule_of_spec(context, found, spec)
    return replace(spec, destination=whole.destination, job=whole.job)
