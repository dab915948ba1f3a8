"""Volumes of a Job's pod and where they are mounted."""

from dataclasses import dataclass, field
from typing import Any, Final

from msgspec import UnsetType

from outlay_operator.model.parts import Scratch, SecretKeyRef, SecretRef
from outlay_operator.model.places import Volume

SCRATCH: Final = "/scratch"
DESTINATION: Final = "/destination"
CREDENTIALS: Final = "/etc/outlay/credentials"
CHECKS: Final = "/etc/outlay/checks/checks.json"
# Readable by the pod's group, which fsGroup makes the owner of the files.
_MODE: Final = 0o440


@dataclass(slots=True)
class Mounts:
    """The volumes of a pod, and what its containers mount."""

    volumes: list[dict[str, Any]] = field(default_factory=list)
    mounts: list[dict[str, Any]] = field(default_factory=list)

    def _add(self, name: str, path: str, source: dict[str, Any], *, writable: bool = False) -> None:
        self.volumes.append({"name": name} | source)
        read_only = {} if writable else {"readOnly": True}
        self.mounts.append({"name": name, "mountPath": path} | read_only)

    def temporary(self) -> None:
        self._add("tmp", "/tmp", {"emptyDir": {"sizeLimit": "64Mi"}}, writable=True)  # noqa: S108

    def scratch(self, wanted: Scratch) -> None:
        """Mount a volume of its own that goes with the pod: an emptyDir could fill the node."""
        claim: dict[str, Any] = {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": wanted.size}},
        }
        if wanted.storage_class_name:
            claim["storageClassName"] = wanted.storage_class_name
        template = {"volumeClaimTemplate": {"spec": claim}}
        self._add("scratch", SCRATCH, {"ephemeral": template}, writable=True)

    def destination(self, volume: Volume) -> None:
        claim = {"persistentVolumeClaim": {"claimName": volume.claim_name}}
        self._add("destination", DESTINATION, claim, writable=True)

    def credentials(self, ref: SecretRef) -> None:
        secret = {"secretName": ref.name, "defaultMode": _MODE}
        self._add("credentials", CREDENTIALS, {"secret": secret})

    def key(self, name: str, ref: SecretKeyRef | UnsetType) -> str:
        """Mount one key of a Secret; its path names both, so that an error message does."""
        if isinstance(ref, UnsetType):
            return ""
        folder = f"/etc/outlay/{name}/{ref.name}"
        if all(each["name"] != name for each in self.volumes):
            items = [{"key": ref.key, "path": ref.key}]
            secret = {"secretName": ref.name, "defaultMode": _MODE, "items": items}
            self._add(name, folder, {"secret": secret})
        return f"{folder}/{ref.key}"

    def annotation(self, name: str, path: str, annotation: str) -> None:
        """Mount the value of one of the pod's own annotations as a file."""
        folder, _, file = path.rpartition("/")
        reference = {"fieldPath": f"metadata.annotations['{annotation}']"}
        items = [{"path": file, "fieldRef": reference}]
        self._add(name, folder, {"downwardAPI": {"items": items, "defaultMode": _MODE}})
