"""The Jobs: restricted, without a secret in sight, and the same for the same resource."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from click.testing import CliRunner

from outlay_backup.cli.main import cli as program
from outlay_backup.stages import new_name
from outlay_operator import names
from outlay_operator.jobs import backup, restore
from outlay_operator.model.backup import BackupSpec, Recorded
from outlay_operator.model.parts import (
    Check,
    Database,
    Encryption,
    JobOptions,
    Resources,
    Retention,
    Scratch,
    SecretKeyRef,
    SecretRef,
    Server,
    Verify,
)
from outlay_operator.model.places import GCS, S3, Azure, Destination, Volume
from outlay_operator.model.restore import Admin, RestoreSpec, Source
from outlay_operator.model.schedule import ScheduleSpec
from resources import RECIPIENT, SETTINGS, resource

Object = dict[str, Any]
BUCKET = S3(
    bucket="money", prefix="home", endpoint="https://s3.example.org", region="eu",
    credentials_secret_ref=SecretRef(name="bucket"), options={"virtual_hosted_style_request": "true"},
)  # fmt: skip
PLACES = {
    "volume": Destination(volume=Volume(claim_name="backups", path="home")),
    "s3": Destination(s3=BUCKET),
    "azure": Destination(azure=Azure(container="money", account="us", credentials_secret_ref=SecretRef(name="blob"))),
    "gcs": Destination(gcs=GCS(bucket="money")),
}  # fmt: skip
DATABASE = Database(
    host="db", user="reader", name="out lay", ssl_mode="verify-full",
    password_secret_ref=SecretKeyRef(name="passwords", key="backup-password"),
    ca_secret_ref=SecretKeyRef(name="authority", key="ca.crt"),
)  # fmt: skip
ADMIN = Admin(
    user="restorer",
    password_secret_ref=SecretKeyRef(name="passwords", key="restore-password"),
    owner="owner",
)
KEYS = Encryption(
    recipients=(RECIPIENT,), recipients_secret_ref=SecretKeyRef(name="keys", key="public")
)
EVERY_PLACE = pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)


def schedule_spec(place: Destination = PLACES["s3"], **more: Any) -> ScheduleSpec:
    return ScheduleSpec(schedule="17 3 * * *", destination=place, encryption=KEYS, **more)


def job_of(spec: ScheduleSpec) -> Object:
    wish = backup.Wish(spec, DATABASE, spec.destination, spec.encryption, spec.time_zone)
    return backup.job(resource("Backup", "now", {}), wish, SETTINGS)


def restore_of(spec: RestoreSpec, place: Destination = PLACES["s3"]) -> Object:
    wish = restore.Wish(spec, Server(host="db"), ADMIN, place, "20261102T031700Z-00000000")
    return restore.job(resource("Restore", "back", {}), wish, SETTINGS)


RESTORE = RestoreSpec(
    source=Source(backup_name="now"), key_secret_ref=SecretKeyRef(name="owner", key="identity")
)


def every_job() -> list[Object]:
    made = [job_of(schedule_spec(place)) for place in PLACES.values()]
    made += [restore_of(RESTORE, place) for place in PLACES.values()]
    made.append(restore_of(msgspec.structs.replace(RESTORE, dry_run=True)))
    recorded = BackupSpec(destination=PLACES["s3"], recorded=Recorded(job="j", uid="0af1"))
    made.append(backup.inventory(resource("Backup", "now", {}), recorded, "0af1", SETTINGS))
    wish = restore.Wish(RESTORE, Server(host="db"), ADMIN, PLACES["s3"], "")
    made.append(restore.release(resource("Restore", "back", {}), wish, "outlay_before_x", SETTINGS))
    return made


def pod_of(job: Object) -> Object:
    spec: Object = job["spec"]["template"]["spec"]
    return spec


def containers(job: Object) -> list[Object]:
    return [*pod_of(job).get("initContainers", ()), *pod_of(job)["containers"]]


@pytest.mark.parametrize("job", every_job(), ids=lambda job: str(job["metadata"]["name"]))
def test_every_pod_is_restricted(job: Object) -> None:
    pod = pod_of(job)
    assert pod["automountServiceAccountToken"] is False
    assert pod["serviceAccountName"] == "outlay-backup"
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["activeDeadlineSeconds"] < job["spec"]["activeDeadlineSeconds"]
    for each in containers(job):
        assert each["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert "memory" in each["resources"]["limits"]
    mounted = {each["name"] for one in containers(job) for each in one["volumeMounts"]}
    assert mounted == {each["name"] for each in pod["volumes"]}
    assert not [each for each in pod["volumes"] if "hostPath" in each]


@pytest.mark.parametrize("job", every_job(), ids=lambda job: str(job["metadata"]["name"]))
def test_no_secret_is_in_an_argument_or_a_variable(job: Object) -> None:
    for each in containers(job):
        for variable in each.get("env", ()):
            assert "secretKeyRef" not in json.dumps(variable)
        for variable in each.get("env", ()):
            if variable["name"] == "OUTLAY_DATABASE_URL":
                assert urlsplit(variable["value"]).password is None


@pytest.mark.parametrize("job", every_job(), ids=lambda job: str(job["metadata"]["name"]))
def test_the_backup_program_knows_every_argument(job: Object) -> None:
    for each in containers(job):
        command = each["command"]
        if command[0] != "outlay-backup":
            assert command == ["outlay", "migrate"]
            continue
        said = CliRunner().invoke(program, [*command[1:], "--help"])
        assert said.exit_code == 0
        wrong = CliRunner().invoke(program, [*command[1:], "--no-such-option"])
        assert "No such option '--no-such-option'" in wrong.output


@EVERY_PLACE
def test_only_the_secrets_that_are_named_are_mounted(place: Destination) -> None:
    secrets = {
        each["secret"]["secretName"] for each in pod_of(job_of(schedule_spec(place)))["volumes"] if "secret" in each
    }  # fmt: skip
    credentials = {"s3": {"bucket"}, "azure": {"blob"}}
    [kind] = [name for name, each in PLACES.items() if each is place]
    assert secrets == {"passwords", "authority", "keys"} | credentials.get(kind, set())


def argument(job: Object, name: str) -> list[str]:
    command = containers(job)[-1]["command"]
    return [command[at + 1] for at, each in enumerate(command) if each == name]


def test_a_schedule_s_words_become_the_program_s_arguments() -> None:
    spec = schedule_spec(
        retention=Retention(keep_last=3, keep_daily=7), time_zone="Europe/Rome", csv=False,
        deadline_seconds=900, scratch=Scratch(size="1Gi", storage_class_name="fast"),
        verify=Verify(checks=(Check(name="people", sql="select 1", expected="1"),)),
        job=JobOptions(resources=Resources(limits={"memory": "2Gi"}), annotations={"a": "b"}),
    )  # fmt: skip
    job = job_of(spec)
    assert argument(job, "--keep-last") == ["3"]
    assert argument(job, "--keep-weekly") == []
    assert argument(job, "--time-zone") == ["Europe/Rome"]
    assert argument(job, "--recipient") == [RECIPIENT]
    assert "--no-csv" in containers(job)[0]["command"]
    assert job["spec"]["activeDeadlineSeconds"] > 900
    assert containers(job)[0]["resources"]["limits"] == {"memory": "2Gi"}
    template = job["spec"]["template"]["metadata"]
    assert template["annotations"]["a"] == "b"
    assert json.loads(template["annotations"]["outlay.dev/checks"]) == [
        {"name": "people", "sql": "select 1", "expected": "1"}
    ]
    [scratch] = [each for each in pod_of(job)["volumes"] if each["name"] == "scratch"]
    claim = scratch["ephemeral"]["volumeClaimTemplate"]["spec"]
    assert claim["storageClassName"] == "fast"
    assert claim["resources"] == {"requests": {"storage": "1Gi"}}
    # It opens the database by the address alone, password and authority in files.
    [url] = [
        each["value"] for each in containers(job)[0]["env"] if each["name"] == "OUTLAY_DATABASE_URL"
    ]
    parts = urlsplit(url)
    assert (parts.username, parts.hostname, parts.port, parts.path) == (
        "reader",
        "db",
        5432,
        "/out%20lay",
    )
    assert parse_qs(parts.query)["sslmode"] == ["verify-full"]


@pytest.mark.parametrize(("mode", "wanted"), [("Off", "--no-prune"), ("DryRun", "--prune-dry-run")])
def test_retention_can_only_tell_or_be_off(mode: Any, wanted: str) -> None:
    job = job_of(schedule_spec(retention=Retention(keep_daily=7, mode=mode)))
    assert wanted in containers(job)[0]["command"]


def test_a_cron_job_never_overlaps_and_is_the_schedule_s() -> None:
    spec = schedule_spec(suspend=True, time_zone="Europe/Rome")
    wish = backup.Wish(spec, DATABASE, spec.destination, spec.encryption, spec.time_zone)
    made = backup.cron_job(resource("BackupSchedule", "daily", {}), spec, wish, SETTINGS)
    assert made["spec"]["concurrencyPolicy"] == "Forbid"
    assert (made["spec"]["timeZone"], made["spec"]["suspend"]) == ("Europe/Rome", True)
    [owner] = made["metadata"]["ownerReferences"]
    assert (owner["uid"], owner["blockOwnerDeletion"]) == ("uid-of-daily", False)
    assert made["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0
    assert made == backup.cron_job(resource("BackupSchedule", "daily", {}), spec, wish, SETTINGS)


def test_a_run_is_looked_up_with_memory_of_its_own() -> None:
    little = JobOptions(resources=Resources(limits={"memory": "24Mi"}))
    spec = BackupSpec(
        destination=PLACES["s3"], recorded=Recorded(job="j", uid="0af1"), job=little
    )  # fmt: skip
    job = backup.inventory(resource("Backup", "now", {}), spec, "0af1", SETTINGS)
    [look] = containers(job)
    assert look["resources"] == SETTINGS.resources
    # Nothing of that name in the store (6) is an answer, and no reason to ask again.
    _, rule = job["spec"]["podFailurePolicy"]["rules"]
    assert rule["onExitCodes"] == {
        "containerName": "inventory", "operator": "In", "values": [1, 2, 4, 6, 7]
    }  # fmt: skip


def test_a_drained_node_is_no_try_of_a_restore() -> None:
    ignored, *_ = restore_of(RESTORE)["spec"]["podFailurePolicy"]["rules"]
    assert ignored["action"] == "Ignore"
    assert [each["type"] for each in ignored["onPodConditions"]] == ["DisruptionTarget"]


def test_a_restore_loads_migrates_and_swaps_in_this_order() -> None:
    job = restore_of(RESTORE)
    assert [each["name"] for each in containers(job)] == ["load", "migrate", "swap"]
    load, migrate, swap = containers(job)
    assert migrate["image"] == "service:1"
    assert "owner" not in json.dumps(swap["command"] + swap["env"]).replace(
        '"--owner"', ""
    ).replace('"owner"', "")
    [url] = [each["value"] for each in migrate["env"] if each["name"] == "OUTLAY_DATABASE_URL"]
    assert urlsplit(url).path == "/outlay_restored"
    assert parse_qs(urlsplit(url).query)["role"] == ["owner"]
    assert "--key" in load["command"]
    assert "--key" not in swap["command"]
    [rule] = [
        each
        for each in job["spec"]["podFailurePolicy"]["rules"]
        if each.get("onExitCodes", {}).get("containerName") == "load"
    ]
    assert rule["onExitCodes"]["values"] == [1, 2, 4, 6, 7]


def test_a_dry_run_neither_migrates_nor_swaps() -> None:
    [load] = containers(restore_of(msgspec.structs.replace(RESTORE, dry_run=True)))
    assert "--dry-run" in load["command"]


def test_the_restored_database_has_the_program_s_own_name() -> None:
    for name in ("outlay", "x" * 63, "ä" * 40):
        assert names.restored(name) == new_name(name)


def test_names_stay_short_and_apart() -> None:
    long, other = "a" * 60, "a" * 59 + "b"
    made = {
        names.job(task, name) for task in ("backup", "inventory") for name in (long, other, "now")
    }
    assert len(made) == 6
    assert all(len(each) <= 63 and re.fullmatch(r"[a-z0-9-]+", each) for each in made)
