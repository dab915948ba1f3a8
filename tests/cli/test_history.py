"""Seeing and taking back what was done."""

import pytest

from cli.terminal import Terminal
from world import World


async def test_undo_takes_back_the_last_change_and_then_the_one_before(ada: Terminal) -> None:
    made = await ada.add("5", "bread")
    await ada.run("edit", made["id"], "--amount", "6")
    await ada.run("edit", made["id"], "--description", "cake")
    done = await ada.run("undo")
    assert "'cake'" in done.err
    assert (await ada.json("show", made["id"]))["description"] == "bread"
    await ada.run("undo")
    assert (await ada.json("show", made["id"]))["amount"] == "5.00"
    await ada.run("undo")
    assert (await ada.json("show", made["id"]))["deleted_at"] is not None
    assert "no change of yours left" in (await ada.run("undo", code=6)).err


async def test_an_undo_is_undone_by_its_number(ada: Terminal) -> None:
    made = await ada.add("5", "bread")
    await ada.run("delete", made["id"])
    seq = (await ada.json("undo"))["seq"]
    assert (await ada.json("show", made["id"]))["deleted_at"] is None
    await ada.run("undo", str(seq))
    assert (await ada.json("show", made["id"]))["deleted_at"] is not None


async def test_only_my_own_last_change_is_undone(ada: Terminal, world: World) -> None:
    ben = await world.person("Ben", ledger=ada.person.ledger, role="editor")
    mine = await ada.add("5")
    theirs = await ben.expense("7")
    await ada.run("undo")
    assert (await ada.json("show", mine["id"]))["deleted_at"] is not None
    assert (await ada.json("show", theirs["id"]))["deleted_at"] is None


async def test_what_changed_since_is_left_and_listed_unless_forced(ada: Terminal) -> None:
    made = await ada.add("5", "bread")
    await ada.run("edit", made["id"], "--amount", "6")
    first = (await ada.json("history"))["items"][0]["seq"]
    await ada.run("edit", made["id"], "--amount", "7")
    done = await ada.run("undo", str(first), code=5)
    assert "was changed since; --force expense/" in done.err
    assert (await ada.json("show", made["id"]))["amount"] == "7.00"
    await ada.run("undo", str(first), "--force", f"expense/{made['id']}")
    assert (await ada.json("show", made["id"]))["amount"] == "5.00"


async def test_the_history_of_the_ledger_says_who_did_what(ada: Terminal) -> None:
    made = await ada.add("5", "bread")
    await ada.run("delete", made["id"])
    done = await ada.run("history", "--limit", "2")
    assert "trashed expense 'bread' 5.00 EUR" in done.lines[1]
    assert "created expense 'bread'" in done.lines[2]
    assert all("Ada" in line for line in done.lines[1:3])
    await ada.run("undo")
    assert "undo of" in (await ada.run("history")).lines[1]


async def test_the_history_of_an_expense_shows_what_became_of_each_field(ada: Terminal) -> None:
    made = await ada.add("5", "bread")
    await ada.run("edit", made["id"], "--amount", "6", "-n", "rye")
    done = await ada.run("history", made["id"][-6:], "--limit", "1")
    assert "amount: 5.00 → 6.00" in done.lines[1]
    assert "note: nothing → rye" in done.lines[1]
    assert "--before" in done.err


@pytest.mark.parametrize("seq", ["999", "9999999999999999999999"])
async def test_a_change_that_never_was_is_exit_code_6(ada: Terminal, seq: str) -> None:
    assert "no such change" in (await ada.run("undo", seq, code=6)).err.lower()
