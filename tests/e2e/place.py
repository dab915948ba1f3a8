"""A namespace with the chart in it: how it is installed, looked at and used."""

import json
import subprocess
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import httpx

from chart.charts import CHART, Object, Values, merged
from cluster import Cluster, Failed
from cluster.run import run

VALUES: Final = Path(__file__).parent / "values.yaml"
ADMIN: Final = "admin@example.org"


@dataclass(frozen=True)
class Place:
    """A namespace that lets only restricted pods in.

    `images` are values that name other images, `helm_program` is the helm that installs.
    """

    cluster: Cluster
    namespace: str
    images: Values
    helm_program: str = "helm"

    def helm(self, *arguments: str, values: Values | None = None) -> str:
        """What helm prints; `values` come on top of everybody's."""
        given = "" if values is None else json.dumps(values)
        program = str(self.cluster.tool(self.helm_program))
        command = (program, "--namespace", self.namespace, *arguments)
        return run(*command, environment=self.cluster.environment, given=given)

    def with_values(self, *arguments: str, values: Values | None = None) -> str:
        """Run helm with the values file of these tests, the images, and `values`."""
        files = ("--values", str(VALUES), "--values", "-")
        return self.helm(*arguments, *files, values=merged(self.images, values or {}))

    def install(
        self, values: Values | None = None, *options: str, chart: Path | str = CHART
    ) -> str:
        """Install or upgrade the release of a folder, a package or an address; what Helm prints."""
        command = ("upgrade", "--install", "outlay", str(chart), *options)
        return self.with_values(*command, values=values)

    def ready(self, seconds: int = 240) -> None:
        """Wait until what is installed serves."""
        for what in self.kubectl("get", "statefulsets,deployments", "--output", "name").split():
            self.kubectl("rollout", "status", what, f"--timeout={seconds}s")

    def kubectl(self, *arguments: str, given: str | None = None) -> str:
        return self.cluster.kubectl("--namespace", self.namespace, *arguments, given=given)

    def get(self, *what: str) -> Any:
        return self.cluster.get("--namespace", self.namespace, *what)

    def apply(self, *objects: Object) -> None:
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
        self.kubectl("apply", "--filename", "-", given=text)

    def make_secret(self, name: str, **values: str) -> None:
        """Make it or change it; an underscore in a key stands for a hyphen."""
        texts = {key.replace("_", "-"): value for key, value in values.items()}
        self.apply(secret(name, texts))

    def secret(self, name: str = "outlay-passwords") -> dict[str, str]:
        data = self.get("secret", name)["data"]
        return {key: b64decode(value).decode() for key, value in data.items()}

    def pods(self, component: str) -> list[Object]:
        found = self.get("pods", "--selector", selector(component))["items"]
        return [each for each in found if "deletionTimestamp" not in each["metadata"]]

    def until(
        self, holds: Callable[[Object], bool], kind: str, *options: str, seconds: int = 180
    ) -> Object:
        """Watch objects of a kind until one is as wanted, and return that; raises Failed."""
        kubectl = (str(self.cluster.tool("kubectl")), "--namespace", self.namespace)
        watching = ("get", kind, *options, "--watch", "--output", "json")
        with subprocess.Popen(
            (*kubectl, *watching, f"--request-timeout={seconds}s"),
            env=self.cluster.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as watch:  # fmt: skip
            assert watch.stdout is not None
            try:
                for each in documents(watch.stdout):
                    if holds(each):
                        return each
            finally:
                watch.terminate()
        raise Failed(f"no {kind} {' '.join(options)} was as wanted within {seconds} s")

    def until_told(self, component: str, sentence: str, seconds: int = 180) -> str:
        """Wait until a container of the component ended with this sentence; its whole message."""
        pod = self.until(
            lambda pod: any(sentence in each for each in last_words(pod)),
            "pods", "--selector", selector(component), seconds=seconds,
        )  # fmt: skip
        return next(each for each in last_words(pod) if sentence in each)

    def in_postgresql(self, *command: str) -> str:
        """What a command prints in PostgreSQL's container."""
        pod = ("outlay-postgresql-0", "--container", "postgresql")
        return self.kubectl("exec", *pod, "--", *command)

    def psql(self, sql: str, database: str = "outlay") -> str:
        """What a statement answers, as the superuser; unaligned and without headings."""
        options = ("-XAtqU", "postgres", "-v", "ON_ERROR_STOP=1", "-c", sql)
        return self.in_postgresql("psql", *options, database).strip()

    @contextmanager
    def forwarded(self, what: str = "svc/outlay", port: int = 80) -> Iterator[str]:
        """The address on this machine."""
        with self.cluster.port_forward(what, port, self.namespace) as address:
            yield f"http://{address.replace('127.0.0.1', 'localhost')}"

    @contextmanager
    def api(self, password: str = "") -> Iterator[httpx.Client]:
        """A client that is signed in as the administrator, for paths below /api/v1."""
        with self.forwarded() as url, client(url) as made:
            given = password or self.secret()["admin-password"]
            accepted(made.post("/session", json={"email": ADMIN, "password": given}))
            yield made


def eventually(holds: Callable[[], bool], what: str, seconds: float = 180) -> None:
    """Look again each second, where nothing can be watched; raises Failed with what did not come."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds:.0f} s")
        time.sleep(1)


def client(url: str) -> httpx.Client:
    return httpx.Client(base_url=f"{url}/api/v1", headers={"Origin": url}, timeout=30)


def accepted(answer: httpx.Response) -> Any:
    """The answer's JSON; fails with what it says when it is no success."""
    assert answer.is_success, (answer.request.url, answer.status_code, answer.text)
    return answer.json() if answer.content else None


def secret(name: str, texts: dict[str, str]) -> Object:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": texts}


def selector(component: str) -> str:
    return f"app.kubernetes.io/instance=outlay,app.kubernetes.io/component={component}"


def statuses(pod: Object) -> Iterator[Object]:
    for kind in ("initContainerStatuses", "containerStatuses"):
        yield from pod.get("status", {}).get(kind, [])


def last_words(pod: Object) -> Iterator[str]:
    """What the pod's containers said when they last ended."""
    for status in statuses(pod):
        for state in (status.get("state", {}), status.get("lastState", {})):
            if message := state.get("terminated", {}).get("message"):
                yield message


def is_ready(pod: Object) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def documents(lines: IO[str]) -> Iterator[Object]:
    """The JSON texts that kubectl prints one after another."""
    text: list[str] = []
    for line in lines:
        text.append(line)
        if line == "}\n":
            yield json.loads("".join(text))
            text.clear()
