"""Transfers between accounts of two currencies: what leaves and what arrives are two amounts."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from web.axe import no_findings
from web.layout import nothing_sticks_out
from web.site import DESKTOP, PHONE, Site
from world import Person

BOTH = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
ACCOUNTS = "/ledgers/default/accounts"
SENTENCE = "Say how much arrives in USD, as the accounts have different currencies."


async def traveller(site: Site) -> tuple[Person, dict[str, str]]:
    """Somebody with two accounts in euros and one in dollars, by name."""
    ada = await site.world.person()
    ids = {}
    for name, currency in (("Bank", "EUR"), ("Savings", "EUR"), ("Travel", "USD")):
        body = {"name": name, "currency": currency}
        ids[name] = (await ada.call("POST", ACCOUNTS, json=body, status=201)).json()["id"]
    return ada, ids


async def transfer(ada: Person, ids: dict[str, str]) -> None:
    """100 euros that became 110 dollars."""
    await ada.expense(
        "100.00", "Dollars", kind="transfer", currency="EUR", account_id=ids["Bank"],
        to_account_id=ids["Travel"], to_amount="110.00", to_currency="USD", date="2026-03-03",
    )  # fmt: skip


async def only(ada: Person) -> dict[str, Any]:
    [row] = (await ada.call("GET", "/ledgers/default/expenses")).json()["items"]
    return dict(row)


def moved(row: dict[str, Any]) -> tuple[str, str, str, str]:
    return row["amount"], row["currency"], row["to_amount"], row["to_currency"]


def arrives(page: Page | Locator) -> Locator:
    return page.get_by_label("Amount that arrives")


async def sent(page: Page) -> None:
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)


async def fill_in(page: Page, to: str) -> Locator:
    """A transfer of 100 from Bank, not yet sent."""
    form = page.get_by_role("form", name="Record an expense")
    await form.get_by_role("textbox", name="Amount", exact=True).fill("100")
    await form.get_by_role("button", name="More fields").click()
    await form.get_by_label("Kind").select_option(label="Transfer")
    await form.get_by_label("From account").select_option(label="Bank")
    await form.get_by_label("To account").select_option(label=to)
    return form


@BOTH
async def test_what_arrives_is_asked_for_and_kept_when_something_else_changes(
    site: Site, size: dict[str, int]
) -> None:
    ada, _ = await traveller(site)
    page = await site.page(ada, viewport=size)
    form = await fill_in(page, "Travel")
    await form.get_by_role("button", name="Add", exact=True).click()
    await expect(form.get_by_role("alert")).to_have_text(SENTENCE)
    await expect(arrives(form)).to_be_focused()
    await nothing_sticks_out(page)
    await no_findings(page)
    await page.keyboard.type("1,5+")
    await page.keyboard.press("Enter")
    await expect(form.get_by_role("alert")).to_contain_text("This is no amount")
    await expect(arrives(form)).to_have_value("1,5+")
    await arrives(form).fill("100+9,5+0.5")
    await page.keyboard.press("Enter")
    row = page.locator("li.row", has_text="100.00")
    await expect(row).to_be_visible()
    await sent(page)
    assert moved(await only(ada)) == ("100.00", "EUR", "110.00", "USD")
    await row.locator(".open").click()
    edit = page.get_by_role("form", name="Edit")
    await expect(arrives(edit)).to_have_value("110.00")
    await edit.get_by_label("Description", exact=True).fill("Dollars")
    await page.keyboard.press("Enter")
    await expect(page.locator("li.row", has_text="Dollars")).to_be_visible()
    await sent(page)
    after = await only(ada)
    assert after["description"] == "Dollars"
    assert moved(after) == ("100.00", "EUR", "110.00", "USD")


@BOTH
async def test_a_row_says_what_arrives_by_itself_and_refuses_to_go_without(
    site: Site, size: dict[str, int]
) -> None:
    ada, ids = await traveller(site)
    await transfer(ada, ids)
    page = await site.page(ada, "/expenses", viewport=size)
    await page.locator("li.row .open").click()
    edit = page.get_by_role("form", name="Edit")
    await edit.get_by_label("Amount", exact=True).fill("102")
    await arrives(edit).fill("")
    await page.keyboard.press("Enter")
    await expect(edit.get_by_role("alert")).to_have_text(SENTENCE)
    await expect(arrives(edit)).to_be_focused()
    await nothing_sticks_out(page)
    await no_findings(page)
    await arrives(edit).fill("112,5")
    await page.keyboard.press("Enter")
    await expect(page.locator("li.row")).to_contain_text("102.00")
    await sent(page)
    assert moved(await only(ada)) == ("102.00", "EUR", "112.50", "USD")


async def test_another_amount_leaves_what_arrived(site: Site) -> None:
    ada, ids = await traveller(site)
    await transfer(ada, ids)
    page = await site.page(ada, "/expenses")
    await page.locator("li.row .open").click()
    await page.get_by_role("form", name="Edit").get_by_label("Amount", exact=True).fill("101")
    await page.keyboard.press("Enter")
    await expect(page.locator("li.row")).to_contain_text("101.00")
    await sent(page)
    assert moved(await only(ada)) == ("101.00", "EUR", "110.00", "USD")


async def test_what_arrived_in_dollars_is_nothing_for_an_account_in_euros(site: Site) -> None:
    ada, ids = await traveller(site)
    await transfer(ada, ids)
    page = await site.page(ada, "/expenses")
    await page.locator("li.row .open").click()
    edit = page.get_by_role("form", name="Edit")
    await edit.get_by_label("To account").select_option(label="Savings")
    await expect(arrives(edit)).to_have_count(0)
    await edit.get_by_role("button", name="Save").click()
    await expect(page.locator("li.row")).to_contain_text("Savings")
    await sent(page)
    assert moved(await only(ada)) == ("100.00", "EUR", "100.00", "EUR")
    await page.locator("li.row .open").click()
    await edit.get_by_label("To account").select_option(label="Travel")
    await expect(arrives(edit)).to_have_value("")


async def test_within_one_currency_nothing_is_asked_for(site: Site) -> None:
    ada, _ = await traveller(site)
    page = await site.page(ada)
    form = await fill_in(page, "Savings")
    await expect(arrives(form)).to_have_count(0)
    await form.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("li.row", has_text="100.00")).to_be_visible()
    await sent(page)
    assert moved(await only(ada)) == ("100.00", "EUR", "100.00", "EUR")
