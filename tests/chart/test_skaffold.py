"""skaffold.yaml is what skaffold takes, and names only what there is."""

import json
from pathlib import Path
from typing import Final

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
    artifacts = SKAFFOLD["build"]["artifacts"]
    assert (ROOT / RELEASE["chartPath"] / "Chart.yaml").is_file()
    assert all((ROOT / file).is_file() for file in RELEASE["valuesFiles"])
    assert [each["docker"]["target"] for each in artifacts] == ["app", "operator"]
    for artifact in artifacts:
        dockerfile = (ROOT / artifact["docker"]["dockerfile"]).read_text()
        assert f"AS {artifact['docker']['target']}\n" in dockerfile
        for rule in artifact.get("sync", {}).get("manual", []):
            assert list(ROOT.glob(rule["src"]))


def test_the_chart_takes_the_images_and_values_that_it_gives(tmp_path: Path) -> None:
    files = [ROOT / file for file in RELEASE["valuesFiles"]]
    for path, template in RELEASE["setValueTemplates"].items():
        built = template.strip("{.}").replace("IMAGE_REPO_", "registry.test/")
        given = nested(path, built.replace("IMAGE_TAG_", "tag-of-").replace("_", "-"))
        files.append(tmp_path / f"{path}.json")
        files[-1].write_text(json.dumps(given))
    rendered = render(None, *files)
    images = {
        deployment["metadata"]["name"]: [
            each["image"] for each in deployment["spec"]["template"]["spec"]["containers"]
        ]
        for deployment in rendered.all("Deployment")
    }
    assert images == {
        "outlay": ["registry.test/outlay:tag-of-outlay"],
        "outlay-operator": ["registry.test/outlay-operator:tag-of-outlay-operator"],
    }
    (forward,) = SKAFFOLD["portForward"]
    ports = rendered.one("Service", forward["resourceName"])["spec"]["ports"]
    assert forward["port"] in [each["port"] for each in ports]
