"""A program of the operator's image in a pod as restricted as those of its Jobs."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chart.charts import Object
from e2e.place import Place, secret

SCRATCH: Final = "/scratch"
CREDENTIALS: Final = "/credentials"

Files = Mapping[str, dict[str, str]]


def run(
    place: Place,
    name: str,
    image: str,
    *command: str,
    env: dict[str, str] | None = None,
    files: Files | None = None,
    seconds: int = 240,
) -> tuple[int, str, str]:
    """Run it to its end; its exit code, its termination message and its log.

    /tmp and /scratch are writable; `files` are folders with texts by their names.
    """
    given = {f"{name}-{n}": (at, texts) for n, (at, texts) in enumerate((files or {}).items())}
    secrets = (secret(key, texts) for key, (_, texts) in given.items())
    folders = {key: at for key, (at, _) in given.items()}
    place.apply(*secrets, pod(name, image, [*command], env or {}, folders))
    over = place.until(
        lambda each: each["status"].get("phase") in {"Succeeded", "Failed"},
        "pods", f"--field-selector=metadata.name={name}", seconds=seconds,
    )  # fmt: skip
    [status] = over["status"]["containerStatuses"]
    ended = status["state"]["terminated"]
    return ended["exitCode"], ended.get("message", ""), place.kubectl("logs", name)


def result(message: str) -> dict[str, Any]:
    """A termination message's JSON."""
    told: dict[str, Any] = json.loads(message)
    return told


def pod(
    name: str, image: str, command: list[str], env: dict[str, str], folders: dict[str, str]
) -> Object:
    """Its manifest; `folders` are where Secrets are mounted, by their names."""
    places = {"tmp": "/tmp", "scratch": SCRATCH} | folders
    container = {
        "name": "program", "image": image, "imagePullPolicy": "IfNotPresent", "command": command,
        "env": [{"name": key, "value": value} for key, value in env.items()],
        "resources": {"limits": {"memory": "1Gi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": key, "mountPath": at} for key, at in places.items()],
    }  # fmt: skip
    spec = {
        "restartPolicy": "Never", "automountServiceAccountToken": False, "containers": [container],
        "securityContext": {
            "runAsNonRoot": True, "fsGroup": 10001, "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumes": [
            {"name": key, "secret": {"secretName": key}} if key in folders
            else {"name": key, "emptyDir": {}} for key in places
        ],
    }  # fmt: skip
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}
