"""What is written about the chart is what it is."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from chart.charts import CHART, EXAMPLES, ROOT, Object, render
from chart.readme import OPTIONS
from chart.tools import run


def paths(values: Any, at: str = "") -> set[str]:
    """Every key of nested values, as "a.b"."""
    if not isinstance(values, dict):
        return set()
    return {
        path
        for key, value in values.items()
        for path in {f"{at}{key}", *paths(value, f"{at}{key}.")}
    }


def resolved(schema: Object, node: Object) -> Object:
    if "$ref" in node:
        return schema["$defs"][node["$ref"].rpartition("/")[2]]
    if "allOf" in node:
        return resolved(schema, node["allOf"][0])
    return node


def described(schema: Object, node: Object, at: str = "") -> set[str]:
    """Every key that the schema names."""
    found = set()
    for key, value in resolved(schema, node).get("properties", {}).items():
        if isinstance(value, dict):
            found |= {f"{at}{key}", *described(schema, value, f"{at}{key}.")}
    return found


VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
# What the schema names and the values leave to the cluster or the program.
OPEN = re.compile(r"global|settings\.\w+|(\w+\.)*resources\.(requests|limits).*")


def test_the_readme_is_that_of_the_values() -> None:
    done = run("helm-docs", *OPTIONS, "--dry-run")
    assert done.stdout.strip() == (CHART / "README.md").read_text().strip(), "run `make generated`"


def test_every_value_is_explained() -> None:
    rows = [
        line for line in (CHART / "README.md").read_text().splitlines() if line.startswith("| ")
    ]
    assert len(rows) > 100
    assert [row for row in rows if row.endswith("|  |")] == []


def test_values_and_schema_name_the_same_keys() -> None:
    values, schema = paths(VALUES), described(SCHEMA, SCHEMA)
    free = {path for path in values if path.startswith("metrics.dashboards.labels.")}
    assert {path for path in values - free if path not in schema} == set()
    assert {path for path in schema - values if not OPEN.fullmatch(path)} == set()


def test_the_values_of_the_chart_are_right_by_its_own_schema() -> None:
    assert render(VALUES).text == render().text


def test_the_examples_try_everything_that_can_be_switched_on() -> None:
    given = set().union(*(paths(yaml.safe_load(path.read_text()) or {}) for path in EXAMPLES))
    switches = {path for path in paths(VALUES) if path.endswith(".enabled")}
    assert switches - given <= {"networkPolicy.enabled"}


def test_what_the_chart_says_points_to_pages_that_there_are() -> None:
    for path in CHART.rglob("*"):
        if path.suffix in {".sh", ".tpl", ".txt", ".yaml", ".gotmpl"}:
            for page in re.findall(r"docs/[\w/-]+\.md", path.read_text()):
                assert (ROOT / page).exists(), (path.name, page)


def shown(tmp_path: Path, values: Object) -> str:
    """The notes that Helm shows after an installation, by way of a template that holds them."""
    chart = shutil.copytree(CHART, tmp_path / "chart", dirs_exist_ok=True)
    (chart / "templates" / "shown.yaml").write_text(
        'kind: Notes\nmetadata: {name: notes}\ntext: {{ include "outlay.notes" . | toJson }}\n'
    )
    return str(render(values, chart=chart).one("Notes", "notes")["text"])


def test_the_notes_lead_to_the_pages_and_to_the_password(tmp_path: Path) -> None:
    notes = shown(tmp_path, {})
    assert "port-forward svc/outlay 8000:80" in notes
    assert "get secret outlay-passwords" in notes
    assert (
        """--output go-template='{{index .data "admin-password" | base64decode}}{{"\\n"}}'"""
        in notes
    )
    assert "Sign in as admin@example.org" in notes


def test_the_notes_say_what_uninstalling_keeps(tmp_path: Path) -> None:
    notes = shown(tmp_path, {})
    assert "PersistentVolumeClaim data-outlay-postgresql-0" in notes
    assert "Secret outlay-passwords" in notes
    deleting = shown(tmp_path, {"postgresql": {"persistence": {"whenDeleted": "Delete"}}})
    assert "PersistentVolumeClaim" not in deleting
    assert "uninstalling deletes every ledger" in deleting


def test_the_notes_say_to_copy_the_key_away_and_how(tmp_path: Path) -> None:
    notes = shown(tmp_path, {"backup": {"enabled": True}})
    assert "COPY THE KEY AWAY FROM THIS CLUSTER" in notes
    assert "get secret outlay-backup-key" in notes
    assert (
        "--output go-template='{{.data.identity | base64decode}}' > outlay-backup-key.txt" in notes
    )
    assert """--patch '[{"op": "remove", "path": "/data/identity"}]'""" in notes
    assert "the backups lie on a volume of this cluster" in notes
    assert "PersistentVolumeClaim outlay-backups" in notes
    owned = {"enabled": True, "recipientsSecret": {"name": "owners"}, "gcs": {"bucket": "b"}}
    assert "KEY" not in shown(tmp_path, {"backup": owned})
    assert "volume of this cluster" not in shown(tmp_path, {"backup": owned})
    assert "NOTHING IS BACKED UP YET" in shown(tmp_path, {})


def test_the_notes_warn_of_what_is_left_open(tmp_path: Path) -> None:
    plain = shown(tmp_path, {"ingress": {"enabled": True, "hosts": ["o.example.org"]}})
    assert "http://o.example.org is not encrypted" in plain
    assert "trustedProxies is empty" in plain
    named = {"publicUrl": "https://o.example.org", "trustedProxies": ["10.0.0.0/8"]}
    assert "WARNING" not in shown(tmp_path, named)
    assert "trustedProxies" not in shown(tmp_path, named)
