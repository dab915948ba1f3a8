"""Every Job of a schedule's CronJob becomes a Backup, also those that ran while nobody looked."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from outlay_operator import kinds, moments
from outlay_operator.labels import DESTINATION, DUE, SCHEDULE, TASK
from outlay_operator.model.backup import BackupSpec, Recorded
from outlay_operator.model.base import API_VERSION
from outlay_operator.model.places import Destination
from outlay_operator.model.schedule import ScheduleSpec
from outlay_operator.reconcile.context import Context

Object = dict[str, Any]


async def record(context: Context, found: Object, spec: ScheduleSpec, known: set[str]) -> int:
    """Make a Backup for every Job that has none; `known` are the names of the schedule's Backups."""
    meta = found["metadata"]
    selector = f"{SCHEDULE}={meta['name']},{TASK}=backup"
    made = 0
    for job in await context.api.all(kinds.JOBS, meta["namespace"], selector):
        if job["metadata"]["name"] not in known:
            await context.api.create(kinds.BACKUPS, meta["namespace"], _backup(found, spec, job))
            context.wake(kinds.BACKUPS, meta["namespace"], job["metadata"]["name"])
            made += 1
    return made


def _backup(found: Object, spec: ScheduleSpec, job: Object) -> Object:
    meta = job["metadata"]
    annotations = meta.get("annotations", {})
    destination = spec.destination
    if DESTINATION in annotations:
        destination = msgspec.json.decode(annotations[DESTINATION], type=Destination)
    due = annotations.get(DUE)
    recorded = Recorded(
        schedule=found["metadata"]["name"],
        job=meta["name"],
        uid=meta["uid"],
        scheduled=moments.text(datetime.fromisoformat(due)) if due else UNSET,
    )
    made = BackupSpec(
        destination=destination, recorded=recorded, time_zone=spec.time_zone, job=spec.job
    )
    return {
        "apiVersion": API_VERSION,
        "kind": "Backup",
        "metadata": {"name": meta["name"], "labels": {SCHEDULE: found["metadata"]["name"]}},
        "spec": msgspec.to_builtins(made),
    }
