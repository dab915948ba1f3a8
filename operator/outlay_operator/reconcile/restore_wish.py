"""What a Restore asks for: which backup, from where, into which database, by whom."""

from typing import Any

from msgspec import UnsetType

from outlay_operator import kinds
from outlay_operator.jobs import restore as jobs
from outlay_operator.model.backup import BackupSpec, BackupStatus
from outlay_operator.model.parts import Server
from outlay_operator.model.places import Destination
from outlay_operator.model.restore import Admin, RestoreSpec
from outlay_operator.model.schedule import ScheduleSpec
from outlay_operator.reconcile import backup_status
from outlay_operator.reconcile.context import Context, RefusedError, spec_of, status_of
from outlay_operator.settings import Release

Object = dict[str, Any]


async def wish(context: Context, found: Object, spec: RestoreSpec) -> jobs.Wish:
    context.refuse_account(spec.job)
    server, admin = database(context, found, spec)
    if not isinstance(spec.source.destination, UnsetType):
        return jobs.Wish(spec, server, admin, spec.source.destination, spec.source.run)
    destination, run = await _backup(context, found, spec)
    return jobs.Wish(spec, server, admin, destination, run)


def database(context: Context, found: Object, spec: RestoreSpec) -> tuple[Server, Admin]:
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
