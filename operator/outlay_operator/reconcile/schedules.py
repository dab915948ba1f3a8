"""A BackupSchedule: its CronJob is as it says, and each Job of that is recorded as a Backup."""

import contextlib
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from outlay_operator import events, kinds, metrics, moments
from outlay_operator.conditions import FALSE, TRUE, condition, merged, of
from outlay_operator.jobs import places
from outlay_operator.labels import SCHEDULE
from outlay_operator.model.backup import BackupSpec, BackupStatus
from outlay_operator.model.schedule import ScheduleSpec, ScheduleStatus
from outlay_operator.queue import Key
from outlay_operator.reconcile import schedule_status as rules
from outlay_operator.reconcile.context import (
    Context,
    RefusedError,
    keep_status,
    spec_of,
    status_of,
)
from outlay_operator.reconcile.cron_jobs import keep_cron_job
from outlay_operator.reconcile.history import clear_history
from outlay_operator.reconcile.measuring import measure
from outlay_operator.reconcile.recording import record

Object = dict[str, Any]
# The controller of CronJobs looks every ten seconds.
_LATE: Final = timedelta(seconds=90)


async def reconcile(context: Context, key: Key) -> float | None:
    """Look at one; the pass over everything looks again."""
    found = await context.api.get(kinds.SCHEDULES, key.namespace, key.name)
    if found is None or "deletionTimestamp" in found["metadata"]:
        forget(context, key)
        return None
    spec, before = spec_of(found, ScheduleSpec), status_of(found, ScheduleStatus)
    refused = await keep_cron_job(context, found, spec, key)
    backups = await _backups(context, key)
    await record(context, found, spec, {each.name for each in backups})
    removed = await clear_history(context, key.namespace, spec.history_limit, backups)
    status = rules.status_from(before, backups)
    status = _accounted(found, spec, status, backups, ready=refused is None)
    status = _judged(found, spec, status, backups, refused)
    await _tell(context, found, before, status)
    await keep_status(context.api, kinds.SCHEDULES, found, status)
    measure(key, found, spec, status, backups)
    created = str(found["metadata"]["creationTimestamp"])
    summary = rules.summary(key.name, created, spec, status)
    context.book.note(context.book.schedules, key, summary)
    context.book.keep_backups(key, rules.newest(key.name, backups))
    return 1.0 if removed else None


def forget(context: Context, key: Key) -> None:
    """Stop telling of a schedule that has gone; its Backups stay, and so does the store."""
    context.book.places.pop(key, None)
    context.book.note(context.book.schedules, key, None)
    with contextlib.suppress(KeyError):
        metrics.forget(key.namespace, key.name)


async def _backups(context: Context, key: Key) -> list[rules.Past]:
    selector = f"{SCHEDULE}={key.name}"
    found, _ = await context.api.cached(kinds.BACKUPS, key.namespace, selector)
    return [
        rules.past(each, spec_of(each, BackupSpec), status_of(each, BackupStatus)) for each in found
    ]


def _accounted(
    found: Object,
    spec: ScheduleSpec,
    status: ScheduleStatus,
    backups: list[rules.Past],
    *,
    ready: bool,
) -> ScheduleStatus:
    """Count what was missed since the last look; a run may begin late, so the count waits as long."""
    now = moments.now()
    known = moments.read(status.accounted_until)
    since = known or datetime.fromisoformat(found["metadata"]["creationTimestamp"])
    late = max(timedelta(seconds=spec.starting_deadline_seconds), _LATE)
    begun = {each.due for each in backups if each.due is not None}
    last, missed = rules.accounted(spec, since, now if spec.suspend else now - late, begun)
    return replace(
        status,
        missed_runs=status.missed_runs + (0 if spec.suspend else missed),
        accounted_until=status.accounted_until if last == since else moments.text(last),
        next_run=rules.next_run(spec, now) if ready else UNSET,
    )


def _judged(
    found: Object,
    spec: ScheduleSpec,
    status: ScheduleStatus,
    backups: list[rules.Past],
    refused: RefusedError | None,
) -> ScheduleStatus:
    away = places.off_cluster(spec.destination)
    ready = condition("Ready", TRUE, "Scheduled")
    if refused is not None:
        ready = condition("Ready", FALSE, refused.reason, str(refused))
    elif spec.suspend:
        ready = condition("Ready", FALSE, "Suspended", "spec.suspend is true.")
    where = (
        condition("OffCluster", TRUE, "Bucket")
        if away
        else condition(
            "OffCluster",
            FALSE,
            "Volume",
            "The only copy is in the cluster: when that goes, so does it.",
        )
    )
    generation = found["metadata"].get("generation", 0)
    now = moments.text(moments.now())
    return replace(
        status,
        conditions=merged(status.conditions, (ready, where), now, generation),
        observed_generation=generation,
        cron_job="" if refused is not None else found["metadata"]["name"],
        problem=_problem(status, backups, refused)[:1000],
    )


def _problem(
    status: ScheduleStatus, backups: list[rules.Past], refused: RefusedError | None
) -> str:
    if refused is not None:
        return str(refused)
    waits = [each for each in backups if each.status.state == "Waiting"]
    if waits:
        return f"{waits[-1].name} waits: {waits[-1].status.message}"
    if status.consecutive_failures and not isinstance(status.last_failure, UnsetType):
        return f"{status.last_failure.backup} failed: {status.last_failure.message}"
    if rules.retention_stuck(backups):
        return "Old backups could not be deleted; the latest Backup says why."
    return ""


async def _tell(
    context: Context, found: Object, before: ScheduleStatus, after: ScheduleStatus
) -> None:
    old, new = of(before.conditions, "Ready"), of(after.conditions, "Ready")
    if new is not None and (old is None or (old.status, old.reason) != (new.status, new.reason)):
        kind = events.NORMAL if new.reason in {"Scheduled", "Suspended"} else events.WARNING
        text = new.message or f"The CronJob {after.cron_job} starts the backups."
        await events.tell(context.api, found, kind, new.reason, text)
    if after.missed_runs > before.missed_runs:
        count = after.missed_runs - before.missed_runs
        text = f"{count} runs were due and never began."
        await events.tell(context.api, found, events.WARNING, "Missed", text)
