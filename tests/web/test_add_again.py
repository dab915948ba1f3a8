"""Recording one after another: what was chosen last, a row repeated, a new category, a date typed."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, Page, expect

from web.late import late
from web.site import DESKTOP, PHONE, Site
from world import Person

BOTH = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
LEDGER = "/ledgers/default"


async def made(person: Person, what: str, name: str, **more: Any) -> str:
    """An id."""
    answer = await person.call("POST", f"{LEDGER}/{what}", json={"name": name, **more}, status=201)
    return str(answer.json()["id"])


async def newest(person: Person) -> dict[str, Any]:
    """The row recorded last."""
    items = (await person.call("GET", f"{LEDGER}/expenses")).json()["items"]
    return dict(max(items, key=lambda row: row["created_at"]))


def today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Europe/Rome")).date()


def form_of(page: Page) -> Locator:
    return page.get_by_role("form", name="Record an expense")


async def choose(field: Locator, page: Page, text: str, option: str) -> None:
    await field.fill(text)
    await page.get_by_role("option", name=option).click()


async def add(page: Page, amount: str, description: str = "") -> None:
    """Fill in the form, record it, and wait until the service has it."""
    form = form_of(page)
    await form.get_by_role("textbox", name="Amount", exact=True).fill(amount)
    await form.get_by_role("combobox", name="Description").fill(description)
    await form.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("li.row", has_text=amount).first).to_be_visible()
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)


@BOTH
async def test_category_kind_and_account_chosen_last_outlive_a_reload(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    salary = await made(ada, "categories", "Salary", kind="income")
    bank = await made(ada, "accounts", "Bank")
    page = await site.page(ada, viewport=size)
    form = form_of(page)
    await form.get_by_role("button", name="More fields").click()
    await form.get_by_label("Kind").select_option(label="Income")
    await form.get_by_label("Account", exact=True).select_option(label="Bank")
    category = form.get_by_role("combobox", name="Category")
    await choose(category, page, "sal", "Salary")
    await add(page, "11.11")
    await page.reload()
    await expect(category).to_have_value("Salary")
    # What is unusual is not hidden.
    await expect(form.get_by_label("Kind")).to_have_value("income")
    await add(page, "22.22")
    row = await newest(ada)
    assert (row["amount"], row["kind"]) == ("22.22", "income")
    assert (row["category_id"], row["account_id"]) == (salary, bank)


async def test_each_ledger_has_its_own_last_choices(site: Site) -> None:
    ada = await site.world.person()
    await made(ada, "categories", "Food")
    other = (
        await ada.call("POST", "/ledgers", json={"name": "Boat", "currency": "EUR"}, status=201)
    ).json()
    page = await site.page(ada)
    category = form_of(page).get_by_role("combobox", name="Category")
    await choose(category, page, "fo", "Food")
    await add(page, "11.11")
    await expect(category).to_have_value("Food")
    await page.evaluate(
        """(ledger) => {
          const kept = JSON.parse(localStorage.getItem('outlay.choices'));
          localStorage.setItem('outlay.choices', JSON.stringify({ ...kept, ledger }));
        }""",
        other["id"],
    )
    await page.reload()
    await expect(page.get_by_role("button", name="Boat")).to_be_visible()
    await expect(category).to_have_value("")


async def test_a_category_that_is_no_more_is_not_chosen_again(site: Site) -> None:
    ada = await site.world.person()
    food = await made(ada, "categories", "Food")
    page = await site.page(ada)
    category = form_of(page).get_by_role("combobox", name="Category")
    await choose(category, page, "fo", "Food")
    await add(page, "11.11")
    row = (await ada.call("GET", f"{LEDGER}/categories/{food}")).json()
    await ada.call(
        "PATCH", f"{LEDGER}/categories/{food}", json={"archived": True},
        headers={"If-Match": row["etag"]}, status=200,
    )  # fmt: skip
    await page.reload()
    await add(page, "22.22")
    assert (await newest(ada))["category_id"] is None


async def test_a_description_like_one_before_brings_its_category_rather_than_the_last(
    site: Site,
) -> None:
    ada = await site.world.person()
    await made(ada, "categories", "Food")
    travel = await made(ada, "categories", "Travel")
    await ada.expense("3.20", "Bus ticket", category_id=travel)
    page = await site.page(ada)
    form = form_of(page)
    category = form.get_by_role("combobox", name="Category")
    await choose(category, page, "fo", "Food")
    await add(page, "11.11")
    await expect(category).to_have_value("Food")
    await choose(form.get_by_role("combobox", name="Description"), page, "bus", "Bus ticket")
    await expect(category).to_have_value("Travel")


@BOTH
async def test_a_row_is_recorded_again_and_the_form_is_back_in_the_ledgers_currency(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    food = await made(ada, "categories", "Food")
    tag = await made(ada, "tags", "journey")
    await ada.expense(
        "12.00", "Burger", currency="USD", category_id=food, tag_ids=[tag], note="large",
        date="2026-01-21",
    )  # fmt: skip
    page = await site.page(ada, "/expenses", viewport=size)
    await page.get_by_role("button", name="More for Burger").click()
    await page.get_by_role("menuitem", name="Record again").click()
    amount = form_of(page).get_by_role("textbox", name="Amount", exact=True)
    await expect(amount).to_have_value("12.00")
    await expect(amount).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("li.row", has_text="Burger")).to_have_count(2)
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    row = await newest(ada)
    assert (row["amount"], row["currency"], row["description"]) == ("12.00", "USD", "Burger")
    assert (row["category_id"], row["tag_ids"], row["note"]) == (food, [tag], "large")
    assert row["date"] == today().isoformat()
    await add(page, "5.55", "Bread")
    assert (await newest(ada))["currency"] == "EUR"


@BOTH
async def test_a_new_category_under_another_is_made_on_the_way(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    food = await made(ada, "categories", "Food")
    page = await site.page(ada, viewport=size)
    category = form_of(page).get_by_role("combobox", name="Category")
    await choose(category, page, "Food / Coffee", "Make “Food / Coffee”")
    await expect(category).to_have_value("Food / Coffee")
    await add(page, "4.20", "Rossi")
    items = (await ada.call("GET", f"{LEDGER}/categories")).json()["items"]
    [coffee] = [one for one in items if one["name"] == "Coffee"]
    assert coffee["parent_id"] == food
    assert (await newest(ada))["category_id"] == coffee["id"]


async def test_a_new_category_finds_its_place_also_before_the_others_are_there(site: Site) -> None:
    ada = await site.world.person()
    food = await made(ada, "categories", "Food")
    context = await site.context(ada)
    async with late(context, r"/categories$") as given:
        page = await site.open(context)
        await given()
        category = form_of(page).get_by_role("combobox", name="Category")
        await choose(category, page, "Food / Coffee", "Make “Food / Coffee”")
    await expect(category).to_have_value("Food / Coffee")
    await add(page, "4.20", "Rossi")
    items = (await ada.call("GET", f"{LEDGER}/categories")).json()["items"]
    assert [(one["name"], one["parent_id"]) for one in items if one["id"] != food] == [
        ("Coffee", food)
    ]


@BOTH
async def test_a_date_is_typed_in_words_and_moved_by_arrow_keys(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    page = await site.page(ada, viewport=size)
    date = form_of(page).get_by_role("textbox", name="Date", exact=True)
    await expect(date).to_have_value("Today")
    await date.fill("yesterday")
    await add(page, "4.20")
    assert (await newest(ada))["date"] == str(today() - dt.timedelta(days=1))
    # The day stays for the next receipt of that day.
    await date.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        await page.keyboard.press(key)
    await add(page, "5.30")
    assert (await newest(ada))["date"] == str(today() - dt.timedelta(days=3))
    await date.fill("someday")
    await form_of(page).get_by_role("textbox", name="Amount", exact=True).fill("6")
    await page.keyboard.press("Enter")
    await expect(date).to_have_attribute("aria-invalid", "true")
    await expect(date).to_have_value("someday")
