"""The samples as they are, another cluster that has only the bucket and the key, and an end that strands nothing."""

from collections.abc import Iterator
from typing import Final

import pytest

from chart.charts import ROOT, Object
from e2e.backups import (
    CREDENTIALS,
    backed_by,
    conditions,
    contents,
    drink_tea,
    resource,
    run_now,
    status,
    until_state,
)
from e2e.conftest import Open
from e2e.holding import held_dumps
from e2e.place import Place, eventually
from e2e.stores import NAME, PORT, ObjectStore, start

SAMPLES: Final = ROOT / "k8s" / "backups"
KEY: Final = "outlay-backup-key"
# What a restore is meant to change: people sign in anew, and everything has another epoch.
ANEW: Final = ("public.sessions", "public.installation")
ENDED: Final = ("Restored", "Compared", "Failed", "Prepared")


@pytest.fixture(scope="module")
def store(opened: Open) -> Iterator[ObjectStore]:
    with opened("store") as place:
        yield start(place, "outlay-backups")


@pytest.fixture(scope="module")
def outlay(opened: Open, store: ObjectStore) -> Iterator[Place]:
    with backed_by(opened, "backup-ends", store, "outlay", beside(store)) as place:
        drink_tea(place, 10)
        yield place


@pytest.fixture(scope="module")
def elsewhere(opened: Open, outlay: Place, store: ObjectStore) -> Iterator[Place]:
    """Another installation; the bucket's credentials and the owners' key are all that it gets."""
    with opened("backup-elsewhere") as place:
        place.make_secret(CREDENTIALS, **store.key().files)
        place.make_secret(KEY, **outlay.secret(KEY))
        place.apply(beside(store))
        place.install({"drainSeconds": 0})
        place.ready()
        yield place


def beside(store: ObjectStore) -> Object:
    """The store under the name that the samples have for one of the same namespace."""
    name = f"{NAME}.{store.place.namespace}.svc.cluster.local"
    spec = {"type": "ExternalName", "externalName": name, "ports": [{"port": PORT}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": NAME}, "spec": spec}


def sample(place: Place, name: str) -> None:
    place.kubectl("apply", "--filename", str(SAMPLES / f"{name}.yaml"))


def test_the_samples_back_up_and_restore_as_they_are(outlay: Place, store: ObjectStore) -> None:
    for name in ("schedule-to-volume", "schedule-to-s3"):
        sample(outlay, name)
    eventually(
        lambda: {"nightly", "to-s3"} <= {each["metadata"]["name"] for each in outlay.get("cronjobs")["items"]},
        "both have their CronJob", 20,
    )  # fmt: skip
    sample(outlay, "backup")
    run_now(outlay, "to-s3-now", "to-s3")
    for name in ("by-hand", "to-s3-now"):
        told = until_state(outlay, "backup", name)
        assert told["state"] == "Verified", told
    assert told["location"] == f"s3://{store.bucket}/home/{told['run']}"
    assert conditions(status(outlay, "obs", "nightly"))["OffCluster"] == "False"
    assert conditions(status(outlay, "obs", "to-s3"))["OffCluster"] == "True"
    before = contents(outlay, ANEW)
    outlay.psql("delete from change_log; delete from expenses")
    sample(outlay, "restore")
    told = until_state(outlay, "restore", "by-hand", ENDED)
    assert told["state"] == "Restored", told
    assert contents(outlay, ANEW) == before


def test_the_bucket_and_the_key_are_enough_for_another_cluster(
    outlay: Place, elsewhere: Place
) -> None:
    sample(elsewhere, "restore-from-bucket")
    told = until_state(elsewhere, "restore", "from-bucket", ENDED)
    assert told["state"] == "Restored", told
    # Who is here now stays; the ledgers are those of the backup.
    ledgers = ("public.expenses", "public.ledgers", "public.categories", "public.change_log")
    there, here = contents(outlay), contents(elsewhere)
    assert {name: here[name] for name in ledgers} == {name: there[name] for name in ledgers}


def test_a_schedule_deleted_during_its_run_strands_nothing(outlay: Place) -> None:
    with held_dumps(outlay) as hold:
        run_now(outlay, "orphan", "to-s3")
        hold.until_dumping()
        outlay.kubectl("delete", "obs", "to-s3", "--timeout=20s")
        told = until_state(outlay, "backup", "orphan", seconds=90)
    assert told["state"] == "Failed", told
    assert told["reason"] in {"Stopped", "Unfinished"}, told
    assert "orphan" not in outlay.kubectl("get", "jobs", "--output", "name")
    outlay.kubectl("delete", "backup", "orphan", "--timeout=10s")


def test_resources_go_although_their_operator_has_gone(
    elsewhere: Place, store: ObjectStore
) -> None:
    s3 = {"bucket": store.bucket, "prefix": "left", "credentialsSecretRef": {"name": CREDENTIALS}}
    encryption = {"recipientsSecretRef": {"name": KEY, "key": "recipient"}}
    spec = {"schedule": "@yearly", "destination": {"s3": s3}, "encryption": encryption}
    elsewhere.apply(resource("BackupSchedule", "left", spec))
    eventually(lambda: "cronJob" in status(elsewhere, "obs", "left"), "it is seen", 20)
    elsewhere.helm("uninstall", "outlay", "--wait")
    kinds = ("backupschedules", "backups", "restores")
    elsewhere.kubectl("delete", ",".join(kinds), "--all", "--timeout=20s")
    for kind in kinds:
        assert elsewhere.get(kind)["items"] == []
    eventually(lambda: elsewhere.get("cronjobs,jobs")["items"] == [], "what they made goes", 30)


def test_a_namespace_deleted_during_a_run_goes_with_all_that_is_in_it(outlay: Place) -> None:
    with held_dumps(outlay) as hold:
        outlay.apply(resource("Backup", "last", {"scheduleName": "nightly"}))
        hold.until_dumping()
        left = outlay.kubectl(
            "get", "obs,ob,ores", "--output", "jsonpath={.items[*].metadata.finalizers}"
        )
        assert left == ""
        outlay.kubectl("delete", "namespace", outlay.namespace, "--timeout=60s")
