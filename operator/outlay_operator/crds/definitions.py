"""The three custom resources: names, columns of `kubectl get`, schemas."""

import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from outlay_operator.crds.schema import structural
from outlay_operator.model.backup import BackupSpec, BackupStatus
from outlay_operator.model.base import GROUP, VERSION, Model
from outlay_operator.model.restore import RestoreSpec, RestoreStatus
from outlay_operator.model.schedule import ScheduleSpec, ScheduleStatus

OWN_VERSION: Final = version("outlay")
# The version of Outlay that a definition is of.
OF_VERSION: Final = "outlay.dev/version"

_NUMBERS: Final = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})")

Column = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind; a column is its name, type, path, description and priority (1: only with -o wide)."""

    kind: str
    plural: str
    short: str
    description: str
    spec: type[Model]
    status: type[Model]
    columns: tuple[Column, ...]
    longest_name: int = 52

    @property
    def name(self) -> str:
        return f"{self.plural}.{GROUP}"


_AGE: Final[Column] = ("Age", "date", ".metadata.creationTimestamp", "When it was made.", 0)

SCHEDULES: Final = Resource(
    "BackupSchedule",
    "backupschedules",
    "obs",
    "Backups at set times: each is restored and compared before it counts.",
    ScheduleSpec,
    ScheduleStatus,
    (
        ("Schedule", "string", ".spec.schedule", "When.", 0),
        (
            "Ready",
            "string",
            ".status.conditions[?(@.type=='Ready')].status",
            "Whether it can run.",
            0,
        ),
        ("Verified", "date", ".status.lastVerified", "Age of the latest verified backup.", 0),
        ("Size", "integer", ".status.bytes", "Bytes of the newest.", 0),
        ("Stored", "integer", ".status.stored", "Verified backups in the store.", 0),
        ("Failures", "integer", ".status.consecutiveFailures", "Since the last success.", 0),
        ("Next", "string", ".status.nextRun", "When the next one is due.", 0),
        _AGE,
        ("Missed", "integer", ".status.missedRuns", "Runs that never began.", 1),
        ("Zone", "string", ".spec.timeZone", "Time zone of the schedule.", 1),
        ("Would-Remove", "string", ".status.wouldRemove", "What the retention would delete.", 1),
        ("Problem", "string", ".status.problem", "What is wrong.", 1),
    ),
)
BACKUPS: Final = Resource(
    "Backup",
    "backups",
    "ob",
    "One run of a backup, asked for by applying it, or recorded of a schedule's.",
    BackupSpec,
    BackupStatus,
    (
        ("State", "string", ".status.state", "How it stands.", 0),
        (
            "Complete",
            "string",
            ".status.conditions[?(@.type=='Complete')].status",
            "Stored whole.",
            0,
        ),
        (
            "Verified",
            "string",
            ".status.conditions[?(@.type=='Verified')].status",
            "Restored and compared.",
            0,
        ),
        ("Size", "integer", ".status.bytes", "Bytes of the stored dump.", 0),
        ("Seconds", "integer", ".status.seconds", "How long it took.", 0),
        ("Reason", "string", ".status.reason", "Why it failed.", 0),
        _AGE,
        ("Run", "string", ".status.run", "Its folder in the store.", 1),
        ("Rows", "integer", ".status.rows", "Rows of all tables.", 1),
        ("Message", "string", ".status.message", "Why, and what to do.", 1),
    ),
    # A recorded one has the name of its CronJob's Job: the schedule's and eleven characters.
    longest_name=63,
)
RESTORES: Final = Resource(
    "Restore",
    "restores",
    "ores",
    "A backup brought back: into a new database, compared, then swapped in.",
    RestoreSpec,
    RestoreStatus,
    (
        ("State", "string", ".status.state", "How it stands.", 0),
        ("Run", "string", ".status.run", "What is brought back.", 0),
        ("Kept", "string", ".status.kept", "The old database, until it is released.", 0),
        ("Reason", "string", ".status.reason", "Why it failed.", 0),
        _AGE,
        ("Rows", "integer", ".status.rows", "Rows of all tables.", 1),
        ("Message", "string", ".status.message", "Why, and what to do.", 1),
    ),
)
ALL: Final = (SCHEDULES, BACKUPS, RESTORES)


def definition(resource: Resource) -> dict[str, Any]:
    """Return the CustomResourceDefinition."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": resource.name,
            "labels": {"app.kubernetes.io/part-of": "outlay"},
            "annotations": {OF_VERSION: OWN_VERSION},
        },
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": resource.kind,
                "listKind": f"{resource.kind}List",
                "plural": resource.plural,
                "singular": resource.kind.lower(),
                "shortNames": [resource.short],
                "categories": ["outlay"],
            },
            "versions": [_version(resource)],
        },
    }


def newer_than(own: str, there: dict[str, Any] | None) -> str | None:
    """Return the version of the cluster's definition where that is newer than `own`."""
    told: str = (there or {}).get("metadata", {}).get("annotations", {}).get(OF_VERSION, "")
    return told if _numbers(told) > _numbers(own) else None


def _numbers(told: str) -> tuple[int, ...]:
    """Of "1.20.3-rc.1" the first three; nothing of what is no version."""
    found = _NUMBERS.match(told)
    return tuple(map(int, found.groups())) if found else ()


def _version(resource: Resource) -> dict[str, Any]:
    columns = []
    for name, kind, path, description, priority in resource.columns:
        column: dict[str, Any] = {
            "name": name,
            "type": kind,
            "jsonPath": path,
            "description": description,
        }
        columns.append(column | ({"priority": priority} if priority else {}))
    schema = {
        "description": resource.description,
        "type": "object",
        "required": ["spec"],
        # The name goes into those of Jobs and into labels.
        "x-kubernetes-validations": [
            {
                "rule": f"size(self.metadata.name) <= {resource.longest_name}",
                "message": f"metadata.name is longer than {resource.longest_name} characters",
            }
        ],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": structural(resource.spec),
            "status": structural(resource.status, defaults=False),
        },
    }
    return {
        "name": VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": columns,
        "schema": {"openAPIV3Schema": schema},
    }
