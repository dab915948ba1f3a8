"""JSON schemas for kubeconform: of Kubernetes itself and of the resources that the chart and others add to it.

Fields that a schema does not name are refused, which the published schemas leave open.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from chart.charts import CHART
from chart.tools import source

SWAGGER: Final = ("k8s.io/kubernetes", "v1.35.4", "api/openapi-spec/swagger.json")
ADDED: Final = (
    ("github.com/prometheus-operator/prometheus-operator", "v0.85.0",
     "example/prometheus-operator-crd/*_servicemonitors.yaml"),
    ("github.com/prometheus-operator/prometheus-operator", "v0.85.0",
     "example/prometheus-operator-crd/*_prometheusrules.yaml"),
    ("github.com/argoproj/argo-cd/v3", "v3.5.3", "manifests/crds/application-crd.yaml"),
    ("github.com/fluxcd/helm-controller", "v1.6.0", "config/crd/bases/*_helmreleases.yaml"),
    ("github.com/fluxcd/source-controller", "v1.9.2", "config/crd/bases/*_ocirepositories.yaml"),
    ("sigs.k8s.io/gateway-api", "v1.4.1", "config/crd/standard/*_httproutes.yaml"),
)  # fmt: skip
# What kubeconform fills in for each object.
PLACE: Final = "{{.ResourceKind}}{{.KindSuffix}}.json"

Schema = dict[str, Any]
_QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_EITHER: Final = {"type": ["string", "integer"]}


def write_schemas(folder: Path) -> str:
    """Write them all; returns the location that kubeconform is given."""
    for group, version, kind, schema in (*_of_kubernetes(), *_of_others()):
        parts = (kind.lower(), group.partition(".")[0], version)
        name = "-".join(part for part in parts if part)
        (folder / f"{name}.json").write_text(json.dumps(schema))
    return f"{folder}/{PLACE}"


def _of_kubernetes() -> Iterator[tuple[str, str, str, Schema]]:
    module, version, path = SWAGGER
    given = json.loads((source(module, version) / path).read_text())["definitions"]
    known = {name: _strict(schema) for name, schema in given.items()}
    known[_QUANTITY] = {"type": ["string", "number"]}
    for name, schema in known.items():
        for each in given[name].get("x-kubernetes-group-version-kind", []):
            used = {other: known[other] for other in _used(name, known)}
            whole = {**schema, "definitions": used}
            yield each["group"], each["version"], each["kind"], whole


def _of_others() -> Iterator[tuple[str, str, str, Schema]]:
    files = [file for module, version, path in ADDED for file in source(module, version).glob(path)]
    assert len(files) == len(ADDED)
    for file in (*files, *(CHART / "crds").glob("*.yaml")):
        yield from _of_definition(yaml.safe_load(file.read_text())["spec"])


def _of_definition(spec: Schema) -> Iterator[tuple[str, str, str, Schema]]:
    for version in spec["versions"]:
        schema = _strict(version["schema"]["openAPIV3Schema"])
        schema["properties"]["metadata"] = {"type": "object"}
        yield spec["group"], version["name"], spec["names"]["kind"], schema


def _strict(given: Any) -> Any:
    match given:
        case dict():
            if given.get("format") == "int-or-string" or given.get("x-kubernetes-int-or-string"):
                return dict(_EITHER)
            # Kubernetes takes a list of nothing, JSON schema of this draft does not.
            shown = ((k, v) for k, v in given.items() if (k, v) != ("required", []))
            made = {key: _strict(value) for key, value in shown}
            is_open = given.get("x-kubernetes-preserve-unknown-fields")
            if isinstance(given.get("properties"), dict) and not is_open:
                made.setdefault("additionalProperties", False)
            return made
        case list():
            return [_strict(each) for each in given]
        case _:
            return given


def _used(name: str, known: dict[str, Schema]) -> set[str]:
    found: set[str] = set()
    open_ones = [name]
    while open_ones:
        for other in _references(known[open_ones.pop()]):
            if other not in found:
                found.add(other)
                open_ones.append(other)
    return found


def _references(given: Any) -> Iterator[str]:
    match given:
        case {"$ref": str(reference)}:
            yield reference.rpartition("/")[2]
        case dict():
            for value in given.values():
                yield from _references(value)
        case list():
            for value in given:
                yield from _references(value)
