"""The root of a small Debian, new enough for PostgreSQL 18."""

import shutil
from pathlib import Path
from platform import freedesktop_os_release
from tempfile import TemporaryDirectory
from typing import Final

from cluster.run import NICE, run

SUITE: Final = "forky"
SCRIPT: Final = "/usr/share/debootstrap/scripts/sid"  # older debootstraps do not know the suite
INCLUDED: Final = "ca-certificates,python3,python3-pip,python3-venv"


def make_root(archive: Path) -> None:
    """Write Debian's root as a tar file; it keeps its package lists' address, so apt works in it."""
    with TemporaryDirectory(dir=archive.parent) as folder:
        options = ("--variant=minbase", f"--include={INCLUDED}", SUITE, folder)
        # What debootstrap mounts, and leaves when it is killed, ends with its namespaces.
        alone = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
        run(*NICE, *alone, "debootstrap", *options, _mirror(), SCRIPT)
        run("chroot", folder, "apt-get", "clean")
        kept = ("--exclude=./var/lib/apt/lists/*", "--exclude=./dev/*", "--exclude=./proc/*")
        run("tar", "-C", folder, *kept, "-cf", str(archive), ".")


def _mirror() -> str:
    """The one that this machine's Debian uses; empty elsewhere: then debootstrap knows one."""
    if not shutil.which("apt-get"):
        return ""
    listed = run("apt-get", "indextargets", "--format", "$(ORIGIN) $(CODENAME) $(REPO_URI)")
    ours = f"Debian {freedesktop_os_release().get('VERSION_CODENAME')} "
    return next((line.split()[2] for line in listed.splitlines() if line.startswith(ours)), "")
