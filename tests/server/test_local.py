"""`outlay serve` with a database of its own: one machine, one owner."""

import json
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from server.conftest import Start
from server.programs import Program


@pytest.fixture
def data() -> Iterator[str]:
    """A data folder that the server's account can reach, which pytest's own is not for root."""
    path = Path(tempfile.mkdtemp(prefix="outlay-test-"))
    path.chmod(0o755)
    yield str(path / "data")
    shutil.rmtree(path)


async def outlay(start: Start, data: str, *args: str) -> Program:
    """Run a command to its end."""
    program = await start(*args, data_dir=data)
    await program.ended()
    return program


async def test_the_owner_gets_in_by_the_link_and_the_command_line_without_a_token(
    start: Start, data: str
) -> None:
    program = await (await start("serve", "--sign-in-link", data_dir=data)).up()
    note = Path(data) / "client.json"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    added = await outlay(start, data, "add", "12,50", "coffee", "-c", "Coffee and snacks", "--json")
    assert added.process.returncode == 0, added.errors
    assert json.loads(added.facts["out"])["amount"] == "12.50"
    link = await printed_link(program)
    first, again = await use_link(link), await use_link(link)
    assert (first.status_code, again.status_code) == (201, 422)
    assert first.json()["user"]["is_admin"]
    program.signal(signal.SIGINT)
    assert await program.ended() == 0
    assert not note.exists()
    lost = await outlay(start, data, "list")
    assert lost.process.returncode == 3
    assert "outlay serve" in lost.errors


async def printed_link(program: Program) -> str:
    lines = [(await program.process.stdout.readline()).decode() for _ in range(2)]
    assert program.url in lines[0]
    return lines[1].rpartition(" ")[2].strip()


async def use_link(link: str) -> httpx.Response:
    place = urlsplit(link)
    base = f"{place.scheme}://{place.netloc}"
    token = place.fragment.removeprefix("token=")
    async with httpx.AsyncClient(headers={"Origin": base}) as client:
        return await client.post(f"{base}/api/v1/session/link", json={"token": token})


async def test_a_second_start_finds_the_data_and_gives_the_machine_a_new_token(
    start: Start, data: str
) -> None:
    first = await (await start("serve", data_dir=data)).up()
    await outlay(start, data, "add", "3", "tea")
    old = json.loads((Path(data) / "client.json").read_text())
    made = await outlay(start, data, "tokens", "create", "phone", "--scope", "read", "--json")
    phone = json.loads(made.facts["out"])["secret"]
    first.process.kill()
    await first.process.wait()
    second = await (await start("serve", data_dir=data)).up()
    new = json.loads((Path(data) / "client.json").read_text())
    assert new["token"] != old["token"]
    listed = await outlay(start, data, "list", "--json")
    assert [row["description"] for row in json.loads(listed.facts["out"])["items"]] == ["tea"]
    answers = [await answer(second.url, token) for token in (old["token"], new["token"], phone)]
    assert answers == [401, 200, 200]


async def answer(url: str, token: str) -> int:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
        return (await client.get(f"{url}/api/v1/ledgers/default/expenses")).status_code


async def test_two_services_never_use_one_data_folder(start: Start, data: str) -> None:
    await (await start("serve", data_dir=data)).up()
    second = await outlay(start, data, "serve")
    assert second.process.returncode == 7
    assert "Outlay already runs on" in second.errors


async def test_a_note_that_others_can_read_is_refused(start: Start, data: str) -> None:
    await (await start("serve", data_dir=data)).up()
    (Path(data) / "client.json").chmod(0o644)
    refused = await outlay(start, data, "list")
    assert refused.process.returncode == 4
    assert "chmod 600" in refused.errors


async def test_a_signal_during_the_start_leaves_nothing_behind(start: Start, data: str) -> None:
    program = await start("serve", data_dir=data, log_level="debug")
    await program.wait_for("starting")
    program.signal()
    assert await program.ended() == 0
    assert not (Path(data) / "client.json").exists()
    again = await (await start("serve", data_dir=data)).up()
    assert (await again.ready()).status_code == 200


async def test_migrate_says_what_is_missing_and_then_makes_it(start: Start, data: str) -> None:
    checked = await outlay(start, data, "migrate", "--check", "--json")
    missing = json.loads(checked.facts["out"])
    assert (checked.process.returncode, missing[0]["version"]) == (1, 1)
    made = await outlay(start, data, "migrate")
    assert made.process.returncode == 0
    assert f"{len(missing)} schema changes made" in made.facts["out"]
    fits = await outlay(start, data, "migrate", "--check")
    assert (fits.process.returncode, fits.facts["out"]) == (0, "The schema is up to date\n")


async def test_another_sign_in_link_is_made_for_the_running_service(
    start: Start, data: str
) -> None:
    refused = await outlay(start, data, "sign-in-link")
    assert (refused.process.returncode, "outlay serve" in refused.errors) == (3, True)
    program = await (await start("serve", data_dir=data)).up()
    made = await outlay(start, data, "sign-in-link")
    link = made.facts["out"].strip()
    assert link.startswith(f"{program.url}/sign-in#token=")
    assert (await use_link(link)).status_code == 201
    unknown = await outlay(start, data, "sign-in-link", "--email", "no@example.org")
    assert unknown.process.returncode == 6


async def test_database_upgrade_says_what_it_needs(start: Start, data: str, tmp_path: Path) -> None:
    refused = await outlay(start, data, "database", "upgrade", "--old-bin", str(tmp_path))
    assert refused.process.returncode == 7
    assert "nothing to carry over" in refused.errors
