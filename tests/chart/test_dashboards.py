"""The dashboards as Grafana reads them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client import generate_latest

from chart.charts import CHART, ROOT, Object
from chart.tools import run
from outlay import metrics
from outlay_operator.metrics import REGISTRY

FILES = sorted((CHART / "dashboards").glob("*.json"))
UNITS = {"none", "short", "s", "bytes", "Bps", "percentunit", "ops", "reqps"}
OURS = re.compile(r"\boutlay_\w+")


def panels(dashboard: Object) -> Iterator[Object]:
    for panel in dashboard["panels"]:
        if panel["type"] != "row":
            yield panel


def expressions(dashboard: Object) -> Iterator[str]:
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield target["expr"]


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def dashboard(request: pytest.FixtureRequest) -> Object:
    return json.loads(request.param.read_text())


def test_they_are_what_their_source_says(tmp_path: Path) -> None:
    build = ROOT / "helm" / "dashboards" / "build.py"
    subprocess.run([sys.executable, str(build), str(tmp_path)], check=True)
    for path in FILES:
        assert path.read_text() == (tmp_path / path.name).read_text(), f"run {build.name}"


def test_each_is_told_apart_and_leads_to_the_others() -> None:
    found = [json.loads(path.read_text()) for path in FILES]
    assert len({each["uid"] for each in found}) == len({each["title"] for each in found}) == 5
    assert all(each["tags"] == ["outlay"] and each["links"] for each in found)


def test_ids_are_unique_and_panels_do_not_overlap(dashboard: Object) -> None:
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells


def test_every_panel_has_a_description_a_unit_and_thresholds(dashboard: Object) -> None:
    for panel in panels(dashboard):
        assert panel["description"].endswith("."), panel["title"]
        defaults = panel["fieldConfig"]["defaults"]
        assert defaults["unit"] in UNITS, panel["title"]
        assert defaults["thresholds"]["steps"][0]["value"] is None, panel["title"]


def test_the_data_source_is_chosen_and_nowhere_fixed(dashboard: Object) -> None:
    assert dashboard["templating"]["list"][0]["type"] == "datasource"
    for panel in panels(dashboard):
        assert panel["datasource"]["uid"] == "${datasource}"
        assert all(t["datasource"]["uid"] == "${datasource}" for t in panel["targets"])


def test_every_query_is_of_the_chosen_release_or_node_and_names_no_job(dashboard: Object) -> None:
    names = {each["name"] for each in dashboard["templating"]["list"]}
    # The operator may be in another namespace than the backups.
    wanted = {'$instance"'} if "instance" in names else {'$namespace"'}
    if "operator" in names:
        wanted |= {'$operator"'}
    for expression in expressions(dashboard):
        assert any(each in expression for each in wanted), expression
        assert not re.search(r"\bjob\s*[=!]", expression), expression


def test_a_range_follows_the_scrape_interval_or_is_said(dashboard: Object) -> None:
    for expression in expressions(dashboard):
        for found in re.findall(r"rate\(.*?\[(.*?)\]", expression):
            assert found in {"$__rate_interval", "5m", "1h"}, expression


def test_prometheus_can_read_every_query(dashboard: Object, tmp_path: Path) -> None:
    rules = [
        {"record": f"panel:{n}", "expr": expression.replace("$__rate_interval", "5m")}
        for n, expression in enumerate(expressions(dashboard))
    ]
    (tmp_path / "rules.yaml").write_text(
        yaml.safe_dump({"groups": [{"name": "p", "rules": rules}]})
    )
    done = run("promtool", "check", "rules", str(tmp_path / "rules.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_of_ours_is_one_that_the_service_or_the_operator_has(
    dashboard: Object,
) -> None:
    told = metrics.exposition() + generate_latest(REGISTRY)
    lines = told.decode().splitlines()
    known = {line.split()[2] for line in lines if line.startswith("# TYPE outlay_")}
    known |= {f"{name}_{end}" for name in known for end in ("bucket", "count", "sum")}
    for expression in expressions(dashboard):
        assert set(OURS.findall(expression)) <= known, expression


def test_a_runbook_that_a_panel_leads_to_is_there(dashboard: Object) -> None:
    for panel in panels(dashboard):
        for link in panel["links"]:
            name = link["url"].rpartition("/")[2]
            assert (ROOT / "docs" / "runbooks" / name).exists()


def test_no_amount_can_be_seen(dashboard: Object) -> None:
    assert not any(re.search("amount|spent|income", text) for text in expressions(dashboard))


def test_runbooks_are_where_the_values_say() -> None:
    url = yaml.safe_load((CHART / "values.yaml").read_text())["metrics"]["prometheusRule"][
        "runbookUrl"
    ]
    assert all(f"{url}/Outlay" in path.read_text() for path in FILES)
