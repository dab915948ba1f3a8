"""The metrics of a schedule."""

import contextlib
from typing import Any

from outlay_operator import metrics, moments
from outlay_operator.conditions import holds
from outlay_operator.jobs import places
from outlay_operator.model.schedule import ScheduleSpec, ScheduleStatus
from outlay_operator.queue import Key
from outlay_operator.reconcile import schedule_status as rules

Object = dict[str, Any]


def measure(
    key: Key, found: Object, spec: ScheduleSpec, status: ScheduleStatus, backups: list[rules.Past]
) -> None:
    at = (key.namespace, key.name)
    times = {
        metrics.LAST_SUCCESS: status.last_success,
        metrics.LAST_VERIFIED: status.last_verified,
        metrics.LAST_DRILL: status.last_drill,
        metrics.NEXT_RUN: status.next_run,
        metrics.CREATED: str(found["metadata"]["creationTimestamp"]),
    }
    for gauge, text in times.items():
        moment = moments.read(text)
        if moment is not None:
            gauge.labels(*at).set(moment.timestamp())
        else:
            with contextlib.suppress(KeyError):
                gauge.remove(*at)
    values = {
        metrics.INTERVAL: rules.interval(spec, moments.now()).total_seconds(),
        metrics.SIZE: status.bytes,
        metrics.FAILURES: status.consecutive_failures,
        metrics.MISSED: status.missed_runs,
        metrics.STORED: status.stored,
        metrics.SUSPENDED: spec.suspend,
        metrics.READY: holds(status.conditions, "Ready"),
        metrics.VERIFY_FAILED: rules.verify_failed(backups),
        metrics.RETENTION_STUCK: rules.retention_stuck(backups),
        metrics.RUNNING: bool(status.active),
        metrics.OFF_CLUSTER: places.off_cluster(spec.destination),
    }
    for gauge, value in values.items():
        gauge.labels(*at).set(float(value))
    metrics.DURATION.labels(*at, "total").set(status.seconds)
    done = [each for each in backups if each.status.steps]
    if done:
        for step, seconds in max(done, key=lambda each: each.at).status.steps.items():
            metrics.DURATION.labels(*at, step).set(seconds)
