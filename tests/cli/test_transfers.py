"""`outlay add` and `outlay edit` with a transfer between accounts of two currencies."""

from typing import Any

import pytest

from cli.terminal import Terminal


@pytest.fixture
async def travelled(ada: Terminal) -> Terminal:
    """Accounts in euros and one in dollars."""
    for name, currency in (("Bank", "EUR"), ("Savings", "EUR"), ("Travel", "USD")):
        await ada.run("accounts", "add", name, "--currency", currency)
    return ada


async def moved(at: Terminal, *more: str) -> dict[str, Any]:
    made = await at.add("100", "for the journey", "-a", "Bank", *more)
    assert made["kind"] == "transfer"
    return made


def arrived(row: dict[str, Any]) -> tuple[str, str, str, str]:
    return row["amount"], row["currency"], row["to_amount"], row["to_currency"]


async def test_what_arrives_in_another_currency_is_said(travelled: Terminal) -> None:
    made = await moved(travelled, "--to", "Travel", "--to-amount", "100+10")
    assert arrived(made) == ("100.00", "EUR", "110.00", "USD")


async def test_without_it_nothing_is_recorded_and_what_to_say_is_told(travelled: Terminal) -> None:
    done = await travelled.run("add", "100", "-a", "Bank", "--to", "Travel", code=1)
    assert "EUR leaves and USD arrives: say how much arrives with --to-amount" in done.err
    assert (await travelled.json("list"))["items"] == []


async def test_between_accounts_of_one_currency_as_much_arrives_also_after_a_change(
    travelled: Terminal,
) -> None:
    made = await moved(travelled, "--to", "Savings")
    assert arrived(made) == ("100.00", "EUR", "100.00", "EUR")
    changed = await travelled.json("edit", made["id"], "--amount", "120")
    assert arrived(changed) == ("120.00", "EUR", "120.00", "EUR")


async def test_other_changes_leave_what_arrived(travelled: Terminal) -> None:
    made = await moved(travelled, "--to", "Travel", "--to-amount", "110")
    changed = await travelled.json("edit", made["id"], "--description", "dollars")
    assert arrived(changed) == ("100.00", "EUR", "110.00", "USD")
    changed = await travelled.json("edit", made["id"], "--amount", "102")
    assert arrived(changed) == ("102.00", "EUR", "110.00", "USD")
    changed = await travelled.json("edit", made["id"], "--to-amount", "112,5")
    assert arrived(changed) == ("102.00", "EUR", "112.50", "USD")


async def test_a_transfer_sent_into_another_currency_says_what_arrives(
    travelled: Terminal,
) -> None:
    made = await moved(travelled, "--to", "Savings")
    done = await travelled.run("edit", made["id"], "--to", "Travel", code=1)
    assert "say how much arrives with --to-amount" in done.err
    changed = await travelled.json("edit", made["id"], "--to", "Travel", "--to-amount", "110")
    assert arrived(changed) == ("100.00", "EUR", "110.00", "USD")
    back = await travelled.json("edit", made["id"], "--to", "Savings")
    assert arrived(back) == ("100.00", "EUR", "100.00", "EUR")


async def test_an_expense_has_no_amount_that_arrives(travelled: Terminal) -> None:
    assert "--to" in (await travelled.run("add", "5", "--to-amount", "6", code=1)).err
    made = await travelled.add("5")
    done = await travelled.run("edit", made["id"], "--to-amount", "6", code=1)
    assert "Only a transfer" in done.err
