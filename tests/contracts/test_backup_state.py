"""What the operator publishes is what the service reads, and every state has its word."""

from pathlib import Path

import msgspec
import pytest

from backup_state import publish
from outlay.backups.model import BackupState
from outlay.backups.reading import StateFile
from outlay_operator.book import Book
from outlay_operator.model.backup import BackupStatus
from outlay_operator.model.parts import Encryption
from outlay_operator.model.places import Destination, Volume
from outlay_operator.model.restore import RestoreStatus
from outlay_operator.model.schedule import LastFailure, ScheduleSpec, ScheduleStatus
from outlay_operator.queue import Key
from outlay_operator.reconcile import backup_status, restore_status, schedule_status

AT = "2026-11-27T02:17:00Z"
SPEC = ScheduleSpec(
    schedule="17 2 * * *",
    destination=Destination(volume=Volume(claim_name="outlay-backups")),
    encryption=Encryption(recipients=("age1" + "q" * 58,)),
)
FAILURE = LastFailure(at=AT, backup="nightly-1", reason="Timeout", message="It took too long.")
RUNS = (
    "", backup_status.WAITING, backup_status.RUNNING, backup_status.VERIFIED,
    backup_status.UNVERIFIED, backup_status.FAILED,
)  # fmt: skip
RESTORES = (
    "", restore_status.WAITING, restore_status.LOADING, restore_status.MIGRATING,
    restore_status.SWAPPING, *sorted(restore_status.DONE),
)  # fmt: skip


async def read(path: Path, book: Book) -> BackupState:
    publish(path, msgspec.json.encode(book.state("home", AT)).decode())
    return await StateFile(path).read()


@pytest.mark.parametrize("status", [ScheduleStatus(), ScheduleStatus(last_failure=FAILURE)])
async def test_a_schedule_is_read_as_it_is_published(
    tmp_path: Path, status: ScheduleStatus
) -> None:
    book = Book()
    told = schedule_status.summary("nightly", AT, SPEC, status)
    book.note(book.schedules, Key("BackupSchedule", "home", "nightly"), told)
    found = await read(tmp_path / "state.json", book)
    [schedule] = found.schedules
    assert msgspec.json.decode(msgspec.json.encode(schedule)) == told


@pytest.mark.parametrize("state", RUNS)
async def test_every_state_of_a_backup_has_its_word(tmp_path: Path, state: str) -> None:
    book = Book()
    told = backup_status.summary("one", "nightly", BackupStatus(state=state), AT)
    book.note(book.backups, Key("Backup", "home", "one"), told)
    [run] = (await read(tmp_path / "state.json", book)).backups
    assert msgspec.json.decode(msgspec.json.encode(run)) == told
    assert run.state != "unknown"


@pytest.mark.parametrize("state", RESTORES)
async def test_every_state_of_a_restore_has_its_word(tmp_path: Path, state: str) -> None:
    book = Book()
    told = restore_status.summary("back", "one", RestoreStatus(state=state), AT)
    book.note(book.restores, Key("Restore", "home", "back"), told)
    [run] = (await read(tmp_path / "state.json", book)).restores
    assert msgspec.json.decode(msgspec.json.encode(run)) == told
    assert run.state != "unknown"
