"""The chart as `helm template` renders it."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from chart.tools import run

ROOT: Final = Path(__file__).parents[2]
CHART: Final = ROOT / "helm" / "outlay"
EXAMPLES: Final = sorted((CHART / "ci").glob("*-values.yaml"))
KUBERNETES: Final = "1.35.4"

Values = dict[str, Any]
Object = dict[str, Any]


class Refused(Exception):
    """Helm did not render it; the message is Helm's."""


@dataclass(frozen=True)
class Rendered:
    """All objects of one rendering."""

    text: str
    objects: tuple[Object, ...]

    def all(self, kind: str) -> list[Object]:
        return [each for each in self.objects if each["kind"] == kind]

    def one(self, kind: str, name: str = "outlay") -> Object:
        found = [each for each in self.all(kind) if each["metadata"]["name"] == name]
        assert len(found) == 1, f"{len(found)} of {kind} {name}"
        return found[0]

    def has(self, kind: str) -> bool:
        return bool(self.all(kind))

    def pods(self) -> Iterator[tuple[str, Object]]:
        """Every pod with the name of what makes it: its spec and its metadata."""
        for each in self.objects:
            name = f"{each['kind']} {each['metadata']['name']}"
            if each["kind"] == "Pod":
                yield name, each
            elif "template" in each.get("spec", {}):
                yield name, each["spec"]["template"]


def render(values: Values | None = None, *files: Path, name: str = "outlay", chart: Path = CHART,
           namespace: str = "money") -> Rendered:  # fmt: skip
    """Render the chart with these values; raises Refused."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as given:
        json.dump(values or {}, given)
        given.flush()
        options = [option for file in (*files, given.name) for option in ("--values", str(file))]
        done = run("helm", "template", name, str(chart), "--namespace", namespace,
                   "--kube-version", KUBERNETES, *options)  # fmt: skip
    if done.returncode:
        raise Refused(done.stderr)
    return Rendered(done.stdout, tuple(each for each in yaml.safe_load_all(done.stdout) if each))


def merged(under: Values, over: Values) -> Values:
    """Both; where a key is in both, that of `over`."""
    made = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(made.get(key), dict)
        made[key] = merged(made[key], value) if both else value
    return made


def nested(path: str, value: Any) -> Values:
    """{"a": {"b": value}} of "a.b"."""
    for part in reversed(path.split(".")):
        value = {part: value}
    return value


def env_of(container: Object) -> dict[str, str]:
    return {each["name"]: each.get("value", "") for each in container.get("env", [])}


def containers(spec: Object) -> list[Object]:
    return [*spec.get("initContainers", []), *spec["containers"]]
