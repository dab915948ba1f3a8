"""Images into the cluster's containerd, which keeps them from one start to the next."""

from pathlib import Path
from typing import Final

from cluster.buildah import is_known, remember
from cluster.places import CONTAINERD
from cluster.progress import step
from cluster.run import run
from cluster.settings import CONTAINERD_SOCKET

CTR: Final = ("ctr", "--address", CONTAINERD_SOCKET, "--namespace", "k8s.io")


def import_command(archive: Path) -> tuple[str, ...]:
    return (*CTR, "images", "import", str(archive))


def import_once(archive: Path) -> None:
    """Import one of the cluster's own images, unless an earlier start has done it."""
    if not is_known(CONTAINERD, archive):
        with step(f"import {archive.name}"):
            run(*import_command(archive))
        remember(CONTAINERD, archive)
