"""What the log says of requests, what it never says, and how long it is kept."""

import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from outlay.logs import configure
from outlay.settings import Settings
from world import World

GUIDE = Path(__file__).parents[2] / "docs" / "operations.md"
Logging = Callable[..., None]


@pytest.fixture
def log_to() -> Iterator[Logging]:
    """Log as the program does with these settings; afterwards as before."""
    root = logging.getLogger("outlay")
    before = root.handlers[:], root.level, root.propagate
    made: list[logging.Handler] = []

    def begin(**settings: Any) -> None:
        configure(Settings(log_format="json", **settings))
        made.extend(root.handlers)

    yield begin
    root.handlers[:], root.level, root.propagate = before
    for handler in made:
        handler.close()


def promised_keys() -> set[str]:
    told = GUIDE.read_text(encoding="utf-8").split("\n## Logs\n")[1].split("\n## ")[0]
    return set(re.findall(r"`([a-z_]+)`", told))


async def test_a_request_is_one_line_with_the_keys_that_the_guide_names(
    world: World, log_to: Logging, tmp_path: Path
) -> None:
    ada = await world.person()
    log_to(log_file=tmp_path / "logs" / "outlay.log")
    made = await ada.expense("4.20", "Coffee")
    await world.client().get("/api/v1/session")
    entered, stranger = map(json.loads, (tmp_path / "logs" / "outlay.log").read_text().splitlines())
    assert entered.keys() == stranger.keys() == promised_keys()
    assert (entered["user"], entered["ledger"]) == (str(ada.id), str(ada.ledger))
    assert (stranger["user"], stranger["ledger"]) == (None, None)
    assert (entered["method"], entered["status"]) == ("PUT", 201)
    assert entered["route"] == "/api/v1/ledgers/{ledger}/expenses/{id}"
    assert made["id"] not in str(entered)


async def test_what_people_write_and_their_tokens_are_in_no_line(
    world: World, log_to: Logging, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = await world.person()
    log_to(log_level="debug", log_file=tmp_path / "outlay.log")
    description, note, wrong = (f"{name}{uuid4().hex}" for name in ("shop", "note", "token"))
    made = await ada.expense("98765.43", description, note=note)
    path = f"/ledgers/default/expenses/{made['id']}"
    await ada.call("GET", "/ledgers/default/expenses", params={"q": description}, status=200)
    await ada.call(
        "PUT", path, json={"amount": "98765.431", "description": description, "note": note},
        headers={"If-None-Match": "*"}, status=422,
    )  # fmt: skip
    await ada.call("GET", f"/no-such-page/{description}", params={"token": ada.token}, status=404)
    stranger = world.client(Authorization=f"Bearer {wrong}")
    assert (await stranger.get(f"/api/v1{path}")).status_code == 401
    logged = (tmp_path / "outlay.log").read_text()
    shown = capsys.readouterr().err
    for told in (logged, shown):
        assert told.count('"logger":"outlay.request"') == 5
        for hidden in ("98765", description, note, ada.token, wrong):
            assert hidden not in told


def test_files_of_the_log_go_by_their_dates(log_to: Logging, tmp_path: Path) -> None:
    """Also where the program runs only now and then, and files are fewer than days."""
    file = tmp_path / "outlay.log"
    file.write_text("of yesterday\n")
    now = datetime.now(UTC)
    os.utime(file, ((now - timedelta(days=1)).timestamp(),) * 2)
    names = {days: f"outlay.log.{(now - timedelta(days=days)).date()}" for days in (1, 5, 7, 8, 30)}
    for days in (5, 7, 8, 30):
        (tmp_path / names[days]).touch()
    foreign = {"outlay.log.old", "other.log.2020-01-01", "outlay.log.2020-01-01.gz.part"}
    for name in foreign:
        (tmp_path / name).touch()
    log_to(log_file=file, log_file_days=7)
    logging.getLogger("outlay").info("of today")
    assert {path.name for path in tmp_path.iterdir()} == {
        "outlay.log", names[1], names[5], names[7], *foreign,
    }  # fmt: skip
    assert (tmp_path / names[1]).read_text() == "of yesterday\n"
    assert json.loads(file.read_text())["message"] == "of today"
