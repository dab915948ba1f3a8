"""Backups by the chart's values: from the first installation over upgrades to what uninstalling leaves."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart.charts import CHART, Object
from cluster import Failed
from e2e.conftest import Open
from e2e.place import Place, accepted, eventually
from e2e.test_rolling import left

WAIT = ("--wait", "--timeout", "5m")
MARK = {"example.org/round": "two"}
MARKED: dict[str, Any] = {"enabled": True, "job": {"annotations": MARK}}
BEFORE: dict[str, Any] = {"enabled": True, "preUpgrade": True}
OF_VERSION = "outlay.dev/version"
OTHERS = str(CHART / "crds" / "backups.yaml")


@pytest.fixture(scope="module")
def outlay(opened: Open) -> Iterator[Place]:
    with opened("values") as place:
        yield place


def chart(folder: Path, version: str) -> Path:
    """The chart as it would be in another version; what it brings is of this one."""
    made = shutil.copytree(CHART, folder / version)
    told = yaml.safe_load((CHART / "Chart.yaml").read_text()) | {"version": version}
    (made / "Chart.yaml").write_text(yaml.safe_dump(told))
    return made


def definition() -> Object:
    return yaml.safe_load((CHART / "crds" / "backupschedules.yaml").read_text())


def without_a_field(given: Object) -> Object:
    """The definition of an older version, which knew no annotations of a Job."""
    schema = given["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    del schema["properties"]["spec"]["properties"]["job"]["properties"]["annotations"]
    return given


def marked(schedule: Object) -> Object:
    """A schedule of another name that uses the field."""
    spec = schedule["spec"] | {"job": {"annotations": MARK}}
    return schedule | {"metadata": {"name": "marked"}, "spec": spec}


def test_an_upgrade_brings_a_field_and_a_schedule_that_uses_it(
    outlay: Place, tmp_path: Path
) -> None:
    kubectl = outlay.cluster.kubectl
    try:
        kubectl("replace", "--filename", "-", given=json.dumps(without_a_field(definition())))
        # The volume is made for the first pod that wants it, and helm waits for it.
        outlay.install({"backup": {"enabled": True}}, *WAIT)
        with pytest.raises(Failed, match="unknown field"):
            outlay.apply(marked(outlay.get("backupschedule", "outlay")))
        outlay.install({"backup": MARKED}, *WAIT, chart=chart(tmp_path, "0.2.0"))
        found = outlay.get("backupschedule", "outlay")
        assert found["spec"]["job"]["annotations"] == MARK
    finally:
        kubectl("apply", "--server-side", "--force-conflicts", "--filename", str(CHART / "crds"))

    def told() -> bool:
        template = outlay.get("cronjob", "outlay")["spec"]["jobTemplate"]["spec"]["template"]
        return MARK.items() <= template["metadata"].get("annotations", {}).items()

    eventually(told, "the CronJob has the annotation", 30)


def test_an_upgrade_leaves_definitions_of_a_newer_version(outlay: Place, tmp_path: Path) -> None:
    kubectl = outlay.cluster.kubectl
    newer = definition()
    newer["metadata"]["annotations"][OF_VERSION] = "99.0.0"
    try:
        kubectl("replace", "--filename", "-", given=json.dumps(newer))
        outlay.install({"backup": MARKED}, *WAIT, chart=chart(tmp_path, "0.2.0"))
        kept = outlay.cluster.get("crd", newer["metadata"]["name"])["metadata"]["annotations"]
        assert kept[OF_VERSION] == "99.0.0"
        # The others are of this version, and nobody else's fields are in the way of applying them.
        kubectl("apply", "--server-side", "--field-manager=another", "--filename", OTHERS)
    finally:
        kubectl("apply", "--server-side", "--force-conflicts", "--filename", str(CHART / "crds"))


def test_the_key_is_made_once_and_only_its_public_half_is_needed(outlay: Place) -> None:
    key = outlay.secret("outlay-backup-key")
    assert key["identity"].startswith("AGE-SECRET-KEY-")
    assert key["recipient"].startswith("age1")
    removal = [{"op": "remove", "path": "/data/identity"}]
    outlay.kubectl(
        "patch", "secret", "outlay-backup-key", "--type", "json", "--patch", json.dumps(removal)
    )
    said = outlay.helm("test", "outlay", "--logs", "--timeout", "5m")
    assert "is verified" in said
    assert outlay.secret("outlay-backup-key") == {"recipient": key["recipient"]}


def test_another_version_waits_for_a_backup_and_the_same_one_makes_none(
    outlay: Place, tmp_path: Path
) -> None:
    newer = chart(tmp_path, "0.3.0")
    outlay.install({"backup": BEFORE}, *WAIT, chart=newer)
    made = outlay.get("backup", "outlay-before-0-3-0")
    assert made["status"]["state"] == "Verified"
    outlay.install({"backup": BEFORE, "podLabels": MARK}, *WAIT, chart=newer)
    assert outlay.get("backup", "outlay-before-0-3-0")["status"] == made["status"]
    # The Job and its rights go when they have done their part.
    assert "before-upgrade" not in outlay.kubectl("get", "jobs,roles,serviceaccounts")


def test_a_backup_that_fails_stops_the_upgrade_before_anything_is_changed(
    outlay: Place, tmp_path: Path
) -> None:
    check = {"name": "more than there are", "sql": "select count(*) > 99 from users", "expected": "true"}  # fmt: skip
    wrong = BEFORE | {"checks": [check]}
    outlay.install({"backup": wrong}, *WAIT, chart=chart(tmp_path, "0.3.0"))
    with pytest.raises(Failed, match="pre-upgrade hooks failed"):
        outlay.install({"backup": BEFORE, "replicas": 2}, *WAIT, chart=chart(tmp_path, "0.4.0"))
    said = outlay.kubectl("logs", "job/outlay-before-upgrade")
    assert "outlay-before-0-4-0 is Unverified: VerifyFailed" in said
    assert "more than there are" in said
    assert outlay.get("deployment", "outlay")["spec"]["replicas"] == 1
    # Once the cause is mended, the next try makes its own.
    outlay.kubectl("delete", "backup", "outlay-before-0-4-0")
    outlay.install({"backup": BEFORE}, *WAIT, chart=chart(tmp_path / "again", "0.3.0"))
    outlay.install({"backup": BEFORE}, *WAIT, chart=chart(tmp_path / "again", "0.4.0"))
    assert outlay.get("backup", "outlay-before-0-4-0")["status"]["state"] == "Verified"


def test_uninstalling_keeps_what_was_backed_up_and_installing_takes_it_up(outlay: Place) -> None:
    notes = outlay.helm("get", "notes", "outlay")
    key = outlay.secret("outlay-backup-key")
    backups = set(outlay.kubectl("get", "backups", "--output", "name").split())
    outlay.helm("uninstall", "outlay", "--wait")
    outlay.kubectl("wait", "pods", "--selector", "app.kubernetes.io/component in (service,operator,postgresql)",
                   "--for=delete", "--timeout=180s")  # fmt: skip
    kept = left(outlay)
    assert {
        "persistentvolumeclaim/outlay-backups", "persistentvolumeclaim/data-outlay-postgresql-0",
        "secret/outlay-backup-key", "secret/outlay-passwords", "configmap/outlay-backup-state",
    } <= kept  # fmt: skip
    kinds = {name.partition("/")[0] for name in kept}
    assert kinds <= {
        "persistentvolumeclaim", "secret", "configmap", "backup.outlay.dev", "job.batch", "pod",
    }  # fmt: skip
    for name in ("outlay-backups", "outlay-backup-key", "outlay-backup-state"):
        assert name in notes
    outlay.install({"backup": {"enabled": True}}, *WAIT)
    assert outlay.secret("outlay-backup-key") == key
    assert backups <= set(outlay.kubectl("get", "backups", "--output", "name").split())
    with outlay.api() as api:
        accepted(api.get("/me"))
