"""What befalls a restore: the ledger is the old one or the restored one, whole, and people are told which."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Final

import pyrage
import pytest

from chart.charts import Object
from e2e.backups import (
    SCHEDULE,
    back_up,
    backed_by,
    contents,
    destination,
    drink_tea,
    events,
    nothing_runs,
    pod_of,
    resource,
    restart_operator,
    restore,
    until_state,
)
from e2e.conftest import Open
from e2e.holding import LOCK, held_dumps, held_loads, session
from e2e.place import Place, accepted, eventually, statuses
from e2e.stores import ObjectStore

# What a restore is meant to change: people sign in anew, and everything has another epoch.
ANEW: Final = ("public.sessions", "public.installation")
ENDED: Final = ("Restored", "Compared", "Failed", "Prepared")
DATABASES: Final = "select datname from pg_database where datname like 'outlay%' order by 1"


@pytest.fixture(scope="module")
def outlay(opened: Open, store: ObjectStore) -> Iterator[Place]:
    with backed_by(opened, "restore-faults", store) as place:
        drink_tea(place, 20)
        told = back_up(place, "good")
        assert told["state"] == "Verified", told
        damage(store, told["run"])
        yield place


def damage(store: ObjectStore, run: str) -> None:
    """The backup again under prefixes of their own: one of a flipped bit, one cut short."""
    for prefix in ("flipped", "cut"):
        store.copy("outlay", prefix)
    store.flip_a_byte(f"flipped/{run}/dump.pgc.zst.age")
    dump = f"cut/{run}/dump.pgc.zst.age"
    store.write(dump, store.read(dump)[:-100])


def test_what_is_damaged_or_locked_or_too_new_is_refused_and_nothing_changes(
    outlay: Place, store: ObjectStore
) -> None:
    outlay.make_secret("another-key", identity=str(pyrage.x25519.Identity.generate()))
    too_new(outlay)
    before = contents(outlay, ANEW)
    another = {"keySecretRef": {"name": "another-key", "key": "identity"}}
    outlay.apply(
        restore("flipped", {"destination": destination(store, "flipped")}),
        restore("cut", {"destination": destination(store, "cut")}),
        restore("locked", {"backupName": "good"}, **another),
        restore("too-new", {"backupName": "too-new"}),
    )
    refused(outlay, "flipped", "BackupDamaged", "is not what was stored")
    refused(outlay, "cut", "BackupDamaged", "is not what was stored")
    refused(outlay, "locked", "KeyRefused", "Give the private key of one of the owners")
    refused(outlay, "too-new", "RestoreRefused", "needs Outlay 9.0.0 or later")
    assert contents(outlay, ANEW) == before
    assert outlay.psql(DATABASES) == "outlay"
    assert nothing_runs(outlay)


def too_new(place: Place) -> None:
    """Back up a schema that only a later version serves."""
    place.psql(
        "insert into public.schema_migrations (version, name, phase, serves, applied_by)"
        " values (9999, 'later', 'post', '9.0.0', '9.0.0')"
    )
    assert back_up(place, "too-new")["state"] == "Verified"
    place.psql("delete from public.schema_migrations where version = 9999")


def refused(place: Place, name: str, reason: str, sentence: str) -> None:
    """It failed for this reason, and at its first try: another one would not change it."""
    told = until_state(place, "restore", name, ENDED, 120)
    assert (told["state"], told["reason"]) == ("Failed", reason), told
    assert sentence in told["message"]
    assert reason in events(place, "Restore", name)
    assert len(place.get("pods", f"--selector=outlay.dev/restore={name}")["items"]) == 1


def test_a_restore_that_is_asked_during_a_backup_waits_for_it(outlay: Place) -> None:
    before = contents(outlay, ANEW)
    with held_dumps(outlay) as hold:
        outlay.apply(resource("Backup", "first", {"scheduleName": SCHEDULE}))
        pod_of(outlay, "first-backup")
        outlay.apply(restore("second", {"backupName": "good"}))
        hold.until_dumping()
        until_state(outlay, "restore", "second", ("Loading",), 60)
        hold.let_go()
        told = until_state(outlay, "backup", "first")
        assert told["state"] == "Verified", told
    told = until_state(outlay, "restore", "second", ENDED)
    assert told["state"] == "Restored", told
    assert contents(outlay, ANEW) == before


def test_a_backup_that_is_asked_during_a_restore_waits_for_it(outlay: Place) -> None:
    before = contents(outlay, ANEW)
    with held_swaps(outlay):
        outlay.apply(restore("third", {"backupName": "good"}))
        step(outlay, "third", "swap")
        outlay.apply(resource("Backup", "fourth", {"scheduleName": SCHEDULE}))
        until_state(outlay, "backup", "fourth", ("Running",), 60)
    told = until_state(outlay, "restore", "third", ENDED)
    assert told["state"] == "Restored", told
    told = until_state(outlay, "backup", "fourth")
    assert told["state"] == "Verified", told
    assert contents(outlay, ANEW) == before


def held_swaps(place: Place) -> AbstractContextManager[None]:
    """Hold every swap, for fifteen seconds at most; people and dumps do not notice."""
    return session(place, "begin; lock table links in row exclusive mode; select pg_sleep(600)")


def test_a_restore_killed_at_each_of_its_steps_with_the_operator_is_whole_in_the_end(
    outlay: Place,
) -> None:
    before = contents(outlay, ANEW)
    outlay.psql("delete from change_log; delete from expenses where description like '%7'")
    with held_loads(outlay):
        outlay.apply(restore("killed", {"backupName": "good"}))
        kill(outlay, step(outlay, "killed", "load"))
        known = outlay.psql("select oid from pg_database where datname = 'outlay_restored'") or "0"
    made = f"count(*) = 1 from pg_database where datname = 'outlay_restored' and oid <> {known}"
    with session(outlay, LOCK, "outlay_restored", made):
        kill(outlay, step(outlay, "killed", "migrate"))
        assert len(contents(outlay)) == len(before) + len(ANEW)
    with held_swaps(outlay):
        kill(outlay, step(outlay, "killed", "swap"))
    told = until_state(outlay, "restore", "killed", ENDED)
    assert told["state"] == "Restored", told
    assert contents(outlay, ANEW) == before
    assert len(outlay.get("jobs", "--selector=outlay.dev/restore=killed")["items"]) == 1
    kept = outlay.psql("select count(*) from pg_database where datname like 'outlay_before_%'")
    # One of each restore in this file.
    assert kept == "3"
    assert "outlay_restored" not in outlay.psql(DATABASES)
    with outlay.api() as api:
        found = accepted(api.get("/ledgers/default/expenses", params={"q": "Tea", "limit": 100}))
        assert len(found["items"]) == 20
        accepted(
            api.post("/ledgers/default/expenses", json={"amount": "1.00", "description": "New"})
        )
    eventually(lambda: nothing_runs(outlay), "nothing runs", 30)


def step(place: Place, name: str, container: str) -> str:
    """Wait until this container of a Restore runs; the name of its pod."""

    def runs(pod: Object) -> bool:
        return "deletionTimestamp" not in pod["metadata"] and any(
            each["name"] == container and "running" in each.get("state", {})
            for each in statuses(pod)
        )

    selector = f"--selector=outlay.dev/restore={name}"
    return str(place.until(runs, "pods", selector, seconds=120)["metadata"]["name"])


def kill(place: Place, pod: str) -> None:
    """End a pod and the operator at once, without asking them."""
    place.kubectl("delete", "pod", pod, "--force", "--grace-period=0")
    restart_operator(place)
