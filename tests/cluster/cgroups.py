"""The control group that holds the cluster's pods, in version 1's hierarchies or in version 2's one."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from cluster.run import until

ROOT: Final = Path("/sys/fs/cgroup")
NAME: Final = "outlay-cluster"
NEEDED: Final = ("cpu", "cpuset", "hugetlb", "memory", "pids")


def make() -> None:
    if (ROOT / "cgroup.controllers").exists():
        had = (ROOT / "cgroup.controllers").read_text().split()
        wanted = " ".join(f"+{name}" for name in NEEDED if name in had)
        (ROOT / "cgroup.subtree_control").write_text(wanted)
    for hierarchy in _hierarchies():
        (hierarchy / NAME).mkdir(exist_ok=True)


def remove() -> None:
    """Once its processes have ended; a killed one takes a moment to leave its group."""
    for hierarchy in _hierarchies():
        top = hierarchy / NAME
        until(partial(_removed, top), f"{top} is empty", 30)


def _hierarchies() -> Iterator[Path]:
    if (ROOT / "cgroup.controllers").exists():
        yield ROOT
    else:
        yield from (path for path in ROOT.iterdir() if path.is_dir())


def _removed(group: Path) -> bool:
    try:
        for inner in [path for path in group.iterdir() if path.is_dir()]:
            if not _removed(inner):
                return False
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:  # EBUSY: a process is still leaving
        return False
    return True
