"""A real Kubernetes on this machine, in namespaces of its own: Linux, as root, without Docker."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cluster import buildah, cgroups, images, network
from cluster.certificates import make_certificates
from cluster.containers import import_command
from cluster.go import built
from cluster.packages import install_missing
from cluster.parts import KUBERNETES, NEEDED
from cluster.places import (
    CONTAINERD,
    ETCD,
    HERE,
    IMAGES,
    KUBECONFIG,
    KUBELET,
    LOGS,
    NODE,
    PID,
    VOLUMES,
    alone,
)
from cluster.progress import READY, say, step
from cluster.room import check_room
from cluster.run import Failed, run, until
from cluster.settings import write_settings

MODULE: Final = "cluster.node"


class Native:
    """Starts and stops the node, and reaches into it."""

    kubeconfig = KUBECONFIG
    local_images = True

    def up(self) -> bool:
        """Start it, and answer whether that was needed; what a crash left is swept away first."""
        _check()
        with alone("node"):
            if _is_well():
                return False
            _sweep()
            _prepare()
            _start()
            return True

    def down(self) -> None:
        _check()
        with alone("node"):
            _sweep()

    def build(self, name: str, context: Path, arguments: Mapping[str, str], target: str) -> None:
        images.build(name, context, arguments, target)

    def load(self, name: str) -> None:
        """Give an image that was built on this machine to the cluster."""
        archive = IMAGES / "loaded.tar"
        with alone("node"):
            buildah.save(name, archive)
            run(*self.entered(), *import_command(archive))
            archive.unlink()

    def entered(self) -> tuple[str, ...]:
        """What to put before a command so that it runs on the node."""
        if not (pid := _pid()):
            raise Failed("The cluster is not running: start it with `make cluster`")
        return ("nsenter", f"--target={pid}", "--mount", "--net", "--pid", "--root", "--")


def _check() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        raise Failed(
            "The local cluster needs Linux and root. Install Docker to use kind instead, "
            "or name a cluster: KUBECONFIG=/path/to/kubeconfig"
        )


def _pid() -> int:
    """The node's first process, as this machine counts; 0 when it does not run."""
    try:
        pid = int(PID.read_text())
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return 0
    return pid if MODULE.encode() in arguments else 0


def _ended(pid: int) -> bool:
    """Whether the first process of the node is gone: the kernel lets it go as the last of them."""
    try:
        _, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return True
    return rest.split()[0] == "Z"


def _is_well() -> bool:
    log = LOGS / "node.log"
    if not _pid() or not KUBECONFIG.exists() or " ended with " in log.read_text():
        return False
    kubectl = str(built(KUBERNETES) / "kubectl")
    asked = (kubectl, "--kubeconfig", str(KUBECONFIG), "get", "--raw", "/readyz")
    try:
        run(*asked, "--request-timeout=5s")
    except Failed:
        return False
    return True


def _prepare() -> None:
    check_room()
    install_missing()
    for part in NEEDED:
        built(part)
    buildah.sweep()
    images.make_missing()
    with step("certificates and settings"):
        if NODE.exists():
            shutil.rmtree(NODE)
        for folder in (ETCD, KUBELET, LOGS, VOLUMES, CONTAINERD):
            folder.mkdir(parents=True, exist_ok=True)
        make_certificates()
        write_settings()


def _start() -> None:
    began = time.monotonic()
    namespaces = ("unshare", "--mount", "--net", "--pid", "--fork", "--propagation", "slave")
    environment = os.environ | {"PYTHONPATH": str(HERE.parent)}
    try:
        with (
            (LOGS / "node.log").open("w") as log,
            subprocess.Popen(
                ("setsid", "--fork", *namespaces, sys.executable, "-m", MODULE),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            ) as node,
        ):
            until(lambda: bool(_pid()), "the node's first process runs", 30)
            network.wire(_pid())
            _follow(node)
    except BaseException:
        _sweep()
        raise
    say(f"The cluster is ready after {time.monotonic() - began:.1f} s")


def _follow(node: "subprocess.Popen[str]") -> None:
    """Print the node's progress until it is ready; raises Failed when it gives up."""
    assert node.stdin is not None
    assert node.stderr is not None
    node.stdin.close()
    for line in node.stderr:
        if line.strip() == READY:
            return
        say(line.rstrip())
    raise Failed(f"The cluster did not start; its logs are in {LOGS}")


def _sweep() -> None:
    """Stop what runs; remove what a killed node cannot have removed itself."""
    if pid := _pid():
        os.kill(pid, signal.SIGKILL)
        until(lambda: _ended(pid), "the node's processes have ended", 60)
    network.unwire()
    cgroups.remove()
