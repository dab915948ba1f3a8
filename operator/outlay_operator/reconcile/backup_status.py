"""A Backup's status, from what is known of its run."""

from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from outlay_operator import moments
from outlay_operator.conditions import FALSE, TRUE, UNKNOWN, condition, merged
from outlay_operator.model.backup import BackupStatus
from outlay_operator.model.base import Condition
from outlay_operator.outcomes import Told

Object = dict[str, Any]
WAITING: Final = "Waiting"
RUNNING: Final = "Running"
VERIFIED: Final = "Verified"
UNVERIFIED: Final = "Unverified"
FAILED: Final = "Failed"
UNKNOWN_STATE: Final = "Unknown"
DONE: Final = frozenset({VERIFIED, UNVERIFIED, FAILED})
_MOST: Final = 64


def waits(status: BackupStatus, reason: str, message: str) -> BackupStatus:
    """It has not begun, and a person should know why."""
    return _with(
        replace(status, state=WAITING, reason=reason, message=message),
        condition("Complete", UNKNOWN, reason, message),
        condition("Verified", UNKNOWN, reason),
        condition("Failed", FALSE, reason),
        condition("Waiting", TRUE, reason, message),
    )


def runs(status: BackupStatus) -> BackupStatus:
    return _with(
        replace(status, state=RUNNING, reason="", message=""),
        condition("Complete", UNKNOWN, "Running"),
        condition("Verified", UNKNOWN, "Running"),
        condition("Failed", FALSE, "Running"),
        condition("Waiting", FALSE, "Running"),
    )


def is_unknown(status: BackupStatus, reason: str, message: str) -> BackupStatus:
    """It ended and could not tell how: neither a success nor a failure until the store was asked."""
    return _with(
        replace(status, state=UNKNOWN_STATE, reason=reason, message=message),
        condition("Complete", UNKNOWN, reason, message),
        condition("Verified", UNKNOWN, reason),
        condition("Failed", UNKNOWN, reason, message),
        condition("Waiting", FALSE, reason),
    )


def fails(status: BackupStatus, reason: str, message: str) -> BackupStatus:
    return _with(
        replace(status, state=FAILED, reason=reason, message=message),
        condition("Complete", FALSE, reason, message),
        condition("Verified", FALSE, reason),
        condition("Failed", TRUE, reason, message),
        condition("Waiting", FALSE, reason),
    )


def ended(status: BackupStatus, told: Told, seen: tuple[str, str] = ("", "")) -> BackupStatus:
    """Take over what the run told, or the store; `seen` is what was seen from outside."""
    good = told.complete and told.verified
    reason = told.reason or ("" if good else seen[0] or "Lost")
    message = told.message or ("" if good else seen[1])
    status = replace(_facts(status, told), reason=reason, message=message)
    if not told.complete:
        return fails(status, reason, message)
    stored = condition("Complete", TRUE, "Stored", f"{told.rows} rows of {told.tables} tables")
    waiting = condition("Waiting", FALSE, "Ended")
    if good:
        compared = "It was restored, and every table compared."
        return _with(
            replace(status, state=VERIFIED),
            stored,
            condition("Verified", TRUE, "Compared", compared),
            condition("Failed", FALSE, "Verified"),
            waiting,
        )
    return _with(
        replace(status, state=UNVERIFIED),
        stored,
        condition("Verified", FALSE, reason, message),
        condition("Failed", TRUE, reason, message),
        waiting,
    )


def _facts(status: BackupStatus, told: Told) -> BackupStatus:
    start, end = moments.read(told.started), moments.read(told.finished)
    return replace(
        status,
        run=told.run[:64],
        location=told.location[:1024],
        started=moments.text(start) if start else status.started,
        finished=moments.text(end) if end else _now(status.finished),
        seconds=max(0, round((end - start).total_seconds())) if start and end else status.seconds,
        steps={name: round(value) for name, value in list(told.seconds.items())[:16]},
        bytes=told.bytes,
        rows=told.rows,
        tables=told.tables,
        notes=tuple(each[:1024] for each in told.notes[:16]),
        removed=told.removed[:_MOST],
        would_remove=told.would_remove[:_MOST],
        stored=told.stored,
        stored_bytes=told.stored_bytes,
        retention_refused=told.retention_refused,
        last_drill=told.last_drill or UNSET,
    )


def _now(known: str | UnsetType) -> str:
    return known if isinstance(known, str) else moments.text(moments.now())


def _with(status: BackupStatus, *wanted: Condition) -> BackupStatus:
    now, generation = moments.text(moments.now()), status.observed_generation
    return replace(status, conditions=merged(status.conditions, wanted, now, generation))


def summary(name: str, schedule: str, status: BackupStatus, created: str) -> Object:
    """Return what is published of a Backup."""
    return {
        "name": name,
        "schedule": schedule,
        "run": status.run,
        "started": status.started if isinstance(status.started, str) else created,
        "finished": status.finished if isinstance(status.finished, str) else None,
        "state": {UNVERIFIED: "complete"}.get(status.state, status.state.lower() or "waiting"),
        "bytes": status.bytes,
        "rows": status.rows,
        "tables": status.tables,
        "reason": status.reason,
        "message": status.message[:500],
    }
