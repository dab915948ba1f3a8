"""What befalls a backup under way: it is told as it was, the next one is well, and nothing runs twice."""

import json
import subprocess
from collections.abc import Iterator

import pytest

from cluster.kind import Given
from e2e.backups import (
    SCHEDULE,
    SCRATCH,
    back_up,
    backed_by,
    conditions,
    destination,
    events,
    nothing_runs,
    only_run,
    pod_of,
    resource,
    run_now,
    runs,
    status,
    until_state,
)
from e2e.conftest import Open
from e2e.holding import held_dumps
from e2e.place import Place, accepted, eventually
from e2e.stores import ObjectStore

PREFIX = "outlay"
KEY = {"recipientsSecretRef": {"name": "outlay-backup-key", "key": "recipient"}}


@pytest.fixture(scope="module")
def outlay(opened: Open, store: ObjectStore) -> Iterator[Place]:
    with backed_by(opened, "backup-faults", store, PREFIX) as place:
        yield place


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


def test_a_migration_waits_for_a_dump_and_holds_up_nobody(outlay: Place) -> None:
    with held_dumps(outlay) as hold, outlay.api() as api:
        outlay.apply(resource("Backup", "beside-a-migration", {"scheduleName": SCHEDULE}))
        hold.until_dumping()
        began = outlay.psql("select now()")
        asks = (
            "select count(*) from pg_stat_activity where usename = 'outlay_service'"
            f" and query like '%pg_try_advisory_lock%' and backend_start > '{began}'"
        )
        with migrating(outlay) as migration:
            eventually(lambda: outlay.psql(asks) != "0", "the migration asks for its turn", 30)
            assert migration.poll() is None
            body = {"amount": "3.20", "description": "Bread"}
            accepted(api.post("/ledgers/default/expenses", json=body))
            assert migration.poll() is None
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


def test_after_all_that_nothing_is_left(outlay: Place) -> None:
    assert nothing_runs(outlay)
    told = status(outlay, "obs", SCHEDULE)
    assert told["lastFailure"]["backup"] == "torn"
    assert (told.get("consecutiveFailures", 0), told.get("problem", "")) == (0, "")
