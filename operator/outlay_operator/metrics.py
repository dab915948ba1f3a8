"""What Prometheus is told; docs/operations/backups.md lists it. Times are Unix seconds."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client import ProcessCollector as _Process

REGISTRY: Final = CollectorRegistry()
_Process(registry=REGISTRY)

RECONCILES: Final = Counter(
    "outlay_operator_reconciles", "Objects looked at.", ["kind", "result"], registry=REGISTRY
)
SECONDS: Final = Histogram(
    "outlay_operator_reconcile_seconds", "How long that took.", ["kind"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60), registry=REGISTRY,
)  # fmt: skip
LAST_PASS: Final = Gauge(
    "outlay_operator_last_pass_timestamp_seconds", "When everything was last looked at.",
    registry=REGISTRY,
)  # fmt: skip
QUEUE: Final = Gauge("outlay_operator_queue_length", "Objects that wait.", registry=REGISTRY)

_SCHEDULE: Final = ("namespace", "schedule")


def _gauge(name: str, text: str) -> Gauge:
    return Gauge(f"outlay_backup_{name}", text, _SCHEDULE, registry=REGISTRY)


LAST_SUCCESS: Final = _gauge("last_success_timestamp_seconds", "When one was last stored whole.")
LAST_VERIFIED: Final = _gauge("last_verified_timestamp_seconds", "When one was last compared.")
LAST_DRILL: Final = _gauge("last_drill_timestamp_seconds", "When the owner's key last opened one.")
NEXT_RUN: Final = _gauge("next_run_timestamp_seconds", "When the next one is due.")
CREATED: Final = _gauge("schedule_created_timestamp_seconds", "When the schedule was made.")
INTERVAL: Final = _gauge("interval_seconds", "Longest time between two runs.")
SIZE: Final = _gauge("size_bytes", "Size of the newest.")
FAILURES: Final = _gauge("consecutive_failures", "Failures since the last success.")
MISSED: Final = _gauge("missed_runs", "Runs that were due and never began.")
STORED: Final = _gauge("stored", "Verified backups in the store.")
SUSPENDED: Final = _gauge("suspended", "1 while the schedule is suspended.")
READY: Final = _gauge("schedule_ready", "1 while the schedule can run.")
VERIFY_FAILED: Final = _gauge("verify_failed", "1 when the newest was stored and did not verify.")
RETENTION_STUCK: Final = _gauge("retention_stuck", "1 when old backups could not be deleted.")
RUNNING: Final = _gauge("running", "1 while one is under way.")
OFF_CLUSTER: Final = _gauge("off_cluster", "1 when backups lie outside of the cluster.")
DURATION: Final = Gauge(
    "outlay_backup_duration_seconds", "How long the newest took.", (*_SCHEDULE, "step"),
    registry=REGISTRY,
)  # fmt: skip

OF_SCHEDULE: Final = (
    LAST_SUCCESS, LAST_VERIFIED, LAST_DRILL, NEXT_RUN, CREATED, INTERVAL, SIZE, FAILURES, MISSED,
    STORED, SUSPENDED, READY, VERIFY_FAILED, RETENTION_STUCK, RUNNING, OFF_CLUSTER,
)  # fmt: skip


def forget(namespace: str, schedule: str) -> None:
    """Remove what was told of a schedule that has gone."""
    for gauge in OF_SCHEDULE:
        gauge.remove_by_labels({"namespace": namespace, "schedule": schedule})
    DURATION.remove_by_labels({"namespace": namespace, "schedule": schedule})
