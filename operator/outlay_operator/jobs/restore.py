"""The Job of a Restore: load and compare, migrate with the service's own image, then swap."""

from typing import Any, Final

import msgspec
from msgspec import UnsetType

from outlay_operator import names
from outlay_operator.jobs import places
from outlay_operator.jobs.backup import owned_by
from outlay_operator.jobs.mounts import SCRATCH, Mounts
from outlay_operator.jobs.pod import (
    JOB_GRACE,
    MESSAGE,
    administered,
    container,
    labels,
    pod_spec,
    tries_again,
)
from outlay_operator.labels import RESTORE, TASK
from outlay_operator.model.parts import JobOptions, Server
from outlay_operator.model.places import Destination
from outlay_operator.model.restore import Admin, RestoreSpec
from outlay_operator.settings import Settings

Object = dict[str, Any]
LOCK_WAIT: Final = 900
_TRIES: Final = 4


class Wish(msgspec.Struct, frozen=True):
    """A restore with nothing left to ask for; `run` may be `latest`."""

    spec: RestoreSpec
    server: Server
    admin: Admin
    destination: Destination
    run: str


def options(spec: RestoreSpec) -> JobOptions:
    return JobOptions() if isinstance(spec.job, UnsetType) else spec.job


def job(restore: Object, wish: Wish, settings: Settings) -> Object:
    """Return the Job; killed at any step, another pod goes on where it was."""
    spec, mounts = wish.spec, Mounts()
    mounts.temporary()
    mounts.scratch(spec.scratch)
    key = mounts.key("key", spec.key_secret_ref)
    store = places.arguments(wish.destination, mounts)
    environment = administered(wish.server, wish.admin, mounts)
    common = [wish.run, *store, "--order", restore["metadata"]["uid"]]
    common += ["--lock-wait", str(LOCK_WAIT), "--log-format", "json", "--result-file", MESSAGE]
    if wish.admin.owner:
        common += ["--owner", wish.admin.owner]
    if settings.service_version:
        common += ["--service-version", settings.service_version]
    load = ["outlay-backup", "restore", *common, "--key", key, "--scratch", SCRATCH]
    load += ["--deadline", str(spec.deadline_seconds)]

    def step(name: str, command: list[str], image: str, env: list[Object]) -> Object:
        return container(
            name, image, command, settings, options(spec), env=env, volumeMounts=mounts.mounts
        )

    backup_image = settings.operator_image
    if spec.dry_run:
        steps: Object = {
            "containers": [
                step("load", [*load, "--dry-run", "--no-migrate"], backup_image, environment)
            ]
        }
    else:
        migration = administered(
            wish.server, wish.admin, mounts,
            name=names.restored(wish.server.name), role=wish.admin.owner,
        )  # fmt: skip
        swap = ["outlay-backup", "restore", *common, "--steps", "swap"]
        if spec.keep_tokens:
            swap.append("--keep-tokens")
        steps = {
            "initContainers": [
                step("load", [*load, "--steps", "load"], backup_image, environment),
                step("migrate", ["outlay", "migrate"], settings.service_image, migration),
            ],
            "containers": [step("swap", swap, backup_image, environment)],
        }
    namespace = restore["metadata"]["namespace"]
    pod = pod_spec(
        settings, options(spec), mounts, spec.deadline_seconds, steps, namespace=namespace
    )
    return _job(restore, "restore", pod, settings, spec)


def release(restore: Object, wish: Wish, kept: str, settings: Settings) -> Object:
    """Return the Job that drops the database which a restore kept."""
    mounts = Mounts()
    mounts.temporary()
    environment = administered(wish.server, wish.admin, mounts)
    command = ["outlay-backup", "release", "--database", kept, "--result-file", MESSAGE]
    main = container(
        "release", settings.operator_image, command, settings, options(wish.spec),
        env=environment, volumeMounts=mounts.mounts,
    )  # fmt: skip
    namespace, containers = restore["metadata"]["namespace"], {"containers": [main]}
    pod = pod_spec(settings, options(wish.spec), mounts, 600, containers, namespace=namespace)
    return _job(restore, "release", pod, settings, wish.spec)


def _job(restore: Object, task: str, pod: Object, settings: Settings, spec: RestoreSpec) -> Object:
    name = restore["metadata"]["name"]
    made = labels(settings, "restore", {RESTORE: name, TASK: task})
    metadata: Object = {"labels": made}
    if options(spec).annotations:
        metadata["annotations"] = options(spec).annotations
    steps = (*pod.get("initContainers", ()), *pod["containers"])
    ours = [each["name"] for each in steps if each["name"] != "migrate"]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": names.job(task, name),
            "labels": made,
            "ownerReferences": owned_by(restore),
        },
        "spec": {
            "backoffLimit": _TRIES,
            "activeDeadlineSeconds": pod["activeDeadlineSeconds"] + JOB_GRACE,
            "podFailurePolicy": tries_again(ours),
            "template": {"metadata": metadata, "spec": pod},
        },
    }
