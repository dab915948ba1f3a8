"""Backups by one value: the schedule, where it stores, the key, and backups on the occasion of an upgrade or a test."""

from typing import Any

import pytest
import yaml

from chart.charts import CHART, Object, Rendered, Values, render


def backup(**values: Any) -> Rendered:
    return render({"backup": {"enabled": True, **values}})


def schedule(name: str = "outlay", **values: Any) -> Object:
    return backup(**values).one("BackupSchedule", name)["spec"]


def hook(given: Object) -> str:
    return given["metadata"].get("annotations", {}).get("helm.sh/hook", "")


def test_nothing_is_backed_up_unasked() -> None:
    rendered = render()
    assert not rendered.has("BackupSchedule")
    assert not rendered.has("PersistentVolumeClaim")


def test_one_value_backs_up_each_night_to_a_volume_that_stays() -> None:
    rendered = backup()
    spec = rendered.one("BackupSchedule")["spec"]
    assert spec["schedule"] == "17 2 * * *"
    claim = rendered.one("PersistentVolumeClaim", "outlay-backups")
    assert spec["destination"] == {"volume": {"claimName": "outlay-backups"}}
    assert claim["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    assert claim["spec"]["resources"] == {"requests": {"storage": "10Gi"}}
    assert "storageClassName" not in claim["spec"]
    # The release's own database.
    assert "database" not in spec


def test_a_pod_wants_that_volume_at_once_where_backups_will_run() -> None:
    def pods(**values: Any) -> list[Object]:
        jobs = backup(**values).all("Job")
        return [
            job["spec"]["template"]["spec"]
            for job in jobs
            if job["metadata"]["name"].startswith("outlay-volume-")
        ]

    # Or `helm install --wait` waits for a volume that is made for its first pod only.
    (pod,) = pods(job={"nodeSelector": {"disk": "large"}})
    assert pod["volumes"] == [
        {"name": "backups", "persistentVolumeClaim": {"claimName": "outlay-backups"}}
    ]
    assert pod["nodeSelector"] == {"disk": "large"}
    assert pods(persistence={"existingClaim": "nas"}) == pods(gcs={"bucket": "b"}) == []


def test_a_claim_of_ones_own_is_used_and_none_is_made() -> None:
    rendered = backup(persistence={"existingClaim": "nas", "path": "outlay"})
    assert not rendered.has("PersistentVolumeClaim")
    assert rendered.one("BackupSchedule")["spec"]["destination"] == {
        "volume": {"claimName": "nas", "path": "outlay"}
    }


@pytest.mark.parametrize(
    ("place", "given", "wanted"),
    [
        (
            "s3",
            {"bucket": "b", "endpoint": "https://s3.example.org", "existingSecret": "s"},
            {"bucket": "b", "endpoint": "https://s3.example.org", "credentialsSecretRef": {"name": "s"}},
        ),
        ("s3", {"bucket": "b", "region": "eu-1", "prefix": "a/b"},
         {"bucket": "b", "region": "eu-1", "prefix": "a/b"}),
        ("azure", {"container": "c", "account": "a", "existingSecret": "s"},
         {"container": "c", "account": "a", "credentialsSecretRef": {"name": "s"}}),
        ("gcs", {"bucket": "b", "existingSecret": "s", "options": {"o": "1"}},
         {"bucket": "b", "credentialsSecretRef": {"name": "s"}, "options": {"o": "1"}}),
    ],
)  # fmt: skip
def test_three_lines_name_a_bucket_instead(place: str, given: Values, wanted: Values) -> None:
    rendered = backup(**{place: given})
    # The kind of place of a schedule cannot change, so another kind is another schedule.
    spec = rendered.one("BackupSchedule", f"outlay-{place}")["spec"]
    assert spec["destination"] == {place: wanted}
    assert not rendered.has("PersistentVolumeClaim")


def test_what_the_values_say_is_what_the_schedule_says() -> None:
    spec = schedule(
        timeZone="Europe/Rome", suspend=True, deadlineSeconds=1800, csv=False,
        retention={"keepLast": 2, "mode": "DryRun"}, scratch={"size": "20Gi", "storageClass": "x"},
        checks=[{"name": "n", "sql": "select 1", "expected": "1"}],
        job={"nodeSelector": {"a": "b"}, "annotations": {"c": "d"}},
    )  # fmt: skip
    assert (spec["timeZone"], spec["suspend"], spec["csv"]) == ("Europe/Rome", True, False)
    assert spec["deadlineSeconds"] == 1800
    assert spec["retention"] == {
        "keepLast": 2, "keepDaily": 7, "keepWeekly": 4, "keepMonthly": 12, "keepYearly": 0,
        "mode": "DryRun",
    }  # fmt: skip
    assert spec["scratch"] == {"size": "20Gi", "storageClassName": "x"}
    assert spec["verify"]["checks"] == [{"name": "n", "sql": "select 1", "expected": "1"}]
    assert spec["job"]["nodeSelector"] == {"a": "b"}
    assert spec["job"]["annotations"] == {"c": "d"}
    assert spec["job"]["resources"]["limits"] == {"memory": "1Gi"}


def test_without_an_owner_s_key_a_job_makes_one_once() -> None:
    rendered = backup()
    assert rendered.one("BackupSchedule")["spec"]["encryption"] == {
        "recipientsSecretRef": {"name": "outlay-backup-key", "key": "recipient"}
    }
    (job,) = [j for j in rendered.all("Job") if j["metadata"]["name"].startswith("outlay-key-")]
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == ["key", "outlay-backup-key"]
    assert "annotations" not in job["metadata"]
    (rule,) = rendered.one("Role", "outlay-key")["rules"]
    assert rule == {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"recipients": [f"age1{'q' * 58}"]}, {"recipients": [f"age1{'q' * 58}"]}),
        (
            {"recipientsSecret": {"name": "owners", "key": "keys"}},
            {"recipientsSecretRef": {"name": "owners", "key": "keys"}},
        ),
    ],
)
def test_with_an_owner_s_key_none_is_made(given: Values, wanted: Values) -> None:
    rendered = backup(**given)
    assert rendered.one("BackupSchedule")["spec"]["encryption"] == wanted
    assert "outlay-backup-key" not in rendered.text
    assert "outlay-key" not in rendered.text


def request(rendered: Rendered, kind: str, name: str) -> tuple[Object, list[str]]:
    """The object that asks for a backup, and its command."""
    found = rendered.one(kind, name)
    spec = found["spec"]["template"]["spec"] if kind == "Job" else found["spec"]
    (container,) = spec["containers"]
    return found, [*container.get("command", []), *container.get("args", [])]


def test_an_upgrade_waits_for_a_verified_backup_where_that_is_wanted() -> None:
    job, command = request(backup(preUpgrade=True), "Job", "outlay-before-upgrade")
    assert hook(job) == "pre-upgrade"
    # By its name another version makes another backup, and the same version none.
    assert command == [
        "request", "outlay-before-0-1-0", "--schedule", "outlay", "--timeout", "4200",
    ]  # fmt: skip
    assert job["spec"]["activeDeadlineSeconds"] > 4200
    assert "outlay-before-upgrade" not in backup().text


def test_helm_test_makes_a_backup_of_another_name_each_time() -> None:
    pod, command = request(backup(), "Pod", "outlay-test-backup")
    assert hook(pod) == "test"
    assert command[:2] == ["sh", "-c"]
    assert command[2].startswith('exec outlay-operator request "outlay-test-$(date +%s)" --schedule outlay ')  # fmt: skip
    assert "outlay-test-backup" not in render().text


@pytest.mark.parametrize("name", ["outlay-before-upgrade", "outlay-test-backup"])
def test_who_asks_for_a_backup_may_do_nothing_else(name: str) -> None:
    rendered = backup(preUpgrade=True)
    (rule,) = rendered.one("Role", name)["rules"]
    assert (rule["apiGroups"], rule["resources"]) == (["outlay.dev"], ["backups"])
    assert set(rule["verbs"]) == {"create", "get", "list", "watch"}


@pytest.mark.parametrize("name", ["outlay-before-upgrade", "outlay-crds"])
def test_what_a_hook_needs_is_there_before_it_and_gone_after_it(name: str) -> None:
    parts = [
        each
        for each in backup(preUpgrade=True).objects
        if hook(each) and each["metadata"]["name"].endswith(name)
    ]
    notes = {each["kind"]: each["metadata"]["annotations"] for each in parts}
    last = int(notes.pop("Job")["helm.sh/hook-weight"])
    assert {kind.removeprefix("Cluster") for kind in notes} == {"ServiceAccount", "Role", "RoleBinding"}  # fmt: skip
    for each in notes.values():
        assert int(each["helm.sh/hook-weight"]) < last
        assert each["helm.sh/hook-delete-policy"] == "before-hook-creation,hook-succeeded"


def test_helm_shows_logs_of_pods_only() -> None:
    tests = [each for each in backup().objects if hook(each) == "test"]
    assert {each["kind"] for each in tests} == {"Pod"}


def test_custom_resources_are_brought_up_to_date_before_anything_uses_them() -> None:
    rendered = backup(preUpgrade=True)
    job, command = request(rendered, "Job", "outlay-crds")
    before, _ = request(rendered, "Job", "outlay-before-upgrade")
    assert hook(job) == "pre-upgrade"
    assert command == ["crds", "--apply"]
    weights = [int(j["metadata"]["annotations"]["helm.sh/hook-weight"]) for j in (job, before)]
    assert weights == sorted(weights)
    assert "outlay-crds" not in {o["metadata"]["name"] for o in render({"crds": {"upgrade": False}}).all("Job")}  # fmt: skip


def test_that_job_may_change_the_chart_s_three_and_no_others() -> None:
    create, change = render().one("ClusterRole", "money-outlay-crds")["rules"]
    assert create == {
        "apiGroups": ["apiextensions.k8s.io"], "resources": ["customresourcedefinitions"],
        "verbs": ["create"],
    }  # fmt: skip
    assert change["verbs"] == ["get", "patch"]
    assert set(change["resourceNames"]) == {
        "backupschedules.outlay.dev", "backups.outlay.dev", "restores.outlay.dev",
    }  # fmt: skip


def test_those_three_are_in_the_chart() -> None:
    found = [yaml.safe_load(path.read_text()) for path in (CHART / "crds").glob("*.yaml")]
    names = {each["metadata"]["name"] for each in found}
    change = render().one("ClusterRole", "money-outlay-crds")["rules"][1]
    assert names == set(change["resourceNames"])


def test_two_releases_back_up_without_a_clash() -> None:
    made = [
        {(o["kind"], o["metadata"]["name"]) for o in render({"backup": {"enabled": True, "preUpgrade": True}}, name=name).objects}
        for name in ("outlay", "outlay-two")
    ]  # fmt: skip
    assert not made[0] & made[1]
