"""`outlay backup` on the embedded database, as somebody at their own machine uses it."""

import asyncio
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from outlay.embedded import EmbeddedPostgres
from outlay.migrations.runner import migrate

OUTLAY = [sys.executable, "-m", "outlay.cli"]


@dataclass(frozen=True)
class Made:
    """A machine with a household's data, and what its first backup said."""

    home: Path
    first: subprocess.CompletedProcess[str]

    @property
    def run(self) -> str:
        return self.first.stdout.split()[0]


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    home = Path(tempfile.mkdtemp(prefix="outlay-test-"))
    home.chmod(0o755)
    with EmbeddedPostgres(home / "outlay") as postgres:
        asyncio.run(prepare(postgres.dsn))
    yield Made(home, outlay(home, "create"))
    shutil.rmtree(home)


@pytest.fixture
def machine(made: Made) -> Path:
    return made.home


async def prepare(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    await migrate(db)
    await db.execute(
        "insert into ledgers (id, name, currency, time_zone)"
        " values (gen_random_uuid(), 'Home', 'EUR', 'Europe/Rome')"
    )
    await db.close()


async def ledgers(dsn: str) -> object:
    db = await asyncpg.connect(dsn)
    try:
        return await db.fetchval("select string_agg(name, ',') from ledgers")
    finally:
        await db.close()


def env_of(home: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OUTLAY_")}
    return kept | {
        "OUTLAY_DATA_DIR": str(home / "outlay"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "COLUMNS": "120",
    }


def outlay(home: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*OUTLAY, "backup", *arguments],
        env=env_of(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done
    return done


def test_the_first_backup_makes_a_key_and_lies_beside_the_data(made: Made) -> None:
    assert "verified" in made.first.stdout
    assert "Keep a copy of it away from this machine" in made.first.stderr
    key = made.home / "config/outlay/backup-key.txt"
    assert key.stat().st_mode & 0o777 == 0o600
    store = made.home / "outlay-backups"
    assert [path.name for path in store.glob("*.json")] == ["outlay-backups.json"]
    found = json.loads(outlay(made.home, "list", "--json").stdout)["items"][-1]
    assert (found["run"], found["complete"], found["verified"]) == (made.run, True, True)
    assert outlay(made.home, "key").stdout.startswith("age1")


def test_a_drill_needs_the_place_and_the_key_and_nothing_else(machine: Path) -> None:
    done = json.loads(outlay(machine, "verify", "--json").stdout)
    assert done["key"] == "owner"
    listed = json.loads(outlay(machine, "list", "--json").stdout)["items"]
    assert {item["run"]: item["drilled"] for item in listed}[done["run"]]
    outlay(machine, "verify", "--key", str(machine / "nowhere"), code=2)


def test_a_backup_and_a_restore_while_outlay_runs(made: Made) -> None:
    machine = made.home
    with EmbeddedPostgres(machine / "outlay") as postgres:
        asyncio.run(rename_ledger(postgres.dsn))
        outlay(machine, "restore", "--dry-run")
        assert asyncio.run(ledgers(postgres.dsn)) == "Changed"
        outlay(machine, "restore", "--json", code=2)
        done = json.loads(outlay(machine, "restore", made.run, "--yes", "--json").stdout)
        assert done["swapped"]
        assert done["kept"].startswith("outlay_before_")
        assert asyncio.run(ledgers(postgres.dsn)) == "Home"
        outlay(machine, "create", "--no-verify")
    newest = json.loads(outlay(machine, "list", "--json").stdout)["items"][0]
    assert (newest["complete"], newest["verified"]) == (True, False)


async def rename_ledger(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    await db.execute("update ledgers set name = 'Changed'")
    await db.close()


def test_prune_tells_before_it_deletes(machine: Path) -> None:
    place = ("--to", str(machine / "elsewhere"))
    first = outlay(machine, "create", *place).stdout.split()[0]
    outlay(machine, "create", *place)
    arguments = ("prune", *place, "--keep-last", "1")
    told = json.loads(outlay(machine, *arguments, "--dry-run", "--json").stdout)
    assert (told["delete"], told["removed"]) == ([first], [])
    assert f"{first}  removed: no rule keeps it" in outlay(machine, *arguments).stdout
    outlay(machine, "create", *place, "--keep-last", "1")
    assert len(json.loads(outlay(machine, "list", *place, "--json").stdout)["items"]) == 1


def test_a_new_machine_needs_the_place_and_the_key(machine: Path) -> None:
    new = Path(tempfile.mkdtemp(prefix="outlay-test-"))
    new.chmod(0o755)
    try:
        done = outlay(
            new, "restore", "--yes", "--to", str(machine / "outlay-backups"),
            "--key", str(machine / "config/outlay/backup-key.txt"),
        )  # fmt: skip
        assert "rows of" in done.stdout
        with EmbeddedPostgres(new / "outlay") as postgres:
            assert asyncio.run(ledgers(postgres.dsn)) == "Home"
    finally:
        shutil.rmtree(new)


def test_what_is_wrong_ends_with_its_own_exit_code(machine: Path) -> None:
    outlay(machine, "list", "--to", str(machine / "gone"), code=6)
    outlay(machine, "create", "--to", "ftp://x/y", code=2)
    outlay(machine, "restore", "20200101T000000Z-00000000", "--yes", code=6)
    outlay(machine, "create", "--recipient", "AGE-SECRET-KEY-1X", code=2)


def test_people_at_a_terminal_see_a_bar(machine: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*OUTLAY, "backup", "verify"], env=env_of(machine) | {"TERM": "xterm-256color"},
        stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while part := read(ours):
            shown += part
    assert process.returncode == 0
    assert "Restoring" in shown.decode()
    assert "\u2501" in shown.decode()


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""
