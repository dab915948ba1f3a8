"""skaffold.yaml is what skaffold takes, and names only what there is."""

import json
from typing import Any, Final

import jsonschema_rs
import pytest
import yaml

from chart.charts import ROOT, nested, render
from chart.tools import source

PUBLISHED: Final = ("github.com/GoogleContainerTools/skaffold/v2", "v2.16.1")
SKAFFOLD: Final = yaml.safe_load((ROOT / "skaffold.yaml").read_text())
(RELEASE,) = SKAFFOLD["deploy"]["helm"]["releases"]


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Validator:
    version = SKAFFOLD["apiVersion"].removeprefix("skaffold/")
    file = source(*PUBLISHED) / f"docs-v2/content/en/schemas/{version}.json"
    return jsonschema_rs.validator_for(json.loads(file.read_text()))


def test_it_fits_the_schema_that_skaffold_publishes(schema: jsonschema_rs.Validator) -> None:
    assert [
        f"{error.instance_path}: {error.message}" for error in schema.iter_errors(SKAFFOLD)
    ] == []


def test_a_field_that_there_is_not_is_found(schema: jsonschema_rs.Validator) -> None:
    assert not schema.is_valid(SKAFFOLD | {"biuld": {}})


def test_the_files_it_names_are_there() -> None:
    (artifact,) = SKAFFOLD["build"]["artifacts"]
    assert (ROOT / RELEASE["chartPath"] / "Chart.yaml").is_file()
    assert all((ROOT / file).is_file() for file in RELEASE["valuesFiles"])
    target = artifact["docker"]["target"]
    assert f"AS {target}\n" in (ROOT / artifact["docker"]["dockerfile"]).read_text()
    for rule in artifact["sync"]["manual"]:
        assert list(ROOT.glob(rule["src"]))


def test_the_chart_takes_the_image_and_values_that_it_gives() -> None:
    given: dict[str, Any] = {}
    for path in RELEASE["setValueTemplates"]:
        given |= nested(path, {})
    image = {"image": {"repository": "registry.test/outlay", "tag": "built"}}
    assert given.keys() == image.keys()
    rendered = render(image, *(ROOT / file for file in RELEASE["valuesFiles"]))
    (container,) = rendered.one("Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "registry.test/outlay:built"
    (forward,) = SKAFFOLD["portForward"]
    ports = rendered.one("Service", forward["resourceName"])["spec"]["ports"]
    assert forward["port"] in [each["port"] for each in ports]
