"""A Restore's status, from what is known of its pods."""

from typing import Any, Final

from msgspec.structs import replace

from outlay_operator import moments
from outlay_operator.conditions import FALSE, TRUE, UNKNOWN, condition, merged
from outlay_operator.model.base import Condition
from outlay_operator.model.restore import RestoreStatus
from outlay_operator.outcomes import Told

Object = dict[str, Any]
WAITING: Final = "Waiting"
LOADING: Final = "Loading"
MIGRATING: Final = "Migrating"
SWAPPING: Final = "Swapping"
# Loaded and compared, and the server does not let anybody rename databases.
PREPARED: Final = "Prepared"
COMPARED: Final = "Compared"
RESTORED: Final = "Restored"
RELEASED: Final = "Released"
FAILED: Final = "Failed"
DONE: Final = frozenset({PREPARED, COMPARED, RESTORED, RELEASED, FAILED})
_STEPS: Final = {"load": LOADING, "migrate": MIGRATING, "swap": SWAPPING}


def waits(status: RestoreStatus, reason: str, message: str) -> RestoreStatus:
    return _with(
        replace(status, state=WAITING, reason=reason, message=message),
        condition("Complete", UNKNOWN, reason, message),
        condition("Failed", FALSE, reason),
        condition("Waiting", TRUE, reason, message),
    )


def goes_on(status: RestoreStatus, pods: list[Object]) -> RestoreStatus:
    """It runs: the step is that of the newest pod's running container."""
    state = _step(pods) or status.state or LOADING
    return _with(
        replace(status, state=LOADING if state == WAITING else state, reason="", message=""),
        condition("Complete", FALSE, state),
        condition("Failed", FALSE, state),
        condition("Waiting", FALSE, state),
    )


def _step(pods: list[Object]) -> str:
    for pod in sorted(
        pods, key=lambda each: str(each["metadata"]["creationTimestamp"]), reverse=True
    ):
        status = pod.get("status", {})
        for each in (
            *status.get("containerStatuses", ()),
            *reversed(status.get("initContainerStatuses", ())),
        ):
            if "running" in each.get("state", {}):
                return _STEPS.get(each["name"], "")
    return ""


def fails(status: RestoreStatus, reason: str, message: str) -> RestoreStatus:
    return _with(
        replace(status, state=FAILED, reason=reason, message=message, finished=_now()),
        condition("Complete", FALSE, reason, message),
        condition("Failed", TRUE, reason, message),
        condition("Waiting", FALSE, reason),
    )


def succeeds(status: RestoreStatus, told: Told | None, *, dry_run: bool) -> RestoreStatus:
    """Its Job ended well; `told` is None where the termination message was lost."""
    told = told or Told(swapped=not dry_run, message="What it told was lost with its pod.")
    state = COMPARED if dry_run else RESTORED if told.swapped or told.already_done else PREPARED
    text = {
        COMPARED: "It was restored and compared, and everything is as it was.",
        RESTORED: "It was restored, compared, brought to this version and put in place.",
        PREPARED: told.message,
    }[state]
    return _with(
        replace(
            status, state=state, reason="", message=told.message, finished=_now(),
            run=told.run or status.run, rows=told.rows, tables=told.tables,
            kept=told.kept or status.kept,
        ),
        condition("Complete", TRUE, state, text),
        condition("Failed", FALSE, state),
        condition("Waiting", FALSE, state),
    )  # fmt: skip


def released(status: RestoreStatus) -> RestoreStatus:
    return replace(status, state=RELEASED, kept="", reason="", message="")


def _now() -> str:
    return moments.text(moments.now())


def _with(status: RestoreStatus, *wanted: Condition) -> RestoreStatus:
    generation = status.observed_generation
    return replace(status, conditions=merged(status.conditions, wanted, _now(), generation))


def summary(name: str, backup: str, status: RestoreStatus, created: str) -> Object:
    """Return what is published of a Restore."""
    return {
        "name": name,
        "backup": backup or status.run,
        "started": status.started if isinstance(status.started, str) else created,
        "finished": status.finished if isinstance(status.finished, str) else None,
        "state": status.state.lower() or "waiting",
        "reason": status.reason,
        "message": status.message[:500],
        "kept": status.kept,
    }
