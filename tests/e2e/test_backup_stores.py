"""Where backups go: places that are missing, closed, full, cut off, shared, or late."""

import json
from collections.abc import Iterator

import pytest

from chart.charts import Object
from cluster import Cluster
from e2e.backups import (
    SCHEDULE,
    SCRATCH,
    back_up,
    backed_by,
    change,
    conditions,
    destination,
    events,
    nothing_runs,
    resource,
    runs,
    status,
    until_state,
)
from e2e.conftest import Open
from e2e.disk import claim, empty, fill, small_disk
from e2e.holding import held_dumps
from e2e.place import Place, eventually
from e2e.stores import Key, ObjectStore

KEY = {"recipientsSecretRef": {"name": "outlay-backup-key", "key": "recipient"}}
# Due once a year: it is ready, and disturbs nobody.
SELDOM = "0 0 1 1 *"
KEEP = {"keepLast": 9}


@pytest.fixture(scope="module")
def outlay(opened: Open, store: ObjectStore) -> Iterator[Place]:
    with backed_by(opened, "backup-stores", store) as place:
        yield place


def backup(name: str, where: Object, **more: object) -> Object:
    """A Backup that says everything itself."""
    spec = {"destination": where, "encryption": KEY, "scratch": SCRATCH} | more
    return resource("Backup", name, spec)


def schedule(name: str, where: Object, **more: object) -> Object:
    spec = {"schedule": SELDOM, "destination": where, "encryption": KEY, "scratch": SCRATCH}
    return resource("BackupSchedule", name, spec | more)


def waits(place: Place, name: str, reason: str) -> None:
    """Wait until a Backup says within 30 s why it does not begin, also by an Event."""
    found = place.until(
        lambda each: each.get("status", {}).get("reason") == reason,
        "backup", f"--field-selector=metadata.name={name}", seconds=30,
    )["status"]  # fmt: skip
    assert (found["state"], conditions(found)["Waiting"]) == ("Waiting", "True"), found
    eventually(lambda: reason in events(place, "Backup", name), "an Event tells it", 10)


def test_a_missing_secret_or_volume_is_told_and_the_run_goes_on_once_it_is_there(
    outlay: Place, store: ObjectStore
) -> None:
    late = destination(store, "late", credentialsSecretRef={"name": "late-keys"})
    volume = {"volume": {"claimName": "late-volume", "path": "inside"}}
    outlay.apply(backup("late-secret", late), backup("late-volume", volume))
    waits(outlay, "late-secret", "SecretMissing")
    waits(outlay, "late-volume", "VolumePending")
    outlay.make_secret("late-keys", **store.key().files)
    outlay.apply(claim("late-volume"))
    for name in ("late-secret", "late-volume"):
        told = until_state(outlay, "backup", name)
        assert told["state"] == "Verified", told
        assert conditions(told)["Waiting"] == "False"
    assert len(runs(store, "late")) == 1


def test_an_image_that_cannot_be_had_is_told(outlay: Place, store: ObjectStore) -> None:
    known = outlay.get("configmap", "outlay-operator")["data"]["settings.json"]
    wrong = json.loads(known) | {"operatorImage": "localhost/nowhere:1"}
    try:
        settle(outlay, json.dumps(wrong))
        outlay.apply(backup("no-image", destination(store, "no-image")))
        waits(outlay, "no-image", "ImageMissing")
        assert "localhost/nowhere:1" in status(outlay, "backup", "no-image")["message"]
        outlay.kubectl("delete", "backup", "no-image", "--timeout=10s")
    finally:
        settle(outlay, known)
    eventually(lambda: nothing_runs(outlay), "its pod has gone", 30)


def settle(place: Place, settings: str) -> None:
    """Give the operator other settings."""
    patch = json.dumps({"data": {"settings.json": settings}})
    place.kubectl("patch", "configmap", "outlay-operator", "--patch", patch)
    place.kubectl("rollout", "restart", "deployment/outlay-operator")
    place.kubectl("rollout", "status", "deployment/outlay-operator", "--timeout=90s")


def test_a_bucket_that_is_missing_or_closed_is_told_as_that(
    outlay: Place, store: ObjectStore
) -> None:
    outlay.make_secret("wrong-keys", **Key("nobody", "nothing").files)
    missing = destination(store, "x", bucket="no-such-bucket")
    closed = destination(store, "closed", credentialsSecretRef={"name": "wrong-keys"})
    outlay.apply(backup("missing", missing), backup("closed", closed))
    for name, reason in (("missing", "StoreMissing"), ("closed", "StoreDenied")):
        told = until_state(outlay, "backup", name)
        assert (told["state"], told["reason"]) == ("Failed", reason), told
        assert "nothing" not in told["message"].split()
        assert reason in events(outlay, "Backup", name)
    assert store.paths("closed") == []


def test_a_store_cut_off_in_the_middle_of_a_dump_holds_no_backup(
    outlay: Place, store: ObjectStore
) -> None:
    with held_dumps(outlay) as hold:
        outlay.apply(backup("cut-off", destination(store, "cut")))
        hold.until_dumping()
        with store.cut_off():
            hold.let_go()
            told = until_state(outlay, "backup", "cut-off")
    assert (told["state"], told["reason"]) == ("Failed", "StoreUnreachable"), told
    assert runs(store, "cut") == [told["run"]]
    assert runs(store, "cut", "manifest.json") == []


def test_where_nothing_may_be_deleted_backups_go_on_and_it_is_told(
    outlay: Place, store: ObjectStore, cluster: Cluster
) -> None:
    outlay.make_secret("no-deleting", **store.key(denied=["s3:DeleteObject"]).files)
    where = destination(store, "kept", credentialsSecretRef={"name": "no-deleting"})
    outlay.apply(schedule("kept", where, retention={"keepLast": 1}))
    told = back_up(outlay, "kept-1", "kept")
    assert (told["state"], told.get("retentionRefused", False)) == ("Verified", False), told
    told = back_up(outlay, "kept-2", "kept")
    assert (told["state"], told["retentionRefused"]) == ("Verified", True), told
    assert len(runs(store, "kept", "verified.json")) == 2
    eventually(
        lambda: "could not be deleted" in status(outlay, "obs", "kept").get("problem", ""),
        "the schedule tells", 20,
    )  # fmt: skip
    stuck = f'outlay_backup_retention_stuck{{namespace="{outlay.namespace}",schedule="kept"}} == 1'
    eventually(lambda: bool(cluster.query(stuck)), "the metric tells", 60)


def test_of_two_schedules_with_one_place_the_later_one_waits_for_its_own(
    outlay: Place, store: ObjectStore
) -> None:
    outlay.apply(schedule("second", destination(store, "outlay")))
    ready(outlay, "second", "False", "DestinationShared")
    assert SCHEDULE in status(outlay, "obs", "second")["problem"]
    assert "second" not in outlay.kubectl("get", "cronjobs", "--output", "name")
    change(outlay, "obs", "second", {"destination": {"s3": {"prefix": "its-own"}}})
    ready(outlay, "second", "True", "Scheduled")
    assert outlay.get("cronjob", "second")["spec"]["suspend"] is False
    change(outlay, "obs", "second", {"destination": {"s3": {"prefix": "outlay"}}})
    ready(outlay, "second", "False", "DestinationShared")
    assert outlay.get("cronjob", "second")["spec"]["suspend"] is True


def ready(place: Place, name: str, wanted: str, reason: str) -> None:
    def holds(each: Object) -> bool:
        found = each.get("status", {}).get("conditions", [])
        return any(
            (one["type"], one["status"], one["reason"]) == ("Ready", wanted, reason)
            for one in found
        )

    place.until(holds, "obs", f"--field-selector=metadata.name={name}", seconds=30)


def test_a_full_volume_is_told_and_what_lies_there_stays_whole(outlay: Place) -> None:
    with small_disk(outlay, 24) as folder:
        where = {"volume": {"claimName": "small", "path": "home"}}
        outlay.apply(claim("small", outlay.namespace, 24), schedule("small", where, retention=KEEP))
        told = back_up(outlay, "with-room", "small")
        assert told["state"] == "Verified", told
        eventually(
            lambda: conditions(status(outlay, "obs", "small"))["OffCluster"] == "False",
            "the schedule tells that it is in the cluster", 10,
        )  # fmt: skip
        before = sums(outlay, f"{folder}/home/{told['run']}")
        fill(outlay, folder)
        full = back_up(outlay, "without-room", "small")
        assert (full["state"], full["reason"]) == ("Failed", "StoreFull"), full
        assert sums(outlay, f"{folder}/home/{told['run']}") == before
        empty(outlay, folder)
        again = back_up(outlay, "with-room-again", "small")
        assert (again["state"], again["stored"]) == ("Verified", 2), again
        outlay.kubectl("delete", "obs/small", "backup/with-room", "backup/without-room")
        outlay.kubectl("delete", "backup/with-room-again")
        eventually(lambda: nothing_runs(outlay), "nothing uses it", 30)
        outlay.kubectl("delete", "pvc", "small")


def sums(place: Place, folder: str) -> str:
    return place.cluster.on_node(
        "sh", "-c", f"cd {folder} && find . -type f | sort | xargs sha256sum"
    )
