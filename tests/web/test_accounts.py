"""The accounts: what is on each, how that came about, and what can be done with them."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from web.axe import no_findings
from web.site import DESKTOP, PHONE, Site
from world import Person

PATH = "/ledgers/default/accounts"


async def made(person: Person, name: str, **more: Any) -> str:
    """An account's id."""
    answer = await person.call("POST", PATH, json={"name": name, **more}, status=201)
    return str(answer.json()["id"])


async def listed(person: Person) -> list[dict[str, Any]]:
    return list((await person.call("GET", PATH)).json()["items"])


def line(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


async def menu(page: Page, name: str, action: str) -> None:
    await page.get_by_role("button", name=f"More for {name}", exact=True).click()
    await page.get_by_role("menuitem", name=action, exact=True).click()


async def undo(page: Page) -> None:
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_text("Undone", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_account_is_added_with_a_balance_below_zero(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/accounts", viewport=size)
    await expect(page.get_by_text("Add the accounts you pay from")).to_be_visible()
    await page.get_by_role("button", name="Add account").click()
    form = page.get_by_role("form", name="Add account")
    await form.get_by_label("Name").fill("Visa")
    await form.get_by_label("Kind").select_option(label="Card")
    await form.get_by_label("Opening balance").fill("-120,50")
    await no_findings(page)
    await page.keyboard.press("Enter")
    await expect(line(page, "Visa")).to_contain_text("-€120.50")
    [row] = await listed(ada)
    assert (row["kind"], row["opening_balance"], row["currency"]) == ("card", "-120.50", "EUR")
    await undo(page)
    await expect(line(page, "Visa")).to_have_count(0)


async def test_what_cannot_be_read_as_a_balance_stays_and_is_said(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/accounts")
    await page.get_by_role("button", name="Add account").click()
    form = page.get_by_role("form", name="Add account")
    await form.get_by_role("button", name="Add account").click()
    await expect(form.get_by_text("Type a name.")).to_be_visible()
    await form.get_by_label("Name").fill("Cash")
    await form.get_by_label("Opening balance").fill("lots")
    await page.keyboard.press("Enter")
    await expect(form.get_by_text("This is no amount.")).to_be_visible()
    await expect(form.get_by_label("Opening balance")).to_be_focused()
    await form.get_by_label("Currency").select_option("JPY")
    await form.get_by_label("Opening balance").fill("1500")
    await page.keyboard.press("Enter")
    await expect(line(page, "Cash")).to_contain_text("¥1,500")


async def test_currencies_have_a_total_each(site: Site) -> None:
    ada = await site.world.person()
    await made(ada, "Bank", opening_balance="100.10")
    await made(ada, "Cash", kind="cash", opening_balance="-0.20")
    await made(ada, "Travel", currency="GBP", opening_balance="5")
    page = await site.page(ada, "/accounts")
    await expect(page.get_by_text("In sum, EUR")).to_be_visible()
    await expect(page.locator("dl")).to_contain_text("€99.90")
    await expect(page.locator("dl")).to_contain_text("£5.00")
    await expect(page.get_by_text("Different currencies are not added up.")).to_be_visible()


async def test_an_account_is_changed_and_its_currency_stays_while_rows_use_it(site: Site) -> None:
    ada = await site.world.person()
    bank = await made(ada, "Bank", opening_balance="10")
    await ada.expense("2.50", "Bread", account_id=bank)
    page = await site.page(ada, "/accounts")
    await menu(page, "Bank", "Edit")
    form = page.get_by_role("form", name="Edit Bank")
    await expect(form.get_by_label("Currency")).to_be_disabled()
    await form.get_by_label("Name").fill("Giro")
    await form.get_by_label("Opening balance").fill("20")
    await form.get_by_role("button", name="Save").click()
    await expect(line(page, "Giro")).to_contain_text("€17.50")
    await undo(page)
    await expect(line(page, "Bank")).to_contain_text("€7.50")


async def test_an_account_that_rows_name_is_archived_in_place_of_deleted(site: Site) -> None:
    ada = await site.world.person()
    bank = await made(ada, "Bank")
    await made(ada, "Cash")
    await ada.expense("2.50", "Bread", account_id=bank)
    page = await site.page(ada, "/accounts")
    await menu(page, "Cash", "Delete")
    await expect(line(page, "Cash")).to_have_count(0)
    await undo(page)
    await expect(line(page, "Cash")).to_be_visible()
    await menu(page, "Bank", "Delete")
    await expect(page.get_by_text("1 entry names this account")).to_be_visible()
    await page.get_by_role("button", name="Archive Bank").click()
    await page.get_by_text("1 archived").click()
    await expect(page.locator("details").get_by_text("Bank", exact=True)).to_be_visible()
    assert {row["name"]: row["archived"] for row in await listed(ada)} == {
        "Bank": True, "Cash": False,
    }  # fmt: skip


async def test_a_row_in_the_trash_keeps_its_account(site: Site) -> None:
    ada = await site.world.person()
    bank = await made(ada, "Bank")
    row = await ada.expense("2.50", "Bread", account_id=bank)
    await ada.call("DELETE", f"/ledgers/default/expenses/{row['id']}", headers={"If-Match": "*"})
    page = await site.page(ada, "/accounts")
    await menu(page, "Bank", "Delete")
    await expect(page.get_by_text("Entries in the trash name this account")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    assert not (await listed(ada))[0]["archived"]


async def test_accounts_are_put_in_order(site: Site) -> None:
    ada = await site.world.person()
    for name in ("A", "B", "C"):
        await made(ada, name)
    page = await site.page(ada, "/accounts")
    await menu(page, "C", "Move up")
    await expect(page.get_by_text("C is now number 2 of 3")).to_be_visible()
    await page.get_by_role("link", name="C", exact=True).press("Alt+ArrowUp")
    await expect(page.get_by_text("C is now number 1 of 3")).to_be_visible()
    assert [row["name"] for row in await listed(ada)] == ["C", "A", "B"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_account_shows_its_balance_day_by_day(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    bank = await made(ada, "Bank", opening_balance="100")
    for day, amount, kind in (
        ("2026-03-01", "10.00", "expense"), ("2026-03-01", "5.00", "expense"),
        ("2026-03-05", "50.00", "income"), ("2026-04-01", "1.00", "expense"),
    ):  # fmt: skip
        await ada.expense(amount, "Row", date=day, kind=kind, account_id=bank)
    path = f"/accounts/{bank}?from=2026-03-01&to=2026-03-31"
    page = await site.page(ada, path, viewport=size)
    await expect(page.get_by_role("heading", name="Bank")).to_be_visible()
    await expect(page.get_by_text("€134.00")).to_be_visible()
    rows = page.locator("tbody tr")
    await expect(rows).to_have_text([
        re.compile("At the end of Tue,? 31 Mar 2026.*€135.00"),
        re.compile(r"Thu,? 5 Mar.*\+€50.00.*1.*€135.00"),
        re.compile(r"Sun,? 1 Mar.*-€15.00.*2.*€85.00"),
        re.compile("Before Sun,? 1 Mar 2026.*€100.00"),
    ])  # fmt: skip
    await no_findings(page)
    await ada.expense("3.00", "Cake", date="2026-03-05", account_id=bank)
    await expect(rows.nth(1)).to_contain_text("€132.00")
    await page.get_by_label("To", exact=True).fill("2026-03-02")
    await expect(page).to_have_url(re.compile("to=2026-03-02"))
    await expect(rows).to_have_count(3)
    await page.get_by_role("link", name=re.compile("^2 entries on")).click()
    await expect(page).to_have_url(
        f"{site.url}/expenses?account={bank}&from=2026-03-01&to=2026-03-01"
    )


async def test_an_account_is_edited_on_its_page_with_both_versions_shown(site: Site) -> None:
    ada = await site.world.person()
    bank = await made(ada, "Bank", opening_balance="100")
    page = await site.page(ada, f"/accounts/{bank}")
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Opening balance").fill("90")
    change = {"opening_balance": "80.00"}
    await ada.call("PATCH", f"{PATH}/{bank}", json=change, headers={"If-Match": "*"}, status=200)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("row", name="Opening balance €90.00 €80.00")).to_be_visible()
    await page.get_by_role("button", name="Use mine").click()
    await expect(page.get_by_text("Opening balance €90.00")).to_be_visible()
    assert (await listed(ada))[0]["opening_balance"] == "90.00"


async def test_an_unknown_account_is_said_to_be_none(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/accounts/0190a0a0-0000-7000-8000-000000000000")
    await expect(page.get_by_role("heading", name="There is no such account")).to_be_visible()


async def test_a_viewer_looks_at_accounts_and_changes_nothing(site: Site) -> None:
    ada = await site.world.person()
    bank = await made(ada, "Bank", opening_balance="100")
    viewer = await site.world.person("Vera", ledger=ada.ledger, role="viewer")
    page = await site.page(viewer, "/accounts")
    await expect(line(page, "Bank")).to_contain_text("€100.00")
    await expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    await page.get_by_role("link", name="Bank", exact=True).click()
    await expect(page).to_have_url(f"{site.url}/accounts/{bank}")
    await expect(page.get_by_role("heading", name="Balance over time")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
