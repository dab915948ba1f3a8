"""A small volume on the node, which can be filled to its last block."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cluster import Failed
from cluster.kind import Given
from e2e.place import Place


@contextmanager
def small_disk(place: Place, mebibytes: int) -> Iterator[str]:
    """A volume of a class that has only this one, both named as the namespace; its folder.

    What uses it must have gone when the block ends.
    """
    if isinstance(place.cluster.way, Given):
        pytest.skip("needs a node that can be entered")
    folder = f"/var/{place.namespace}"
    place.cluster.on_node("mkdir", "-p", folder)
    options = f"size={mebibytes}m,mode=777"
    place.cluster.on_node("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder)
    (node,) = place.cluster.get("nodes")["items"]
    name = node["metadata"]["labels"]["kubernetes.io/hostname"]
    term = {"key": "kubernetes.io/hostname", "operator": "In", "values": [name]}
    place.apply({
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": place.namespace},
        "spec": {
            "capacity": {"storage": f"{mebibytes}Mi"}, "accessModes": ["ReadWriteOnce"],
            "storageClassName": place.namespace, "local": {"path": folder},
            "persistentVolumeReclaimPolicy": "Retain",
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [term]}]}},
        },
    })  # fmt: skip
    try:
        yield folder
    finally:
        place.kubectl("delete", "pv", place.namespace, "--wait=false")
        place.cluster.on_node("umount", folder)


def fill(place: Place, folder: str) -> None:
    """Leave not a block of room."""
    with pytest.raises(Failed, match="No space left"):
        place.cluster.on_node("dd", "if=/dev/zero", f"of={folder}/filler", "bs=64k")


def empty(place: Place, folder: str) -> None:
    place.cluster.on_node("rm", f"{folder}/filler")


def claim(name: str, storage_class: str = "", mebibytes: int = 64) -> dict[str, object]:
    """A PersistentVolumeClaim; of the default class unless one is named."""
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": f"{mebibytes}Mi"}},
    } | ({"storageClassName": storage_class} if storage_class else {})
    metadata = {"name": name}
    return {
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec
    }  # fmt: skip
