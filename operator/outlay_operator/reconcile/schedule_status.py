"""A BackupSchedule's status, from its Backups: no count is kept that they do not give."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from outlay_operator import cron, moments
from outlay_operator.book import RECENT
from outlay_operator.conditions import holds
from outlay_operator.jobs import places
from outlay_operator.model.backup import BackupSpec, BackupStatus
from outlay_operator.model.schedule import LastFailure, ScheduleSpec, ScheduleStatus
from outlay_operator.reconcile import backup_status as states

Object = dict[str, Any]
# What a schedule could have missed in a longer absence is not counted one by one.
MOST_MISSED: Final = 2000


@dataclass(frozen=True, slots=True)
class Past:
    """A Backup as a schedule sees it."""

    name: str
    created: datetime
    recorded: bool
    due: datetime | None
    status: BackupStatus

    @property
    def at(self) -> datetime:
        """When it ended, or else began."""
        return (
            moments.read(self.status.finished) or moments.read(self.status.started) or self.created
        )


def past(found: Object, spec: BackupSpec, status: BackupStatus) -> Past:
    recorded = spec.recorded
    created = datetime.fromisoformat(found["metadata"]["creationTimestamp"])
    if isinstance(recorded, UnsetType):
        return Past(found["metadata"]["name"], created, recorded=False, due=None, status=status)
    due = moments.read(recorded.scheduled)
    return Past(found["metadata"]["name"], created, recorded=True, due=due, status=status)


def newest(schedule: str, backups: Iterable[Past]) -> dict[str, Object]:
    """Return what is published of the newest Backups, by their names."""
    latest = sorted(backups, key=lambda each: each.created, reverse=True)[:RECENT]
    return {
        each.name: states.summary(each.name, schedule, each.status, moments.text(each.created))
        for each in latest
    }


def status_from(before: ScheduleStatus, backups: Iterable[Past]) -> ScheduleStatus:
    """Return what the Backups tell; times only go forward, as Backups are deleted in time."""
    every = sorted(backups, key=lambda each: each.at, reverse=True)
    done = [each for each in every if each.status.state in states.DONE]
    stored = [each for each in done if holds(each.status.conditions, "Complete")]
    verified = [each for each in done if each.status.state == states.VERIFIED]
    failed = [each for each in done if each.status.state != states.VERIFIED]
    active = [each for each in every if each.status.state == states.RUNNING]
    newest = stored[0].status if stored else None
    drills = [moments.read(each.status.last_drill) for each in done]
    return replace(
        before,
        last_success=_later(before.last_success, stored),
        last_verified=_later(before.last_verified, verified),
        last_verified_backup=verified[0].name if verified else before.last_verified_backup,
        last_failure=_failure(failed[0]) if failed else before.last_failure,
        last_drill=_text(moments.newest(moments.read(before.last_drill), *drills)),
        consecutive_failures=_leading_failures(done),
        active=active[0].name if active else "",
        bytes=newest.bytes if newest else before.bytes,
        seconds=newest.seconds if newest else before.seconds,
        **_stored(before, done),
    )


def _stored(before: ScheduleStatus, done: list[Past]) -> dict[str, Any]:
    """Return what the newest run saw in the store; one that failed before that saw nothing."""
    for each in done:
        if each.status.stored or each.status.would_remove:
            return {
                "stored": each.status.stored,
                "stored_bytes": each.status.stored_bytes,
                "would_remove": each.status.would_remove,
            }
    return {"stored": before.stored, "stored_bytes": before.stored_bytes}


def _later(known: str | UnsetType, found: list[Past]) -> str | UnsetType:
    return _text(moments.newest(moments.read(known), found[0].at if found else None))


def _text(moment: datetime | None) -> str | UnsetType:
    return UNSET if moment is None else moments.text(moment)


def _failure(last: Past) -> LastFailure:
    status = last.status
    return LastFailure(
        at=moments.text(last.at), backup=last.name, reason=status.reason, message=status.message
    )


def _leading_failures(done: list[Past]) -> int:
    for number, each in enumerate(done):
        if each.status.state == states.VERIFIED:
            return number
    return len(done)


def accounted(
    spec: ScheduleSpec, since: datetime, until: datetime, begun: set[datetime]
) -> tuple[datetime, int]:
    """Return the last run that was due until then, and how many of them none of the `begun` is.

    Nothing but a run that was due moves the first: a moment that moved by itself would be news each time.
    """
    counted, last = 0, since
    due = cron.runs(cron.parse(spec.schedule), ZoneInfo(spec.time_zone), since)
    for moment in islice(due, MOST_MISSED):
        if moment > until:
            break
        last = moment
        counted += moment not in begun
    return last, counted


def next_run(spec: ScheduleSpec, now: datetime) -> str | UnsetType:
    if spec.suspend:
        return UNSET
    return _text(cron.next_run(cron.parse(spec.schedule), ZoneInfo(spec.time_zone), now))


def interval(spec: ScheduleSpec, now: datetime) -> timedelta:
    return cron.longest_gap(cron.parse(spec.schedule), ZoneInfo(spec.time_zone), now)


def verify_failed(backups: Iterable[Past]) -> bool:
    done = [each for each in backups if each.status.state in states.DONE]
    return bool(done) and max(done, key=lambda each: each.at).status.state == states.UNVERIFIED


def retention_stuck(backups: Iterable[Past]) -> bool:
    """Tell whether the newest verified run could not delete what it should have."""
    verified = [each for each in backups if each.status.state == states.VERIFIED]
    if not verified:
        return False
    newest = max(verified, key=lambda each: each.at).status
    return newest.retention_refused or bool(newest.reason)


def summary(name: str, created: str, spec: ScheduleSpec, status: ScheduleStatus) -> Object:
    """Return what is published of a schedule."""
    failure = status.last_failure
    told = (
        None
        if isinstance(failure, UnsetType)
        else {
            "at": failure.at,
            "backup": failure.backup,
            "reason": failure.reason,
            "message": failure.message[:500],
        }
    )
    return {
        "name": name,
        "schedule": spec.schedule,
        "time_zone": spec.time_zone,
        "suspended": spec.suspend,
        "destination": places.location(spec.destination),
        "off_cluster": places.off_cluster(spec.destination),
        "created": created,
        "last_success": status.last_success or None,
        "last_verified": status.last_verified or None,
        "last_drill": status.last_drill or None,
        "next_run": status.next_run or None,
        "missed_runs": status.missed_runs,
        "consecutive_failures": status.consecutive_failures,
        "stored_backups": status.stored,
        "bytes": status.bytes,
        "running": bool(status.active),
        "problem": status.problem,
        "last_failure": told,
    }
