"""What befalls a backup under way: it is told as it was, the next one is well, and nothing runs twice."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cluster.kind import Given
from e2e.backups import (
    CREDENTIALS,
    SCHEDULE,
    SCRATCH,
    back_up,
    change,
    conditions,
    destination,
    events,
    in_bucket,
    nothing_runs,
    operator_away,
    pod_of,
    resource,
    restart_operator,
    run_now,
    runs,
    status,
    until_state,
)
from e2e.conftest import Open
from e2e.holding import held_dumps, held_runs
from e2e.place import Object, Place, accepted, eventually
from e2e.stores import ObjectStore, start

PREFIX = "outlay"
KEY = {"recipientsSecretRef": {"name": "outlay-backup-key", "key": "recipient"}}


@pytest.fixture(scope="module")
def store(opened: Open) -> Iterator[ObjectStore]:
    with opened("store") as place:
        yield start(place)


@pytest.fixture(scope="module")
def outlay(opened: Open, store: ObjectStore) -> Iterator[Place]:
    with opened("backup-faults") as place:
        place.make_secret(CREDENTIALS, **store.key().files)
        place.install(in_bucket(store, PREFIX) | {"drainSeconds": 0})
        place.ready()
        yield place


def until_job(place: Place, name: str, kind: str = "Complete") -> None:
    place.kubectl("wait", f"job/{name}", f"--for=condition={kind}", "--timeout=240s")


def only_run(store: ObjectStore, told: Object, prefix: str = PREFIX) -> bool:
    """Whether the store has the run that a Backup tells of, once, and whole."""
    digits = told["jobUid"][:8]
    return [each for each in runs(store, prefix) if each.endswith(digits)] == [told["run"]]


def test_a_run_at_its_minute_is_recorded_though_the_operator_was_away(
    outlay: Place, store: ObjectStore
) -> None:
    due = next_minute()
    tick = {"schedule": f"{due.minute} * * * *", "startingDeadlineSeconds": 60, "suspend": False}
    change(outlay, "backupschedule", SCHEDULE, tick)
    eventually(
        lambda: outlay.get("cronjob", SCHEDULE)["spec"]["schedule"] == tick["schedule"],
        "the CronJob is as the schedule says", 10,
    )  # fmt: skip
    with operator_away(outlay):
        made = ("jobs", "--selector", f"outlay.dev/schedule={SCHEDULE}")
        name = outlay.until(lambda each: True, *made)["metadata"]["name"]
        until_job(outlay, name)
        assert outlay.get("backups")["items"] == []
    told = until_state(outlay, "backup", name)
    assert told["state"] == "Verified", told
    assert (
        outlay.get("backup", name)["spec"]["recorded"]["scheduled"] == f"{due:%Y-%m-%dT%H:%M:00Z}"
    )
    assert only_run(store, told)


def next_minute() -> datetime:
    """The next full minute that leaves time to prepare for it."""
    return datetime.now(UTC) + timedelta(seconds=75)


@pytest.mark.parametrize("how", ["deleted", "evicted"])
def test_a_run_whose_pod_is_taken_away_in_its_middle_has_failed(
    outlay: Place, store: ObjectStore, how: str
) -> None:
    with held_dumps(outlay) as hold:
        run_now(outlay, how)
        hold.until_dumping()
        pod = pod_of(outlay, how)
        if how == "deleted":
            outlay.kubectl("delete", "pod", pod, "--wait=false")
        else:
            evict(outlay, pod)
        told = until_state(outlay, "backup", how)
    assert (told["state"], told["reason"]) == ("Failed", "Stopped"), told
    assert conditions(told)["Complete"] == "False"
    assert told["run"] not in runs(store, PREFIX, "manifest.json")
    told = back_up(outlay, f"after-one-was-{how}")
    assert told["state"] == "Verified", told
    eventually(
        lambda: status(outlay, "obs", SCHEDULE).get("consecutiveFailures", 0) == 0,
        "the schedule counts no failure any more", 20,
    )  # fmt: skip


def evict(place: Place, pod: str) -> None:
    made = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod}}
    path = f"/api/v1/namespaces/{place.namespace}/pods/{pod}/eviction"
    place.kubectl("create", "--raw", path, "--filename", "-", given=json.dumps(made))


def test_a_program_killed_in_its_middle_is_told_as_probably_out_of_memory(
    outlay: Place, store: ObjectStore
) -> None:
    if isinstance(outlay.cluster.way, Given):
        pytest.skip("needs a node that can be entered")
    with held_dumps(outlay) as hold:
        run_now(outlay, "killed")
        hold.until_dumping()
        program = f"outlay-backup create --store s3://{store.bucket}/{PREFIX} "
        outlay.cluster.on_node("pkill", "-KILL", "-f", program)
        told = until_state(outlay, "backup", "killed")
    assert (told["state"], told["reason"]) == ("Failed", "OutOfMemory"), told
    assert "now 1Gi" in told["message"]
    # The store knows how far it came.
    assert only_run(store, told)
    assert told["run"] not in runs(store, PREFIX, "manifest.json")
    assert "OutOfMemory" in events(outlay, "Backup", "killed")


def test_too_little_memory_is_told_as_that(outlay: Place, store: ObjectStore) -> None:
    little = {"requests": {"memory": "16Mi"}, "limits": {"memory": "24Mi"}}
    told = back_up(
        outlay, "little-memory", destination=destination(store, "memory"), encryption=KEY,
        job={"resources": little}, scratch=SCRATCH,
    )  # fmt: skip
    assert (told["state"], told["reason"]) == ("Failed", "OutOfMemory"), told
    assert "now 24Mi" in told["message"]


def test_what_a_run_told_is_asked_of_the_store_where_it_was_lost(
    outlay: Place, store: ObjectStore
) -> None:
    with held_runs(outlay) as hold:
        for name in ("untold", "never-begun"):
            outlay.apply(resource("Backup", name, {"scheduleName": SCHEDULE}))
            until_state(outlay, "backup", name, ("Running",), 90)
        with operator_away(outlay):
            outlay.kubectl("delete", "job", "never-begun-backup")
            hold.let_go()
            until_job(outlay, "untold-backup")
            outlay.kubectl("delete", "job", "untold-backup")
    told = until_state(outlay, "backup", "untold")
    assert told["state"] == "Verified", told
    assert told["rows"] > 0
    assert only_run(store, told)
    told = until_state(outlay, "backup", "never-begun")
    assert (told["state"], told["reason"]) == ("Failed", "Lost"), told
    eventually(lambda: nothing_runs(outlay), "nothing runs", 60)


def test_a_recorded_backup_applied_again_is_looked_up_and_not_run_again(
    outlay: Place, store: ObjectStore
) -> None:
    [first] = [
        each for each in outlay.get("backups")["items"]
        if "scheduled" in each["spec"].get("recorded", {})
    ]  # fmt: skip
    name, before = first["metadata"]["name"], store.paths()
    outlay.kubectl("delete", "job", name)
    outlay.kubectl("delete", "backup", name)
    outlay.apply(resource("Backup", name, first["spec"]))
    told = until_state(outlay, "backup", name)
    assert told["state"] == "Verified", told
    kept = ("run", "rows", "bytes", "location", "started")
    assert {key: told[key] for key in kept} == {key: first["status"][key] for key in kept}
    assert store.paths() == before
    assert f"job.batch/{name}" not in outlay.kubectl("get", "jobs", "--output", "name").split()


def test_a_run_tells_where_it_lies_though_its_schedule_was_changed_meanwhile(
    outlay: Place, store: ObjectStore
) -> None:
    with held_dumps(outlay) as hold:
        run_now(outlay, "before-the-move")
        hold.until_dumping()
        change(outlay, "backupschedule", SCHEDULE, {"destination": {"s3": {"prefix": "moved"}}})
        eventually(
            lambda: "moved" in outlay.kubectl("get", "cronjob", SCHEDULE, "--output", "yaml"),
            "the CronJob is as the schedule says", 10,
        )  # fmt: skip
        hold.let_go()
        told = until_state(outlay, "backup", "before-the-move")
    assert told["state"] == "Verified", told
    assert told["location"] == f"s3://{store.bucket}/{PREFIX}/{told['run']}"
    assert only_run(store, told)
    moved = back_up(outlay, "after-the-move")
    assert (moved["state"], only_run(store, moved, "moved")) == ("Verified", True), moved
    change(outlay, "backupschedule", SCHEDULE, {"destination": {"s3": {"prefix": PREFIX}}})


def test_an_operator_killed_again_and_again_runs_nothing_twice(
    outlay: Place, store: ObjectStore
) -> None:
    with held_runs(outlay) as hold:
        outlay.apply(resource("Backup", "unwatched", {"scheduleName": SCHEDULE}))
        for _ in range(3):
            restart_operator(outlay)
            outlay.kubectl("rollout", "status", "deployment/outlay-operator", "--timeout=60s")
        hold.let_go()
    restart_operator(outlay)
    told = until_state(outlay, "backup", "unwatched")
    assert told["state"] == "Verified", told
    assert only_run(store, told)
    jobs = outlay.get("jobs", "--selector=outlay.dev/backup=unwatched")["items"]
    assert [each["metadata"]["uid"] for each in jobs] == [told["jobUid"]]


def test_a_migration_waits_for_a_dump_and_holds_up_nobody(outlay: Place) -> None:
    with held_dumps(outlay) as hold, outlay.api() as api:
        outlay.apply(resource("Backup", "beside-a-migration", {"scheduleName": SCHEDULE}))
        hold.until_dumping()
        with migrating(outlay) as migration:
            time.sleep(3)
            assert migration.poll() is None
            body = {"amount": "3.20", "description": "Bread"}
            accepted(api.post("/ledgers/default/expenses", json=body))
            hold.let_go()
            told = until_state(outlay, "backup", "beside-a-migration")
            assert migration.wait(60) == 0, migration.communicate()
    assert told["state"] == "Verified", told


def migrating(place: Place) -> "subprocess.Popen[str]":
    kubectl = (str(place.cluster.tool("kubectl")), "--namespace", place.namespace)
    command = ("exec", "deployment/outlay", "--", "outlay", "migrate")
    return subprocess.Popen(
        (*kubectl, *command), env=place.cluster.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_a_dump_whose_database_restarts_has_failed_and_the_next_one_is_well(
    outlay: Place, store: ObjectStore
) -> None:
    with held_dumps(outlay) as hold:
        outlay.apply(resource("Backup", "torn", {"scheduleName": SCHEDULE}))
        hold.until_dumping()
        outlay.kubectl("delete", "pod", "outlay-postgresql-0", "--force", "--grace-period=0")
        told = until_state(outlay, "backup", "torn")
    assert told["state"] == "Failed", told
    assert told["reason"] in {"DatabaseUnreachable", "DumpFailed"}, told
    assert told["run"] not in runs(store, PREFIX, "manifest.json")
    outlay.ready()
    told = back_up(outlay, "after-the-restart")
    assert told["state"] == "Verified", told


def test_after_all_that_no_run_is_counted_as_missed(outlay: Place, store: ObjectStore) -> None:
    [first] = [
        each["spec"]["recorded"]["scheduled"] for each in outlay.get("backups")["items"]
        if "scheduled" in each["spec"].get("recorded", {})
    ]  # fmt: skip
    eventually(
        lambda: status(outlay, "obs", SCHEDULE)["accountedUntil"] > first, "it is counted", 120
    )
    told = status(outlay, "obs", SCHEDULE)
    assert told.get("missedRuns", 0) == 0
    assert told["lastFailure"]["backup"] == "torn"
    assert nothing_runs(outlay)
    backups = outlay.get("backups")["items"]
    verified = [each["status"]["run"] for each in backups if each["status"]["state"] == "Verified"]
    assert len(verified) == len(set(verified))
    stored = runs(store, PREFIX, "verified.json") + runs(store, "moved", "verified.json")
    assert sorted(verified) == sorted(stored)
