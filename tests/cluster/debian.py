"""The root of a small Debian, new enough for PostgreSQL 18."""

import shutil
from pathlib import Path
from platform import freedesktop_os_release
from typing import Final

from cluster.run import NICE, run

SUITE: Final = "forky"
SCRIPT: Final = "/usr/share/debootstrap/scripts/sid"  # older debootstraps do not know the suite
INCLUDED: Final = "ca-certificates,python3,python3-venv"


# In memory, where dpkg's many fsyncs cost nothing. What it mounts ends with its namespaces, also when it is killed.
MAKE: Final = """
set -eu
root=$1 archive=$2
shift 2
mount -t tmpfs -o size=2g tmpfs "$root"
debootstrap --variant=minbase --include="$@"
chroot "$root" apt-get clean
tar -C "$root" --exclude='./var/lib/apt/lists/*' --exclude='./dev/*' --exclude='./proc/*' -cf "$archive" .
"""


def make_root(archive: Path) -> None:
    """Write Debian's root as a tar file; it keeps its package lists' address, so apt works in it."""
    root = archive.parent / "root"
    root.mkdir()
    alone = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
    options = (INCLUDED, SUITE, str(root), _mirror(), SCRIPT)
    run(*NICE, *alone, "sh", "-c", MAKE, "sh", str(root), str(archive), *options)
    root.rmdir()


def _mirror() -> str:
    """The one that this machine's Debian uses; empty elsewhere: then debootstrap knows one."""
    if not shutil.which("apt-get"):
        return ""
    listed = run("apt-get", "indextargets", "--format", "$(ORIGIN) $(CODENAME) $(REPO_URI)")
    ours = f"Debian {freedesktop_os_release().get('VERSION_CODENAME')} "
    return next((line.split()[2] for line in listed.splitlines() if line.startswith(ours)), "")
