"""What the cluster needs of the disk."""

import shutil
from typing import Final

from cluster.parts import NEEDED
from cluster.places import CACHE, PROGRAMS
from cluster.run import Failed

GB: Final = 10**9
ROOM: Final = 5 * GB
ROOM_TO_BUILD: Final = 25 * GB


def check_room() -> None:
    """Raise Failed where the disk is too full to build or to run the cluster."""
    built_all = all((PROGRAMS / part.folder).is_dir() for part in NEEDED)
    needed = ROOM if built_all else ROOM_TO_BUILD
    free = shutil.disk_usage(CACHE).free
    if free < needed:
        raise Failed(
            f"{CACHE} has {free / GB:.1f} GB free, and the cluster needs {needed / GB:.0f}: make room"
            " (its folders go/, buildah/ and containerd/ are made again), or name another disk in"
            " OUTLAY_CLUSTER_CACHE"
        )
