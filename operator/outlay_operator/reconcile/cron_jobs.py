"""The CronJob of a BackupSchedule: as the schedule says, or held while that cannot be done."""

from typing import Any

from kubernetes.aio.client.exceptions import ApiException

from outlay_operator import kinds
from outlay_operator.api import told
from outlay_operator.jobs import backup as jobs
from outlay_operator.jobs import places
from outlay_operator.model.schedule import ScheduleSpec
from outlay_operator.queue import Key
from outlay_operator.reconcile.context import Context, RefusedError, owned

Object = dict[str, Any]


async def keep_cron_job(
    context: Context, found: Object, spec: ScheduleSpec, key: Key
) -> RefusedError | None:
    """Make the CronJob as it should be, or hold it; return why it cannot run."""
    known = await context.api.get(kinds.CRON_JOBS, key.namespace, key.name)
    try:
        await _apply(context, found, spec, key, known)
    except RefusedError as error:
        if known is not None and owned(known, found):
            held = {"spec": {"suspend": True}}
            await context.api.merge(kinds.CRON_JOBS, key.namespace, key.name, held)
        return error
    return None


async def _apply(
    context: Context, found: Object, spec: ScheduleSpec, key: Key, known: Object | None
) -> None:
    if known is not None and not owned(known, found):
        raise RefusedError(
            "NameTaken",
            f"There is a CronJob {key.name} that is not of this schedule. Delete it, or take another"
            " name.",
        )
    made = jobs.cron_job(found, spec, _wish(context, found, spec, key), context.settings)
    try:
        await context.api.apply(kinds.CRON_JOBS, key.namespace, made)
    except ApiException as error:
        if error.status not in {400, 422}:
            raise
        raise RefusedError("Invalid", told(error)) from error


def _wish(context: Context, found: Object, spec: ScheduleSpec, key: Key) -> jobs.Wish:
    place = places.identity(spec.destination, key.namespace)
    other = context.book.first_at(key, place, str(found["metadata"]["creationTimestamp"]))
    if other is not None:
        raise RefusedError(
            "DestinationShared",
            f"{other.namespace}/{other.name} stores at {places.location(spec.destination)} already:"
            " give this schedule a prefix of its own, or the retention of one would delete what is the"
            " other's.",
        )
    context.refuse_account(spec.job)
    database = context.database(spec.database, key.namespace)
    return jobs.Wish(spec, database, spec.destination, spec.encryption, spec.time_zone)
