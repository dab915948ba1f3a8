"""Ledgers, members, tokens and users."""

from pathlib import Path

import pytest

from cli.conftest import terminal_of
from cli.terminal import Terminal
from world import World


async def test_a_ledger_is_begun_chosen_changed_and_deleted(ada: Terminal) -> None:
    await ada.run("ledgers", "create", "Trip", "--currency", "jpy", "--time-zone", "Asia/Tokyo")
    await ada.run("ledgers", "use", "Trip")
    assert "1500 JPY" in (await ada.run("add", "1500", "ramen", "-c", "Restaurants")).out
    listed = await ada.run("ledgers", "list")
    assert any("Trip (default)" in line and "Asia/Tokyo" in line for line in listed.lines)
    await ada.run("ledgers", "edit", "trip", "--name", "Japan", "--first-day-of-month", "25")
    assert (await ada.json("list", "--ledger", "Japan"))["items"][0]["amount"] == "1500"
    assert (await ada.json("list", "--ledger", "home"))["items"] == []
    await ada.run("ledgers", "delete", "Japan", "--confirm", "Nippon", code=1)
    await ada.run("ledgers", "delete", "Japan", input="y\nJapan\n")
    assert "Japan" not in (await ada.run("ledgers", "list")).out


async def test_an_unknown_ledger_is_exit_code_6(ada: Terminal) -> None:
    done = await ada.run("list", "-l", "Nowhere", code=6)
    assert "outlay ledgers list" in done.err


async def test_an_empty_ledger_has_no_categories(ada: Terminal) -> None:
    made = await ada.json("ledgers", "create", "Bare", "--currency", "EUR", "--empty")
    assert (await ada.json("categories", "list", "-l", made["id"]))["items"] == []


async def test_members_are_listed_changed_and_removed(
    ada: Terminal, world: World, url: str, tmp_path: Path
) -> None:
    ben = await world.person("Ben", ledger=ada.person.ledger, role="editor")
    assert any("Ada (you)" in line for line in (await ada.run("members", "list")).lines)
    await ada.run("members", "role", "ben", "viewer")
    other = terminal_of(ben, url, tmp_path)
    done = await other.run("add", "1", code=4)
    assert "needs the role editor" in done.err
    await ada.run("members", "remove", "Ben", "--yes")
    await other.run("list", code=6)
    await ada.run("members", "remove", "Ben", "--yes", code=6)
    assert "needs an owner" in (await ada.run("members", "leave", "--yes", code=5)).err


async def test_an_invitation_is_a_link_alone_on_stdout(ada: Terminal) -> None:
    made = await ada.run("invite", "--role", "viewer", "-n", "for Ben")
    assert "/join#token=" in made.out
    assert len(made.lines) == 1
    listed = await ada.run("members", "invitations")
    assert "for Ben" in listed.out
    (open_one,) = (await ada.json("members", "invitations"))["items"]
    await ada.run("members", "uninvite", open_one["id"])
    assert (await ada.json("members", "invitations"))["items"] == []


async def test_a_member_can_be_helped_to_a_new_password(ada: Terminal, world: World) -> None:
    await world.person("Ben", ledger=ada.person.ledger, role="editor")
    assert "/reset#token=" in (await ada.run("members", "reset-password", "Ben")).out


async def test_a_token_works_until_it_is_revoked(ada: Terminal) -> None:
    secret = (await ada.run("tokens", "create", "phone", "--expires", "90d")).out.strip()
    assert (await ada.json("list", OUTLAY_TOKEN=secret))["items"] == []
    assert "lacks the scope write" in (await ada.run("add", "1", code=4, OUTLAY_TOKEN=secret)).err
    listed = await ada.run("tokens", "list")
    assert any(line.startswith("phone") and secret[:8] in line for line in listed.lines)
    assert secret not in listed.out
    await ada.run("tokens", "revoke", "phone", input="y\n")
    assert "Sign in" in (await ada.run("list", code=4, OUTLAY_TOKEN=secret)).err
    await ada.run("tokens", "revoke", "phone", "--yes", code=6)


async def test_a_token_can_be_kept_to_one_ledger(ada: Terminal) -> None:
    await ada.run("ledgers", "create", "Trip", "--currency", "EUR")
    made = await ada.run("tokens", "create", "x", "--only", "Home", "--scope", "write")
    limited = made.out.strip()
    await ada.run("add", "1", OUTLAY_TOKEN=limited)
    row = (await ada.json("tokens", "list"))["items"][0]
    assert row["ledger_ids"] == [str(ada.person.ledger)]
    assert "not a date" in (await ada.run("tokens", "create", "y", "--expires", "soon", code=1)).err


@pytest.fixture
async def admin(world: World, url: str, tmp_path: Path) -> Terminal:
    return terminal_of(await world.person("Root", is_admin=True), url, tmp_path)


async def test_an_administrator_creates_shuts_out_and_erases_people(admin: Terminal) -> None:
    made = await admin.run("users", "create", "Cleo", "cleo@example.org")
    assert "/reset#token=" in made.out
    await admin.run("users", "edit", "cleo@example.org", "--disable")
    assert "Cleo (disabled)" in (await admin.run("users", "list", "-q", "cleo")).out
    await admin.run("users", "edit", "Cleo", "--enable", "--name", "Cleopatra")
    assert "/reset#token=" in (await admin.run("users", "reset-password", "Cleopatra")).out
    await admin.run("users", "edit", "Cleopatra", code=2)
    await admin.run("users", "erase", "Cleopatra", "--yes")
    assert "Cleopatra" not in (await admin.run("users", "list")).out


async def test_others_may_not(ada: Terminal) -> None:
    assert "administrator" in (await ada.run("users", "list", code=4)).err
