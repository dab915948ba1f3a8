"""What a Backup asks for, with what its schedule says where it names one."""

from typing import Any

from msgspec import UnsetType

from outlay_operator import kinds
from outlay_operator.jobs import backup as jobs
from outlay_operator.model.backup import BackupSpec
from outlay_operator.model.schedule import ScheduleSpec
from outlay_operator.reconcile.context import Context, RefusedError, spec_of

Object = dict[str, Any]


async def schedule_of_spec(context: Context, found: Object, spec: BackupSpec) -> ScheduleSpec:
    assert not isinstance(spec.schedule_name, UnsetType)  # noqa: S101 - the API server's rule
    namespace = found["metadata"]["namespace"]
    schedule = await context.api.get(kinds.SCHEDULES, namespace, spec.schedule_name)
    if schedule is None:
        raise RefusedError(
            "ScheduleMissing",
            f"There is no BackupSchedule {spec.schedule_name} in {namespace}: make it, and this begins.",
        )
    return spec_of(schedule, ScheduleSpec)


async def wish(context: Context, found: Object, spec: BackupSpec) -> jobs.Wish:
    namespace = found["metadata"]["namespace"]
    if isinstance(spec.destination, UnsetType) or isinstance(spec.encryption, UnsetType):
        whole = await schedule_of_spec(context, found, spec)
        context.refuse_account(whole.job)
        database = context.database(whole.database, namespace)
        return jobs.Wish(whole, database, whole.destination, whole.encryption, whole.time_zone)
    context.refuse_account(spec.job)
    database = context.database(spec.database, namespace)
    return jobs.Wish(spec, database, spec.destination, spec.encryption, spec.time_zone)
