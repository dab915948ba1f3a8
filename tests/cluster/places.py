"""Where the local cluster keeps what it builds and what it runs."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final


def _cache() -> Path:
    named = os.environ.get("OUTLAY_CLUSTER_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named).resolve() if named else Path(home) / "outlay-cluster"


CACHE: Final = _cache()
HERE: Final = Path(__file__).parent
MANIFESTS: Final = HERE / "manifests"
RECIPES: Final = HERE / "images"

PROGRAMS: Final = CACHE / "programs"  # <part>-<version>/: what was built from Go modules
GO: Final = CACHE / "go"  # Go's own caches; may be deleted once everything is built
IMAGES: Final = CACHE / "images"  # one OCI archive an image
BUILDAH: Final = CACHE / "buildah"  # buildah's layers
UNFINISHED: Final = CACHE / "unfinished"  # what is being made
CONTAINERD: Final = CACHE / "containerd"  # the cluster's images, unpacked: kept for a fast start

NODE: Final = CACHE / "node"  # all below is made anew by each start
LOGS: Final = NODE / "logs"
CERTIFICATES: Final = NODE / "certificates"
SETTINGS: Final = NODE / "settings"
VOLUMES: Final = NODE / "volumes"
KUBELET: Final = NODE / "kubelet"
ETCD: Final = NODE / "etcd"
PID: Final = NODE / "pid"
KUBECONFIG: Final = NODE / "kubeconfig"


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One at a time for each name, on this machine: the next one waits."""
    locks = CACHE / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def workshop(name: str) -> Iterator[Path]:
    """An empty folder to make something in, for one at a time; what a killed one left is removed."""
    with alone(name):
        folder = UNFINISHED / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
