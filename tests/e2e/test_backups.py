"""Backups by custom resource: made, encrypted, compared, listed, and brought back."""

import json
import re
from collections.abc import Iterator

import pytest

from cluster import Cluster
from e2e.backups import (
    CREDENTIALS,
    SCHEDULE,
    back_up,
    backed_by,
    change,
    conditions,
    contents,
    drink_tea,
    events,
    restored,
    status,
    until_state,
)
from e2e.conftest import Open
from e2e.place import Place, accepted, eventually
from e2e.stores import ObjectStore

# What a restore is meant to change: people sign in anew, and everything has another epoch.
ANEW = ("public.sessions", "public.installation")


@pytest.fixture(scope="module")
def outlay(opened: Open, store: ObjectStore) -> Iterator[Place]:
    with backed_by(opened, "backups", store) as place:
        drink_tea(place, 40)
        yield place


def test_within_its_minute_a_schedule_makes_a_backup_that_is_verified(
    outlay: Place, store: ObjectStore
) -> None:
    change(outlay, "backupschedule", SCHEDULE, {"suspend": False, "schedule": "* * * * *"})
    backup = outlay.until(
        lambda each: each.get("status", {}).get("state") in {"Verified", "Failed", "Unverified"},
        "backups", "--selector", f"outlay.dev/schedule={SCHEDULE}",
    )  # fmt: skip
    change(outlay, "backupschedule", SCHEDULE, {"suspend": True})
    told = backup["status"]
    assert told["state"] == "Verified", told
    assert conditions(told) == {
        "Complete": "True", "Verified": "True", "Failed": "False", "Waiting": "False"
    }  # fmt: skip
    assert backup["spec"]["recorded"]["job"] == backup["metadata"]["name"]
    assert told["run"].endswith(backup["spec"]["recorded"]["uid"][:8])
    paths = store.paths(f"outlay/{told['run']}")
    assert {path.rpartition("/")[2] for path in paths} >= {
        "dump.pgc.zst.age", "manifest.json", "verified.json", "result.json"
    }  # fmt: skip
    dump = store.read(f"outlay/{told['run']}/dump.pgc.zst.age")
    assert dump.startswith(b"age-encryption.org/v1\n")
    assert "Verified" in events(outlay, "Backup", backup["metadata"]["name"])


def test_what_kubectl_lists_tells_how_it_stands(outlay: Place) -> None:
    eventually(lambda: "lastVerified" in status(outlay, "obs", SCHEDULE), "the schedule tells", 20)
    schedules, backups = re.split(
        r"\n(?=NAME)|\n\n", outlay.kubectl("get", "backupschedules,backups")
    )[:2]
    head, row = (re.split(r"\s{2,}", line.strip()) for line in schedules.splitlines()[:2])
    shown = dict(zip(head, row, strict=False))
    assert shown["NAME"] == f"backupschedule.outlay.dev/{SCHEDULE}"
    assert shown["SCHEDULE"] == "* * * * *"
    assert re.fullmatch(r"\d+[smh].*", shown["VERIFIED"])
    assert int(shown["SIZE"]) > 1000
    head, row = (re.split(r"\s{2,}", line.strip()) for line in backups.splitlines()[:2])
    assert row[1:4] == ["Verified", "True", "True"]
    told = status(outlay, "obs", SCHEDULE)
    assert told["stored"] >= 1
    assert told.get("consecutiveFailures", 0) == 0
    assert {"OffCluster": "True"}.items() <= conditions(told).items()
    explained = outlay.kubectl("explain", "backupschedule.spec.encryption.recipients")
    assert "Public keys" in explained


def test_nobody_but_the_job_sees_a_secret(outlay: Place) -> None:
    may = outlay.kubectl(
        "auth", "can-i", "--list", f"--as=system:serviceaccount:{outlay.namespace}:outlay-operator"
    )
    assert "secrets" not in may
    written = outlay.kubectl("get", "cronjobs,jobs,backups,backupschedules", "-o", "json")
    secrets = [*outlay.secret().values(), *outlay.secret(CREDENTIALS).values()]
    secrets.append(outlay.secret("outlay-backup-key")["identity"].strip())
    for pod in outlay.get("pods")["items"]:
        written += outlay.kubectl("logs", pod["metadata"]["name"], "--all-containers")
    assert not [each for each in secrets if each in written]


def test_a_damaged_ledger_is_brought_back_row_by_row(outlay: Place) -> None:
    told = back_up(outlay, "before-the-damage")
    assert told["state"] == "Verified", told
    before, epoch = contents(outlay, ANEW), outlay.psql("select epoch from installation")
    outlay.psql("delete from change_log; update expenses set amount = amount + 1")
    outlay.psql("delete from expenses where description like '%7'")
    assert contents(outlay, ANEW) != before
    told = restored(outlay, "back-again", {"backupName": "before-the-damage"})
    assert told["state"] == "Restored", told
    assert contents(outlay, ANEW) == before
    assert outlay.psql("select epoch from installation") != epoch
    assert re.fullmatch(r"outlay_before_\d{8}t\d{6}z.*", told["kept"])
    with outlay.api() as api:
        items = accepted(api.get("/ledgers/default/expenses", params={"q": "Tea", "limit": 100}))
        assert len(items["items"]) == 40


def test_the_old_database_stays_until_it_is_released(outlay: Place) -> None:
    kept = status(outlay, "restore", "back-again")["kept"]
    names = "select datname from pg_database"
    assert kept in outlay.psql(names).splitlines()
    change(outlay, "restore", "back-again", {"releaseOld": True})
    until_state(outlay, "restore", "back-again", ("Released",), 120)
    assert kept not in outlay.psql(names).splitlines()


def test_a_dry_run_restores_and_compares_and_changes_nothing(outlay: Place) -> None:
    before, epoch = contents(outlay), outlay.psql("select epoch from installation")
    told = restored(outlay, "a-drill", {"backupName": "before-the-damage"}, dryRun=True)
    assert told["state"] == "Compared", told
    assert told["rows"] > 40
    assert (contents(outlay), outlay.psql("select epoch from installation")) == (before, epoch)
    assert outlay.psql("select count(*) from pg_database where datname like 'outlay%'") == "1"


def test_the_state_is_published_for_the_service_to_show(outlay: Place) -> None:
    def published() -> dict[str, list[dict[str, object]]]:
        found = outlay.get("configmap", "outlay-backup-state")["data"]["state.json"]
        return json.loads(found)  # type: ignore[no-any-return]

    eventually(lambda: bool(published()["restores"]), "the restores are published", 30)
    [schedule] = published()["schedules"]
    assert (schedule["name"], schedule["off_cluster"]) == (SCHEDULE, True)
    assert {each["state"] for each in published()["backups"]} == {"verified"}


def test_prometheus_knows_how_the_backups_stand(outlay: Place, cluster: Cluster) -> None:
    at = f'{{namespace="{outlay.namespace}",schedule="{SCHEDULE}"}}'
    expression = f"time() - outlay_backup_last_verified_timestamp_seconds{at} < 1200"
    eventually(lambda: bool(cluster.query(expression)), "the metric is scraped", 120)
    assert cluster.query(f"outlay_backup_consecutive_failures{at} == 0")
    assert cluster.query(f"outlay_backup_size_bytes{at} > 1000")
