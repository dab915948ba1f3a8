"""Where the API server keeps what the operator reads and writes."""

from dataclasses import dataclass
from typing import Final

from outlay_operator.model.base import GROUP, VERSION


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: `prefix` is the path of its API group and version."""

    prefix: str
    plural: str
    name: str

    @property
    def api_version(self) -> str:
        return self.prefix.removeprefix("/apis/").removeprefix("/api/")

    def path(self, namespace: str | None = None, name: str = "") -> str:
        inside = f"/namespaces/{namespace}" if namespace else ""
        return f"{self.prefix}{inside}/{self.plural}" + (f"/{name}" if name else "")


_OWN: Final = f"/apis/{GROUP}/{VERSION}"
SCHEDULES: Final = Kind(_OWN, "backupschedules", "BackupSchedule")
BACKUPS: Final = Kind(_OWN, "backups", "Backup")
RESTORES: Final = Kind(_OWN, "restores", "Restore")
CRON_JOBS: Final = Kind("/apis/batch/v1", "cronjobs", "CronJob")
JOBS: Final = Kind("/apis/batch/v1", "jobs", "Job")
PODS: Final = Kind("/api/v1", "pods", "Pod")
EVENTS: Final = Kind("/api/v1", "events", "Event")
CONFIG_MAPS: Final = Kind("/api/v1", "configmaps", "ConfigMap")
SECRETS: Final = Kind("/api/v1", "secrets", "Secret")
DEFINITIONS: Final = Kind(
    "/apis/apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition"
)
