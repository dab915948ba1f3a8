"""Categories, accounts and tags by name."""

import pytest

from cli.terminal import Terminal


@pytest.fixture
async def stocked(ada: Terminal) -> Terminal:
    """Ada with a few categories, accounts and a tag."""
    await ada.run("categories", "add", "Food")
    await ada.run("categories", "add", "Coffee", "--parent", "Food", "--icon", "☕")
    await ada.run("categories", "add", "Salary", "--income")
    await ada.run("accounts", "add", "Bank", "--opening", "1.000,50")
    await ada.run("accounts", "add", "Wallet", "--kind", "cash")
    await ada.run("tags", "add", "#holiday")
    return ada


async def test_names_stand_for_ids_everywhere(stocked: Terminal) -> None:
    done = await stocked.run(
        "add", "4,20", "espresso", "-c", "food:coffee", "-a", "wal", "-t", "holiday"
    )
    assert "Food: Coffee" in done.out
    assert "Wallet" in done.out
    assert "#holiday" in done.out
    for filtered in (["-c", "Food"], ["-c", "Coffee"], ["-a", "Wallet"], ["-t", "#Holiday"]):
        assert len((await stocked.json("list", *filtered))["items"]) == 1
    assert (await stocked.json("list", "-c", "none"))["items"] == []


async def test_an_unknown_name_is_refused_with_those_near_it(stocked: Terminal) -> None:
    done = await stocked.run("add", "1", "-c", "Cofee", code=6)
    assert "did you mean Food: Coffee?" in done.err
    assert (await stocked.json("list"))["items"] == []


async def test_create_makes_what_is_missing(stocked: Terminal) -> None:
    made = await stocked.add("9", "ticket", "-c", "Transport: Bus", "-t", "work", "--create")
    shown = await stocked.run("show", made["id"])
    assert "Transport: Bus" in shown.out
    assert "#work" in shown.out


async def test_a_new_word_is_a_new_tag_unless_it_looks_like_a_known_one(stocked: Terminal) -> None:
    await stocked.run("add", "9", "-t", "work")
    assert "#work" in (await stocked.run("tags", "list")).out
    misspelt = await stocked.run("add", "9", "-t", "holliday", code=6)
    assert "did you mean holiday?" in misspelt.err
    await stocked.run("add", "9", "-t", "holliday", "--create")


async def test_income_looks_among_the_categories_for_income(stocked: Terminal) -> None:
    made = await stocked.add("2500", "-c", "Salary", "--income")
    assert made["kind"] == "income"
    assert (await stocked.run("add", "1", "-c", "Salary", code=6)).out == ""


async def test_a_transfer_moves_between_accounts_and_balances_follow(stocked: Terminal) -> None:
    await stocked.run("add", "50", "-a", "Bank", "--to", "Wallet")
    shown = await stocked.run("accounts", "list")
    balances = {line.split()[0]: line.split()[2] for line in shown.lines[1:]}
    assert balances == {"Bank": "950.50", "Wallet": "50.00"}
    assert "Bank → Wallet" in (await stocked.run("list")).out


async def test_a_refund_names_its_expense_and_lowers_the_sum(stocked: Terminal) -> None:
    bought = await stocked.add("30", "shoes", "-c", "Food", "-d", "2026-10-05")
    back = await stocked.add("10", "--refund-of", bought["id"][-6:], "-d", "2026-10-06")
    assert (back["kind"], back["refund_of"]) == ("income", bought["id"])
    summed = await stocked.run("summary", "2026-10")
    assert any(line.split()[:2] == ["Food", "20.00"] for line in summed.lines)


async def test_the_summary_adds_children_up_under_their_parent(stocked: Terminal) -> None:
    await stocked.add("30", "-c", "Food", "-d", "2026-10-05")
    await stocked.add("10", "-c", "Coffee", "-d", "2026-10-05")
    await stocked.add("5", "-d", "2026-10-05")
    done = await stocked.run("summary", "2026-10")
    assert any(line.split()[:2] == ["Food", "40.00"] for line in done.lines)
    assert any(line.startswith("  Coffee") and "10.00" in line for line in done.lines)
    assert any("(no category)" in line and "5.00" in line for line in done.lines)


async def test_categories_are_renamed_archived_and_brought_back(stocked: Terminal) -> None:
    await stocked.run("categories", "rename", "Coffee", "Espresso")
    await stocked.run("categories", "archive", "Espresso")
    assert "Espresso" not in (await stocked.run("categories", "list")).out
    assert "Espresso (archived)" in (await stocked.run("categories", "list", "--archived")).out
    await stocked.run("add", "1", "-c", "Espresso", code=6)
    assert (await stocked.json("list", "-c", "Espresso"))["items"] == []
    await stocked.run("categories", "archive", "--undo", "Espresso")
    assert "☕ Espresso" in (await stocked.run("categories", "list")).out


async def test_a_merge_says_what_it_moves_and_asks(stocked: Terminal) -> None:
    made = await stocked.add("10", "-c", "Coffee")
    refused = await stocked.run("categories", "merge", "Coffee", "Food", input="n\n", code=130)
    assert "1 expense," in refused.err
    await stocked.run("categories", "merge", "Coffee", "Food", "--json", code=2)
    await stocked.run("categories", "merge", "Coffee", "Food", "--yes")
    shown = await stocked.run("show", made["id"])
    assert any(line.split() == ["Category", "Food"] for line in shown.lines)


async def test_removing_a_category_leaves_its_expenses(stocked: Terminal) -> None:
    made = await stocked.add("10", "-c", "Coffee")
    await stocked.run("categories", "remove", "Coffee", "--yes")
    assert (await stocked.json("show", made["id"]))["category_id"] is None


async def test_accounts_are_edited_archived_and_removed_when_unused(stocked: Terminal) -> None:
    await stocked.run("accounts", "edit", "Wallet", "--name", "Purse", "--opening=-5")
    assert any(
        line.split()[:3] == ["Purse", "cash", "-5.00"]
        for line in (await stocked.run("accounts", "list")).lines
    )
    await stocked.run("accounts", "archive", "Purse")
    assert "Purse" not in (await stocked.run("accounts", "list")).out
    await stocked.run("accounts", "archive", "--undo", "Purse")
    await stocked.run("accounts", "remove", "Purse", "--yes")
    await stocked.add("1", "-a", "Bank")
    done = await stocked.run("accounts", "remove", "Bank", "--yes", code=5)
    assert "archive it" in done.err
    assert "Say what to change" in (await stocked.run("accounts", "edit", "Bank", code=2)).err


async def test_tags_are_renamed_merged_and_removed(stocked: Terminal) -> None:
    made = await stocked.add("1", "-t", "holiday")
    await stocked.run("tags", "rename", "holiday", "trip")
    await stocked.run("tags", "add", "journey")
    await stocked.run("tags", "merge", "trip", "journey", "--yes")
    assert "#journey" in (await stocked.run("show", made["id"])).out
    assert any(
        line.split() == ["#journey", "1"] for line in (await stocked.run("tags", "list")).lines
    )
    await stocked.run("edit", made["id"], "--untag", "journey")
    await stocked.run("tags", "remove", "journey", "--yes")
    assert (await stocked.json("tags", "list"))["items"] == []


async def test_edit_takes_a_category_and_an_account_away_again(stocked: Terminal) -> None:
    made = await stocked.add("1", "-c", "Coffee", "-a", "Bank")
    changed = await stocked.json(
        "edit", made["id"], "-c", "none", "-a", "none", "-t", "holiday", "-d", "2026-01-02"
    )
    assert (changed["category_id"], changed["account_id"]) == (None, None)
    assert (len(changed["tag_ids"]), changed["date"]) == (1, "2026-01-02")
