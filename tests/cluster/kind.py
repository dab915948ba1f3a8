"""kind: the cluster where Docker runs. Its own images come from their registries."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cluster import go, manifests
from cluster.places import CACHE
from cluster.progress import step
from cluster.run import Failed, run

NAME: Final = "outlay"
NODE_IMAGE: Final = "kindest/node:v1.35.0"


def docker_runs() -> bool:
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


class Kind:
    """One node with metrics, volumes whose room is known, prometheus-operator and a Prometheus."""

    kubeconfig = CACHE / "kind.kubeconfig"
    local_images = False

    def up(self) -> bool:
        if NAME in _kind("get", "clusters").split():
            _kind("export", "kubeconfig", "--name", NAME, "--kubeconfig", str(self.kubeconfig))
            return False
        with step("kind"):
            options = ("--name", NAME, "--image", NODE_IMAGE, "--wait", "180s")
            _kind("create", "cluster", *options, "--kubeconfig", str(self.kubeconfig))
        with step("metrics, volumes and monitoring"):
            manifests.apply_published(self.kubeconfig, f"{NAME}-control-plane", _address())
        return True

    def down(self) -> None:
        _kind("delete", "cluster", "--name", NAME)

    def build(self, name: str, context: Path, arguments: Mapping[str, str], target: str) -> None:
        given = [f"--build-arg={key}={value}" for key, value in arguments.items()]
        given += ["--target", target] if target else []
        run("docker", "build", "--tag", name, *given, str(context))

    def load(self, name: str) -> None:
        _kind("load", "docker-image", "--name", NAME, name)

    def entered(self) -> tuple[str, ...]:
        return ("docker", "exec", f"{NAME}-control-plane")


def _address() -> str:
    """The node's own address, in Docker's network."""
    shown = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
    return run("docker", "inspect", "--format", shown, f"{NAME}-control-plane").split()[0]


def _kind(*arguments: str) -> str:
    CACHE.mkdir(parents=True, exist_ok=True)
    return run(str(go.program("kind")), *arguments)


class Given:
    """A cluster of somebody's, named by KUBECONFIG: it is neither started nor stopped."""

    local_images = False

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig

    def up(self) -> bool:
        if not self.kubeconfig.is_file():
            raise Failed(f"KUBECONFIG names {self.kubeconfig}, which is no file")
        return False

    def down(self) -> None:
        """It was there before."""

    def build(self, name: str, context: Path, arguments: Mapping[str, str], target: str) -> None:
        raise Failed(f"{name}: push it to a registry that the cluster reads, and name it in values")

    def load(self, name: str) -> None:
        raise Failed(f"{name}: push it to a registry that the cluster reads, and name it in values")

    def entered(self) -> tuple[str, ...]:
        raise Failed("This needs a node that can be entered: run it on the local cluster")
