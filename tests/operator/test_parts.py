"""The rest of the operator that needs no cluster: settings, the book, the management port, what watches tell."""

from pathlib import Path

import msgspec
import pytest
from aiohttp.test_utils import TestClient, TestServer

from outlay_operator import settings
from outlay_operator.book import Book
from outlay_operator.model.restore import RestoreStatus
from outlay_operator.outcomes import Told
from outlay_operator.queue import Key
from outlay_operator.reconcile import restore_status
from outlay_operator.reconcile.context import Context, RefusedError
from outlay_operator.server import application
from outlay_operator.watching import keys, keys_of_backup
from resources import SETTINGS, pod


def written(path: Path, **fields: object) -> Path:
    path.write_bytes(msgspec.json.encode({"operatorImage": "o", "serviceImage": "s"} | fields))
    return path


def test_the_chart_s_file_is_read(tmp_path: Path) -> None:
    release = {"namespace": "money", "database": {"host": "db", "user": "reader"}}
    found = settings.read(written(tmp_path / "settings.json", release=release))
    assert isinstance(found.release, settings.Release)
    assert found.account("elsewhere") == "default"
    assert found.account("money") == found.service_account


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"port": "x"}, "$.port"),
        ({"nonsense": 1}, "nonsense"),
        ({"operatorImage": None}, "operatorImage"),
    ],
)
def test_a_mistake_is_told_with_its_field(
    tmp_path: Path, fields: dict[str, object], said: str
) -> None:
    with pytest.raises(settings.SettingsError, match=r"settings\.json is wrong") as caught:
        settings.read(written(tmp_path / "settings.json", **fields))
    assert said in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(settings.SettingsError, match="No such file"):
        settings.read(tmp_path / "none.json")


def at(name: str, namespace: str = "money") -> Key:
    return Key("BackupSchedule", namespace, name)


def test_whoever_stored_somewhere_first_keeps_the_place() -> None:
    book, place = Book(), ("s3", "", "money", "home")
    assert book.first_at(at("old"), place, "2026-01-01T00:00:00Z") is None
    assert book.first_at(at("new", "other"), place, "2026-02-01T00:00:00Z") == at("old")
    assert book.first_at(at("old"), place, "2026-01-01T00:00:00Z") is None
    assert (
        book.first_at(at("new", "other"), ("s3", "", "money", "away"), "2026-02-01T00:00:00Z")
        is None
    )
    # At the same second the name decides, and both agree about it.
    assert book.first_at(at("b"), ("x",), "2026-01-01T00:00:00Z") is None
    assert book.first_at(at("a"), ("x",), "2026-01-01T00:00:00Z") is None
    assert book.first_at(at("b"), ("x",), "2026-01-01T00:00:00Z") == at("a")


def test_what_is_published_is_bounded_and_newest_first() -> None:
    book = Book()
    for number in range(80):
        summary = {
            "name": f"b{number}",
            "schedule": "daily",
            "started": f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z",
        }
        book.note(book.backups, Key("Backup", "money", f"b{number}"), summary)
    book.note(
        book.backups, Key("Backup", "other", "x"), {"name": "x", "schedule": "", "started": "2030"}
    )
    state = book.state("money", "now")
    assert [each["name"] for each in state["backups"]] == [f"b{n}" for n in range(79, 29, -1)]
    assert book.changed == {"money", "other"}
    kept = {"b79": {"name": "b79", "schedule": "daily", "started": "2026-01-01T00:01:19Z"}}
    book.keep_backups(at("daily"), kept)
    assert book.state("money", "now")["backups"] == [kept["b79"]]
    book.changed.clear()
    book.note(
        book.backups, Key("Backup", "other", "x"), {"name": "x", "schedule": "", "started": "2030"}
    )
    assert not book.changed
    book.note(book.backups, Key("Backup", "other", "x"), None)
    assert book.changed == {"other"}


async def test_the_management_port_tells_whether_it_is_ready() -> None:
    ready = False
    async with TestClient(TestServer(application(lambda: ready))) as client:
        assert (await client.get("/healthz")).status == 200
        assert (await client.get("/readyz")).status == 503
        ready = True
        assert (await client.get("/readyz")).status == 200
        metrics = await client.get("/metrics")
        assert "outlay_operator_queue_length" in await metrics.text()


def test_a_job_of_a_schedule_wakes_the_schedule_and_its_record() -> None:
    labels = {"outlay.dev/schedule": "daily"}
    job = {"metadata": {"name": "daily-123", "namespace": "money", "labels": labels}}
    assert keys(job) == [at("daily"), Key("Backup", "money", "daily-123")]
    of_pod = labels | {"batch.kubernetes.io/job-name": "daily-123"}
    one = {"metadata": {"name": "daily-123-x", "namespace": "money", "labels": of_pod}}
    assert keys(one) == keys(job)
    assert keys({"metadata": {"name": "x", "namespace": "money"}}) == []


def test_a_backup_that_was_applied_again_with_its_labels_is_no_history() -> None:
    labels = {"outlay.dev/schedule": "daily", "outlay.dev/finished": "first"}
    found = {"metadata": {"name": "one", "namespace": "money", "uid": "first", "labels": labels}}
    assert keys_of_backup(found) == []
    assert keys_of_backup(found, gone=True) == [Key("Backup", "money", "one"), at("daily")]
    found["metadata"]["uid"] = "second"
    assert keys_of_backup(found) == [Key("Backup", "money", "one"), at("daily")]


def test_a_schedule_of_another_namespace_has_to_name_its_database() -> None:
    context = Context(None, SETTINGS)  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match=r"spec\.database"):
        context.database(msgspec.UNSET, "elsewhere")


@pytest.mark.parametrize(
    ("step", "state"), [("load", "Loading"), ("migrate", "Migrating"), ("swap", "Swapping")]
)
def test_a_restore_tells_its_step(step: str, state: str) -> None:
    status = restore_status.goes_on(RestoreStatus(), [pod(None, name=step)])
    assert status.state == state
    # Between two steps it is where it was.
    assert restore_status.goes_on(status, []).state == state


def test_a_restore_whose_rename_was_refused_is_prepared_and_no_more() -> None:
    told = Told(run="r", swapped=False, message="Point the service at outlay_restored.")
    status = restore_status.succeeds(RestoreStatus(), told, dry_run=False)
    assert (status.state, status.message) == ("Prepared", told.message)
    assert (
        restore_status.succeeds(RestoreStatus(), Told(run="r", swapped=True), dry_run=False).state
        == "Restored"
    )
    assert restore_status.succeeds(RestoreStatus(), None, dry_run=True).state == "Compared"
