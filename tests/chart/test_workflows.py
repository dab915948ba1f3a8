"""GitHub's workflows are what GitHub takes, and a release can only be of one version."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Final

import pytest
import yaml

from chart.charts import ROOT
from chart.tools import run
from cluster.parts import HELM

FILES: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_actionlint_has_nothing_to_say() -> None:
    done = run("actionlint", *map(str, FILES))
    assert FILES
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_may_do_nothing_that_it_does_not_ask_for(file: object) -> None:
    assert yaml.safe_load(file.read_text())["permissions"] == {"contents": "read"}


def test_what_ci_makes_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    commands = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    made = {
        command.split()[1]
        for command in commands
        if command.startswith("make ") and "$" not in command
    }
    assert made | {"chart", "e2e"} <= targets
    assert {"lint", "browser", "azurite", "test"} <= made
    assert {"chart", "e2e"} <= jobs.keys()


def test_a_chart_is_released_by_the_helm_that_it_is_tested_with() -> None:
    steps = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]["publish"]
    (helm,) = [each for each in steps["steps"] if "setup-helm" in each.get("uses", "")]
    assert helm["with"]["version"] == HELM.version


def test_a_released_chart_names_each_image_by_its_own_digest(tmp_path: Path) -> None:
    steps = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]["publish"]
    (script,) = [
        step["run"] for step in steps["steps"] if step.get("name", "").startswith("The chart")
    ]
    given = {"image": f"sha256:{'1' * 64}", "operator": f"sha256:{'2' * 64}"}
    for step, digest in given.items():
        script = script.replace(f"${{{{ steps.{step}.outputs.digest }}}}", digest)
    lines = [line for line in script.splitlines() if line.startswith(("sed ", "grep "))]
    copied = tmp_path / "helm" / "outlay" / "values.yaml"
    copied.parent.mkdir(parents=True)
    before = (ROOT / "helm/outlay/values.yaml").read_text()
    copied.write_text(before)
    subprocess.run(["sh", "-ec", "\n".join(lines)], cwd=tmp_path, check=True)
    values = yaml.safe_load(copied.read_text())
    assert values["image"]["digest"] == given["image"]
    assert values["operator"]["image"]["digest"] == given["operator"]
    changed = [line for line in copied.read_text().splitlines() if line not in before.splitlines()]
    assert len(changed) == 2


def test_program_chart_and_image_share_one_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    chart = yaml.safe_load((ROOT / "helm/outlay/Chart.yaml").read_text())
    assert (chart["version"], str(chart["appVersion"])) == (version, version)
    assert (ROOT / "Dockerfile").read_text().count(f'image.version="{version}"') == 2
    assert json.loads((ROOT / "app/web/package.json").read_text())["version"] == version
    assert re.search(
        rf"^## {re.escape(version)} \(", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
