"""The custom resources' definitions: made from the models, and in order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from outlay_operator.crds.definitions import ALL, OF_VERSION, Resource, definition, newer_than
from outlay_operator.crds.text import text

FOLDER: Final = Path(__file__).parents[2] / "helm" / "outlay" / "crds"
EVERY = pytest.mark.parametrize("resource", ALL, ids=lambda each: each.kind)


def parts(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, schema
    for name, each in schema.get("properties", {}).items():
        yield from parts(each, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from parts(schema[key], f"{path}[]")


def schema_of(resource: Resource) -> dict[str, Any]:
    [version] = definition(resource)["spec"]["versions"]
    return version["schema"]["openAPIV3Schema"]["properties"]


@EVERY
def test_the_chart_has_what_the_models_say(resource: Resource) -> None:
    assert (FOLDER / f"{resource.plural}.yaml").read_text() == text(resource), "make generated"


def test_the_chart_has_no_other_definition() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {each.plural for each in ALL}


@EVERY
def test_every_field_that_a_person_writes_is_explained(resource: Resource) -> None:
    silent = [
        path
        for path, part in parts(schema_of(resource)["spec"])
        if path and not path.endswith("[]") and "description" not in part
        if ".resources." not in path
    ]
    assert silent == []


@EVERY
def test_every_text_list_and_map_is_bounded(resource: Resource) -> None:
    limits = {"string": "maxLength", "array": "maxItems"}
    for name, top in schema_of(resource).items():
        if name not in {"spec", "status"}:
            continue
        for path, part in parts(top, name):
            if part.get("x-kubernetes-preserve-unknown-fields") or "enum" in part:
                continue
            kind = part.get("type")
            if kind in limits:
                assert limits[kind] in part, path
            if "additionalProperties" in part:
                assert "maxProperties" in part, path


@EVERY
def test_a_status_has_no_defaults(resource: Resource) -> None:
    assert [path for path, part in parts(schema_of(resource)["status"]) if "default" in part] == []


@EVERY
def test_nothing_is_left_for_the_api_server_to_drop(resource: Resource) -> None:
    # What it drops is a difference for ever: Helm 4 refuses it, Argo CD shows it.
    for name, top in schema_of(resource).items():
        for path, part in parts(top, name):
            assert part.get("required") != [], path


@pytest.mark.parametrize(
    ("own", "there", "newer"),
    [
        ("0.1.0", None, None),
        ("0.1.0", {"metadata": {}}, None),
        ("0.1.0", "0.1.0", None),
        ("0.10.0", "0.9.9", None),
        ("0.9.9", "0.10.0", "0.10.0"),
        ("1.0.0", "1.0.1-rc.1", "1.0.1-rc.1"),
        ("1.0.0", "nonsense", None),
    ],
)
def test_definitions_of_a_newer_version_are_known_by_their_annotation(
    own: str, there: Any, newer: str | None
) -> None:
    if isinstance(there, str):
        there = {"metadata": {"annotations": {OF_VERSION: there}}}
    assert newer_than(own, there) == newer
