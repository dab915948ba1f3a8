"""What is rendered is what Kubernetes takes, and how it is best given to it."""

import re
from pathlib import Path

import pytest
import yaml

from chart.charts import CHART, EXAMPLES, KUBERNETES, ROOT, render
from chart.schemas import write_schemas
from chart.tools import run

GITOPS = [ROOT / "k8s" / name for name in ("argocd.yaml", "flux.yaml")]
SAMPLES = [*sorted((ROOT / "k8s" / "backups").glob("*.yaml")), *GITOPS, ROOT / "k8s/namespace.yaml"]
# Each with why it is not for us.
NOT_OURS = {
    "container-security-context-user-group-id": "the official PostgreSQL image has its user at 999",
    "container-image-pull-policy": "tags of a release never move; Always needs the registry to start a pod",
    "container-resources": "a limit on CPU slows a pod down though processors are idle",
}


# The operator makes these pods.
MADE_LATER = re.compile(r"outlay(-money)?-(backup|restore)/money .* doesn't match any pods")


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_schemas(tmp_path_factory.mktemp("schemas"))


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)
def test_every_object_fits_its_schema(schemas: str, values: Path) -> None:
    done = run("kubeconform", "-strict", "-summary", "-schema-location", schemas,
               given=render(None, values).text)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipped: 0" in done.stdout


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_fits_its_schema(schemas: str, sample: Path) -> None:
    done = run("kubeconform", "-strict", "-summary", "-schema-location", schemas, str(sample))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipped: 0" in done.stdout


@pytest.mark.parametrize("sample", GITOPS, ids=lambda path: path.stem)
def test_the_chart_takes_the_values_of_the_samples(sample: Path) -> None:
    specs = [each["spec"] for each in yaml.safe_load_all(sample.read_text())]
    (given,) = [
        spec.get("values") or spec["source"]["helm"]["valuesObject"]
        for spec in specs
        if "values" in spec or "source" in spec
    ]
    hosts = render(given).one("Ingress")["spec"]["rules"]
    assert [each["host"] for each in hosts] == ["outlay.example.org"]


def test_the_samples_ask_for_this_version() -> None:
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["version"]
    application = yaml.safe_load(GITOPS[0].read_text())
    assert application["spec"]["source"]["targetRevision"] == version
    repository = next(yaml.safe_load_all(GITOPS[1].read_text()))
    assert repository["spec"]["ref"]["semver"] == f"{version.rpartition('.')[0]}.x"


def test_a_field_that_there_is_not_is_found(schemas: str) -> None:
    wrong = render().text.replace("replicas: 1", "replicaz: 1", 1)
    done = run("kubeconform", "-strict", "-schema-location", schemas, given=wrong)
    assert done.returncode == 1
    assert "replicaz" in done.stdout


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)
def test_helm_has_nothing_to_say(values: Path) -> None:
    done = run("helm", "lint", "--strict", str(CHART), "--values", str(values),
               "--kube-version", KUBERNETES)  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "WARNING" not in done.stdout


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)
def test_kube_score_finds_nothing_critical(values: Path) -> None:
    ignored = [option for name in NOT_OURS for option in ("--ignore-test", name)]
    done = run("kube-score", "score", "--output-format", "ci", "--kubernetes-version", "v1.35",
               *ignored, "-", given=render(None, values).text)  # fmt: skip
    found = [line for line in done.stdout.splitlines() if line.startswith("[CRITICAL]")]
    assert done.stdout
    assert [line for line in found if not MADE_LATER.search(line)] == []
