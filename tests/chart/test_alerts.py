"""Alerts fire when they should, stay quiet when they should, and lead somewhere."""

import shutil
from pathlib import Path

import pytest
import yaml

from chart.charts import CHART, ROOT, Object, Rendered, render
from chart.tools import run

CASES = Path(__file__).parent / "alerts"
ON = {"metrics": {"prometheusRule": {"enabled": True, "runbookUrl": "https://example.org/runbooks"},
                  "exporter": {"enabled": True}},
      "backup": {"enabled": True}}  # fmt: skip
NAMES = sorted(
    rule["alert"]
    for group in yaml.safe_load((CHART / "files" / "rules.yaml").read_text())["groups"]
    for rule in group["rules"]
    if "alert" in rule
)


def alerts(rendered: Rendered) -> dict[str, Object]:
    groups = rendered.one("PrometheusRule")["spec"]["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules as Prometheus reads them."""
    folder = tmp_path_factory.mktemp("rules")
    spec = render(ON).one("PrometheusRule")["spec"]
    (folder / "rules.yaml").write_text(yaml.safe_dump(spec))
    return folder


def test_prometheus_takes_the_rules(rules: Path) -> None:
    done = run(
        "promtool", "check", "rules", "--lint=all", "--lint-fatal", str(rules / "rules.yaml")
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_it_fires_when_it_should_and_not_when_it_should_not(rules: Path, name: str) -> None:
    case = shutil.copy(CASES / f"{name}.yaml", rules)
    done = run("promtool", "test", "rules", case)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_its_cases_hold_it_to_both(name: str) -> None:
    cases = yaml.safe_load((CASES / f"{name}.yaml").read_text())["tests"]
    expected = [each for case in cases for each in case["alert_rule_test"]]
    assert {each["alertname"] for each in expected} == {name}
    assert {bool(each["exp_alerts"]) for each in expected} == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_it_says_how_bad_it_is_what_it_is_and_what_to_do(name: str) -> None:
    alert = alerts(render(ON))[name]
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert {"summary", "description", "runbook_url"} == alert["annotations"].keys()
    assert alert["annotations"]["runbook_url"] == f"https://example.org/runbooks/{name}.md"
    runbook = (ROOT / "docs" / "runbooks" / f"{name}.md").read_text()
    assert runbook.startswith(f"# {name}\n")
    assert "## Look" in runbook
    assert "## Do" in runbook


def test_no_runbook_is_of_an_alert_that_there_is_not() -> None:
    found = {path.stem for path in (ROOT / "docs" / "runbooks").glob("Outlay*.md")}
    assert found == set(NAMES)


def test_alerts_are_labelled_and_left_out_as_the_values_say() -> None:
    rule = {"enabled": True, "alertLabels": {"team": "home"}, "disabled": ["OutlayNodeCpuHigh"]}
    found = alerts(render({"metrics": {"prometheusRule": rule}}))
    assert "OutlayNodeCpuHigh" not in found
    assert {alert["labels"]["team"] for alert in found.values()} == {"home"}


def test_alerts_of_what_is_not_watched_are_left_out() -> None:
    watched = {"metrics": {"prometheusRule": {"enabled": True}}}
    external = {"postgresql": {"enabled": False},
                "externalDatabase": {"host": "db", "existingSecret": "s"}}  # fmt: skip
    assert not {name for name in alerts(render(watched)) if "DatabaseDown" in name}
    assert "OutlayDatabaseDiskFilling" not in alerts(render(watched | external))
    without = alerts(render(watched | {"operator": {"enabled": False}}))
    assert not {name for name in without if "Backup" in name or "Operator" in name}
    # Schedules of one's own are watched, too; only one of the chart's can be missing.
    with_operator = alerts(render(watched))
    assert "OutlayBackupStale" in with_operator
    assert "OutlayBackupAbsent" not in with_operator


def test_backups_are_watched_in_every_namespace_that_the_operator_looks_after() -> None:
    def selector(**operator: object) -> str:
        return alerts(render(ON | {"operator": operator}))["OutlayBackupFailed"]["expr"]

    assert '{namespace="money",release="outlay"}' in selector()
    assert '{release="outlay"}' in selector(clusterWide=True)
