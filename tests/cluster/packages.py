"""Debian's packages: installed only where a program is missing, and no service of them is started."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cluster.progress import step
from cluster.run import Failed, run

# A program, and the package that brings it. A machine with Docker has its own containerd and runc,
# whose packages exclude Debian's: so it is the program that counts.
PROGRAMS: Final = {
    "containerd": "containerd",
    "runc": "runc",
    "/usr/lib/cni/bridge": "containernetworking-plugins",
    "etcd": "etcd-server",
    "buildah": "buildah",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "conntrack": "conntrack",
    "prometheus-node-exporter": "prometheus-node-exporter",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "mount": "mount",
    "openssl": "openssl",
}


def install_missing() -> None:
    missing = sorted({package for name, package in PROGRAMS.items() if not shutil.which(name)})
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise Failed(f"Install {', '.join(missing)} with this system's package manager, then retry")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ("apt-get", "-qq", "-y", "--no-install-recommends", "--no-remove")
    patient = ("--option", "DPkg::Lock::Timeout=300")
    with step(f"install {len(missing)} packages"), _no_services():
        run("apt-get", "-qq", "update")
        run(*apt, *patient, "install", *missing, environment=environment)


@contextmanager
def _no_services() -> Iterator[None]:
    """Packages of etcd and of exporters start them; this file asks them not to."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()
