"""A Kubernetes cluster for tests: a real one on this machine, kind, or whichever KUBECONFIG names."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import quote

from cluster import go
from cluster.addresses import NODE
from cluster.kind import Given, Kind, docker_runs
from cluster.native import Native
from cluster.places import NODE as NODE_FOLDER
from cluster.run import Failed, run

__all__ = ["Cluster", "Failed"]


class Way(Protocol):
    """A way to have a cluster. `local_images`: the images of images.py are there, no registry is."""

    kubeconfig: Path
    local_images: bool

    def up(self) -> bool: ...
    def down(self) -> None: ...
    def build(
        self, name: str, context: Path, arguments: Mapping[str, str], target: str
    ) -> None: ...
    def load(self, name: str) -> None: ...
    def entered(self) -> tuple[str, ...]: ...


def chosen() -> Way:
    """The cluster that KUBECONFIG names, else kind where Docker runs, else this machine's own."""
    ours = {str(way.kubeconfig): way for way in (Native, Kind)}
    if named := os.environ.get("KUBECONFIG"):
        return ours[named]() if named in ours else Given(Path(named))
    wanted = os.environ.get("OUTLAY_CLUSTER", "")
    if wanted == "kind" or (not wanted and docker_runs()):
        return Kind()
    return Native()


class Cluster:
    """`with Cluster() as cluster:` starts one unless it runs, and stops what it started."""

    def __init__(self, way: Way | None = None) -> None:
        self.way = way or chosen()
        self._started = False

    def __enter__(self) -> Self:
        self._started = self.way.up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._started:
            self.way.down()

    @property
    def kubeconfig(self) -> Path:
        return self.way.kubeconfig

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to speak with this cluster: no proxy, and no older one's cache."""
        direct = ",".join(filter(None, (os.environ.get("NO_PROXY"), NODE)))
        return os.environ | {
            "KUBECONFIG": str(self.kubeconfig),
            "KUBECACHEDIR": str(NODE_FOLDER / "kubectl"),
            "NO_PROXY": direct,
            "no_proxy": direct,
        }

    def tool(self, name: str) -> Path:
        """A program by its name (helm, promtool, kubeconform, k6, ...), built if need be."""
        return go.program(name)

    def kubectl(self, *arguments: str, given: str | None = None) -> str:
        """What kubectl prints; `given` is its standard input. Raises Failed."""
        kubectl = str(self.tool("kubectl"))
        return run(kubectl, *arguments, environment=self.environment, given=given)

    def helm(self, *arguments: str) -> str:
        """What helm prints. Raises Failed."""
        return run(str(self.tool("helm")), *arguments, environment=self.environment)

    def get(self, *what: str) -> Any:
        """An object or a list of them, as kubectl finds them."""
        return json.loads(self.kubectl("get", *what, "--output", "json"))

    def build_image(
        self,
        name: str,
        context: Path,
        arguments: Mapping[str, str] | None = None,
        *,
        target: str = "",
    ) -> None:
        """Build a Dockerfile (name: localhost/...) and load it; `arguments` are its build arguments."""
        self.way.build(name, context, arguments or {}, target)
        self.load_image(name)

    def load_image(self, name: str) -> None:
        """Give an image that was built on this machine to the cluster."""
        self.way.load(name)

    def on_node(self, *command: str) -> str:
        """What a command prints that runs on the node, as root. Raises Failed."""
        return run(*self.way.entered(), *command)

    @contextmanager
    def port_forward(self, what: str, port: int, namespace: str = "default") -> Iterator[str]:
        """The address on this machine ("127.0.0.1:PORT") of a port of `svc/name` or `pod/name`."""
        command = (str(self.tool("kubectl")), "port-forward", f"--namespace={namespace}", what)
        with subprocess.Popen(
            (*command, f":{port}"), env=self.environment, stdout=subprocess.PIPE, text=True
        ) as forward:
            try:
                assert forward.stdout is not None
                said = re.search(r"127\.0\.0\.1:\d+", forward.stdout.readline())
                if not said:
                    raise Failed(f"{what} in {namespace} cannot be forwarded: is it running?")
                yield said.group()
            finally:
                forward.terminate()

    def query(self, expression: str) -> list[dict[str, Any]]:
        """What the cluster's Prometheus answers to an instant query: its `result`. Raises Failed."""
        service = "/api/v1/namespaces/monitoring/services/prometheus-operated:9090/proxy"
        path = f"{service}/api/v1/query?query={quote(expression)}"
        result: list[dict[str, Any]] = json.loads(self.kubectl("get", "--raw", path))["data"][
            "result"
        ]
        return result
