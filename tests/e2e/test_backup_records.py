"""What is told of runs that nobody watched: all of it, and nothing runs twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from e2e.backups import (
    SCHEDULE,
    back_up,
    backed_by,
    change,
    nothing_runs,
    only_run,
    operator_away,
    resource,
    restart_operator,
    run_now,
    runs,
    status,
    until_state,
)
from e2e.conftest import Open
from e2e.holding import held_dumps, held_runs
from e2e.place import Place, eventually
from e2e.stores import ObjectStore

PREFIX = "outlay"


@pytest.fixture(scope="module")
def outlay(opened: Open, store: ObjectStore) -> Iterator[Place]:
    with backed_by(opened, "backup-records", store, PREFIX) as place:
        yield place


def until_job(place: Place, name: str, kind: str = "Complete") -> None:
    place.kubectl("wait", f"job/{name}", f"--for=condition={kind}", "--timeout=240s")


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
    again = resource("Backup", name, first["spec"])
    again["metadata"]["labels"] = first["metadata"]["labels"]
    outlay.apply(again)
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


def test_after_all_that_no_run_is_counted_as_missed(outlay: Place, store: ObjectStore) -> None:
    [first] = [
        each["spec"]["recorded"]["scheduled"] for each in outlay.get("backups")["items"]
        if "scheduled" in each["spec"].get("recorded", {})
    ]  # fmt: skip
    eventually(
        lambda: status(outlay, "obs", SCHEDULE).get("accountedUntil", "") >= first,
        "it is accounted for", 180,
    )  # fmt: skip
    told = status(outlay, "obs", SCHEDULE)
    assert told.get("missedRuns", 0) == 0
    assert told["lastFailure"]["backup"] == "never-begun"
    assert nothing_runs(outlay)
    backups = outlay.get("backups")["items"]
    verified = [each["status"]["run"] for each in backups if each["status"]["state"] == "Verified"]
    assert len(verified) == len(set(verified))
    stored = runs(store, PREFIX, "verified.json") + runs(store, "moved", "verified.json")
    assert sorted(verified) == sorted(stored)
