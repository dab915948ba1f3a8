"""Resources, Jobs and pods as the API server would return them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from outlay_operator.model.backup import BackupStatus
from outlay_operator.outcomes import Told
from outlay_operator.reconcile import backup_status as states
from outlay_operator.reconcile.schedule_status import Past
from outlay_operator.settings import Settings

Object = dict[str, Any]
START = datetime(2026, 11, 2, 3, 17, tzinfo=UTC)
SETTINGS = Settings(
    namespace="money",
    operator_image="operator:1",
    service_image="service:1",
    service_version="0.1.0",
    service_account="outlay-backup",
    pod_labels={"app.kubernetes.io/name": "outlay"},
)
RECIPIENT = "age1" + "q" * 58


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def told(day: int = 0, **more: Any) -> Told:
    """A run that went well, so many days after the first."""
    begun = START + timedelta(days=day)
    facts = {
        "run": f"{begun:%Y%m%dT%H%M%SZ}-{day:08x}",
        "started": text(begun),
        "finished": text(begun + timedelta(seconds=90)),
        "complete": True,
        "verified": True,
        "bytes": 1000 + day,
        "rows": 7,
        "tables": 2,
    }
    return Told(**(facts | more))


def failed(day: int = 0) -> Told:
    return told(day, complete=False, verified=False, reason="StoreDenied", message="No.")


def past(day: int, result: Told | None, *, recorded: bool = True) -> Past:
    """A Backup of the schedule; without a result it still runs."""
    begun = START + timedelta(days=day)
    status = states.runs(BackupStatus(started=text(begun)))
    if result is not None:
        status = states.ended(status, result)
    due = begun if recorded else None
    return Past(f"daily-{day:04}", begun, recorded=recorded, due=due, status=status)


def pod(
    code: int | None,
    message: str = "",
    *,
    name: str = "backup",
    reason: str = "",
    created: datetime = START,
) -> Object:
    """A pod whose container ended with this code, or runs."""
    state: Object = {"running": {}}
    if code is not None:
        state = {"terminated": {"exitCode": code, "message": message, "reason": reason}}
    container = {"name": name, "resources": {"limits": {"memory": "40Mi"}}}
    return {
        "metadata": {"creationTimestamp": text(created)},
        "spec": {"containers": [container]},
        "status": {"containerStatuses": [{"name": name, "state": state}]},
    }


def resource(kind: str, name: str, spec: Object) -> Object:
    return {
        "apiVersion": "outlay.dev/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "money", "uid": f"uid-of-{name}"},
        "spec": spec,
    }
