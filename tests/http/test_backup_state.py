"""The published state of backups, as owners and administrators are told it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from backup_state import backup, publish, published, restore, schedule, withdraw
from outlay.main import Service
from outlay.settings import Settings, SettingsError, load
from world import Person, World

EMPTY = {"published": False, "updated": None, "schedules": [], "backups": [], "restores": []}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


@pytest.fixture
async def service(dsn: str, file: Path) -> AsyncIterator[Service]:
    made = Service(Settings(log_level="critical", backup_state_file=file), dsn)
    async with made.running():
        yield made


async def told(person: Person) -> dict[str, Any]:
    return (await person.call("GET", "/backups", status=200)).json()  # type: ignore[no-any-return]


async def test_an_owner_is_told_what_was_published(world: World, file: Path) -> None:
    state = published(restores=[restore("back", -1, "restored", kept="outlay_before")])
    publish(file, state)
    found = await told(await world.person())
    del state["version"]
    assert found == {"published": True, **state}


async def test_owners_and_administrators_alone_are_told(world: World, file: Path) -> None:
    publish(file, published())
    ada = await world.person()
    for role in ("viewer", "editor"):
        other = await world.person("Vic", ledger=ada.ledger, role=role)
        refused = await other.call("GET", "/backups", status=403)
        assert "Only owners of a ledger" in refused.json()["detail"]
    root = await world.person("Root", ledger=ada.ledger, role="viewer", is_admin=True)
    assert (await told(root))["published"]


async def test_without_a_file_nothing_is_published_and_then_it_is(world: World, file: Path) -> None:
    ada = await world.person()
    assert await told(ada) == EMPTY
    publish(file, published())
    assert (await told(ada))["published"]
    withdraw(file)
    assert await told(ada) == EMPTY


async def test_what_is_published_anew_is_told_at_once(world: World, file: Path) -> None:
    ada = await world.person()
    for missed in (0, 3, 4):
        publish(file, published(schedules=[schedule(missed_runs=missed)]))
        assert (await told(ada))["schedules"][0]["missed_runs"] == missed


async def test_what_a_newer_operator_tells_besides_breaks_nothing(world: World, file: Path) -> None:
    state = published(
        weather="fine",
        schedules=[schedule(colour="blue")],
        backups=[backup("nightly-1", -3, "hibernating")],
        restores=[restore("one", -1, "done"), restore("two", -2, "dry-run-done")],
    )
    publish(file, state)
    found = await told(await world.person())
    assert "weather" not in found
    assert "colour" not in found["schedules"][0]
    assert found["backups"][0]["state"] == "unknown"
    assert [one["state"] for one in found["restores"]] == ["restored", "compared"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("{", "not what the backup operator writes"),
        ("", "not what the backup operator writes"),
        ("[" * 100_000, "not what the backup operator writes"),
        ("[]", "not what the backup operator writes"),
        ({"version": 1}, "missing required field"),
        (published(schedules=[schedule(missed_runs="3")]), "$.schedules[0].missed_runs"),
        (published(backups=[backup("x", -1, started="soon")]), "$.backups[0].started"),
        (published(backups="none"), "$.backups"),
        (published(version=2), "has version 2"),
        (published(more="x" * (256 << 10)), "larger than 256 KiB"),
    ],
    ids=["cut", "empty", "deep", "list", "lacking", "text", "time", "kind", "version", "large"],
)  # fmt: skip
async def test_a_broken_file_is_said_to_be_so_until_it_is_mended(
    world: World, file: Path, state: Any, words: str
) -> None:
    ada = await world.person()
    publish(file, state)
    problem = (await ada.call("GET", "/backups", status=500)).json()
    assert problem["type"] == "urn:outlay:problem:backup-state-unreadable"
    assert words in problem["detail"].replace("`", "")
    assert str(file) not in str(problem)
    publish(file, published())
    assert (await told(ada))["published"]


def in_its_place(file: Path) -> None:
    file.mkdir()


async def test_a_folder_in_its_place_is_said_to_be_one(world: World, file: Path) -> None:
    in_its_place(file)
    problem = (await (await world.person()).call("GET", "/backups", status=500)).json()
    assert "OUTLAY_BACKUP_STATE_FILE" in problem["detail"]


def test_a_folder_is_no_setting_and_a_file_may_come_later(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OUTLAY_BACKUP_STATE_FILE is the folder"):
        load({"OUTLAY_BACKUP_STATE_FILE": str(tmp_path)})
    later = tmp_path / "state.json"
    assert load({"OUTLAY_BACKUP_STATE_FILE": str(later)}).backup_state_file == later
