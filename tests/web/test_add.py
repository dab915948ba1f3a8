"""Recording an expense as a person does, by keyboard."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from web.site import DESKTOP, PHONE, Site


async def test_six_keystrokes_besides_the_amount_record_an_expense_like_one_before(
    site: Site,
) -> None:
    ada = await site.world.person()
    food = (await ada.call("POST", "/ledgers/default/categories", json={"name": "Food"})).json()
    await ada.expense("4.20", "Coffee at Rossi", category_id=food["id"])
    page = await site.page(ada)
    await expect(row(page, "Coffee at Rossi")).to_be_visible()
    await page.get_by_role("textbox", name="Amount").fill("12,50+3*2")
    await page.keyboard.press("Tab")
    await page.keyboard.type("co")
    await expect(page.get_by_role("option", name="Coffee at Rossi")).to_be_visible()
    for key in ("ArrowDown", "Enter", "Enter"):
        await page.keyboard.press(key)
    row = page.locator("li.row", has_text="-€18.50")
    await expect(row).to_contain_text("Coffee at Rossi")
    await expect(row).to_contain_text("Food")
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    made = (await ada.call("GET", "/ledgers/default/expenses")).json()["items"]
    assert sorted((row["amount"], row["category_id"]) for row in made) == [
        ("18.50", food["id"]), ("4.20", food["id"]),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_row_is_there_before_the_service_answers(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    page = await site.page(ada, viewport=size)
    await page.route("**/expenses/*", lambda route: None)
    await record(page, "80", "Groceries")
    row = page.locator("li.row", has_text="Groceries")
    await expect(row).to_contain_text("Waits to be sent")


async def test_what_is_typed_into_the_first_html_is_kept(site: Site) -> None:
    ada = await site.world.person()
    context = await site.context(ada)
    typed = asyncio.Event()

    async def hold(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await context.route("**/assets/*.js", hold)
    page = await context.new_page()
    await page.goto("/", wait_until="commit")
    await page.locator("input[name=amount]").fill("7.30")
    await page.locator("input[name=description]").fill("Bread")
    typed.set()
    await page.wait_for_selector("main#main")
    assert await page.get_by_role("textbox", name="Amount").input_value() == "7.30"
    assert await page.get_by_role("combobox", name="Description").input_value() == "Bread"
    await expect(page.locator("#add-description")).to_be_focused()


async def record(page: Page, amount: str, description: str) -> None:
    """Fill in the form and press Enter."""
    await page.get_by_role("textbox", name="Amount").fill(amount)
    await page.get_by_role("combobox", name="Description").fill(description)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
