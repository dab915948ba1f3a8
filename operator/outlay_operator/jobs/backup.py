"""The Job of one backup, and the CronJob that starts such Jobs."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from outlay_operator import names
from outlay_operator.jobs import places
from outlay_operator.jobs.mounts import CHECKS, SCRATCH, Mounts
from outlay_operator.jobs.pod import (
    JOB_GRACE,
    MESSAGE,
    container,
    labels,
    opened,
    pod_spec,
    tries_again,
)
from outlay_operator.labels import BACKUP, DESTINATION, JOB_UID, SCHEDULE, TASK
from outlay_operator.labels import CHECKS as CHECKS_ANNOTATION
from outlay_operator.model.backup import BackupSpec
from outlay_operator.model.parts import Check, Database, Encryption, JobOptions, Retention, Run
from outlay_operator.model.places import Destination
from outlay_operator.model.schedule import ScheduleSpec
from outlay_operator.settings import Settings

Object = dict[str, Any]
# A migration, a restore or another backup is waited for.
LOCK_WAIT: int = 600


class Wish(msgspec.Struct, frozen=True):
    """A run with nothing left to ask for."""

    run: Run
    database: Database
    destination: Destination
    encryption: Encryption
    time_zone: str


def options(run: Run) -> JobOptions:
    return JobOptions() if isinstance(run.job, UnsetType) else run.job


def checks(run: Run) -> tuple[Check, ...]:
    return () if isinstance(run.verify, UnsetType) else run.verify.checks


def job_spec(wish: Wish, settings: Settings, namespace: str, own: dict[str, str]) -> Object:
    """Return the spec of a Job; `own` are labels that tell whose it is."""
    mounts, asked = Mounts(), checks(wish.run)
    mounts.temporary()
    mounts.scratch(wish.run.scratch)
    environment = opened(wish.database, mounts)
    reference = {"fieldRef": {"fieldPath": f"metadata.labels['{JOB_UID}']"}}
    environment.append({"name": "OUTLAY_BACKUP_RUN_ID", "valueFrom": reference})
    command = ["outlay-backup", "create", *_arguments(wish, mounts)]
    annotations = dict(options(wish.run).annotations)
    if asked:
        mounts.annotation("checks", CHECKS, CHECKS_ANNOTATION)
        annotations[CHECKS_ANNOTATION] = msgspec.json.encode(asked).decode()
        command += ["--check", CHECKS]
    main = container(
        "backup", settings.operator_image, command, settings, options(wish.run),
        env=environment, volumeMounts=mounts.mounts,
    )  # fmt: skip
    deadline = wish.run.deadline_seconds
    containers = {"containers": [main]}
    spec = pod_spec(settings, options(wish.run), mounts, deadline, containers, namespace=namespace)
    pod = {"labels": labels(settings, "backup", own | {TASK: "backup"})}
    if annotations:
        pod["annotations"] = annotations
    return {
        # The next run is the next try; one that goes on by itself would hide the first.
        "backoffLimit": 0,
        "activeDeadlineSeconds": deadline + JOB_GRACE,
        "template": {"metadata": pod, "spec": spec},
    }


def _arguments(wish: Wish, mounts: Mounts) -> list[str]:
    made = places.arguments(wish.destination, mounts)
    for recipient in wish.encryption.recipients:
        made += ["--recipient", recipient]
    keys = mounts.key("recipients", wish.encryption.recipients_secret_ref)
    if keys:
        made += ["--recipients-file", keys]
    made += ["--scratch", SCRATCH, "--csv" if wish.run.csv else "--no-csv"]
    made += ["--deadline", str(wish.run.deadline_seconds), "--lock-wait", str(LOCK_WAIT)]
    made += _retention(wish.run.retention, wish.time_zone)
    return [*made, "--result-file", MESSAGE, "--log-format", "json"]


def _retention(rule: Retention, zone: str) -> list[str]:
    if rule.mode == "Off":
        return ["--no-prune"]
    counts = {
        "last": rule.keep_last,
        "daily": rule.keep_daily,
        "weekly": rule.keep_weekly,
        "monthly": rule.keep_monthly,
        "yearly": rule.keep_yearly,
    }
    made = ["--time-zone", zone]
    for name, count in counts.items():
        if count:
            made += [f"--keep-{name}", str(count)]
    return [*made, "--prune-dry-run"] if rule.mode == "DryRun" else made


def owned_by(owner: Object, *, controller: bool = True) -> list[Object]:
    """Return the reference by which an object goes when its owner does."""
    meta = owner["metadata"]
    return [
        {
            "apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": meta["name"],
            "uid": meta["uid"], "controller": controller, "blockOwnerDeletion": False,
        }
    ]  # fmt: skip


def cron_job(schedule: Object, spec: ScheduleSpec, wish: Wish, settings: Settings) -> Object:
    """Return the CronJob of a BackupSchedule: Kubernetes itself starts the runs."""
    name, namespace = schedule["metadata"]["name"], schedule["metadata"]["namespace"]
    own = {SCHEDULE: name}
    made = labels(settings, "backup", own | {TASK: "backup"})
    return {
        "metadata": {
            "name": name,
            "labels": made,
            "ownerReferences": owned_by(schedule),
        },
        "spec": {
            "schedule": spec.schedule,
            "timeZone": spec.time_zone,
            "suspend": spec.suspend,
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": spec.starting_deadline_seconds,
            "successfulJobsHistoryLimit": 10,
            "failedJobsHistoryLimit": 10,
            "jobTemplate": {
                # Where it goes is told to whoever records the run: the schedule may be another by then.
                "metadata": {
                    "labels": made,
                    "annotations": {DESTINATION: msgspec.json.encode(wish.destination).decode()},
                },
                "spec": job_spec(wish, settings, namespace, own),
            },
        },
    }


def job(backup: Object, wish: Wish, settings: Settings) -> Object:
    """Return the Job of a Backup that somebody applied."""
    name, namespace = backup["metadata"]["name"], backup["metadata"]["namespace"]
    own = {BACKUP: name}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": names.job("backup", name),
            "labels": labels(settings, "backup", own | {TASK: "backup"}),
            "ownerReferences": owned_by(backup),
        },
        "spec": job_spec(wish, settings, namespace, own),
    }


def inventory(backup: Object, spec: BackupSpec, uid: str, settings: Settings) -> Object:
    """Return the Job that looks up in the store how a run ended that could not tell."""
    assert not isinstance(spec.destination, UnsetType)  # noqa: S101 - the caller resolved it
    mounts = Mounts()
    mounts.temporary()
    where = places.arguments(spec.destination, mounts)
    command = ["outlay-backup", "show", "--run-id", uid, *where, "--result-file", MESSAGE]
    # What the run had may have been too little.
    chosen = msgspec.structs.replace(options(spec), resources=UNSET)
    main = container(
        "inventory", settings.operator_image, command, settings, chosen, volumeMounts=mounts.mounts
    )
    name, namespace = backup["metadata"]["name"], backup["metadata"]["namespace"]
    made = labels(settings, "backup", {BACKUP: name, TASK: "inventory"})
    containers = {"containers": [main]}
    pod = pod_spec(settings, chosen, mounts, 600, containers, namespace=namespace)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": names.job("inventory", name),
            "labels": made,
            "ownerReferences": owned_by(backup),
        },
        "spec": {
            "backoffLimit": 3,
            "podFailurePolicy": tries_again(["inventory"]),
            "activeDeadlineSeconds": 600 + JOB_GRACE,
            "ttlSecondsAfterFinished": 3600,
            "template": {"metadata": {"labels": made}, "spec": pod},
        },
    }
