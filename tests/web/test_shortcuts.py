"""Single keys: what they do, when they are off, and the help that lists them."""

import re

import pytest
from playwright.async_api import Page, expect

from web.axe import no_findings
from web.late import late
from web.site import Site
from world import Person

DISPATCH = """([key, code]) => (document.activeElement ?? document.body).dispatchEvent(
  new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }))"""


async def listed(site: Site, *descriptions: str) -> tuple[Person, Page]:
    """A person with expenses, newest first in this order, and their list."""
    ada = await site.world.person()
    for number, description in enumerate(descriptions):
        await ada.expense("1.00", description, date=f"2026-01-{28 - number:02}")
    page = await site.page(ada, "/expenses")
    if descriptions:
        await expect(page.locator("li.row")).to_have_count(len(descriptions))
    return ada, page


async def test_keys_lead_to_places(site: Site) -> None:
    _, page = await listed(site)
    for keys, heading in (("gy", "History"), ("gu", "You"), ("gl", "Expenses"), ("gh", "Home")):
        for key in keys:
            await page.keyboard.press(key)
        await expect(page.get_by_role("heading", level=1, name=heading)).to_be_attached()


@pytest.mark.parametrize("key", ["a", "n"])
async def test_a_key_opens_the_form_from_anywhere(site: Site, key: str) -> None:
    _, page = await listed(site)
    await page.keyboard.press(key)
    await expect(page.get_by_role("textbox", name="Amount")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Amount")).to_have_value("")


async def test_a_key_waits_until_it_is_known_whose_page_it_is(site: Site) -> None:
    ada = await site.world.person()
    context = await site.context(ada)
    async with late(context, r"/api/v1/ledgers$") as given:
        page = await site.open(context, "/expenses")
        await page.wait_for_selector("main#main")
        await given()
        async with page.expect_response(re.compile("/assets/Shortcuts-.*js")):
            await page.keyboard.press("a")
    await expect(page.get_by_role("textbox", name="Amount")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Amount")).to_have_value("")


async def test_a_slash_leads_to_the_search(site: Site) -> None:
    _, page = await listed(site)
    await page.keyboard.press("g")
    await page.keyboard.press("h")
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    await page.keyboard.press("/")
    await expect(page.locator("#list-search")).to_be_focused()
    await expect(page.locator("#list-search")).to_have_value("")


async def test_rows_are_walked_edited_and_left(site: Site) -> None:
    _, page = await listed(site, "Coffee", "Bus", "Rent")
    for _ in range(3):
        await page.keyboard.press("j")
    await page.keyboard.press("k")
    await expect(page.locator("li.row", has_text="Bus").locator(".open")).to_be_focused()
    await page.keyboard.press("e")
    await expect(page.locator("li.edit").get_by_label("Description")).to_be_focused()
    await page.keyboard.type("jx")
    await expect(page.locator("li.edit").get_by_label("Description")).to_have_value("Busjx")
    await page.keyboard.press("Escape")
    await expect(page.locator("li.row", has_text="Bus").locator(".open")).to_be_focused()


async def test_a_row_is_chosen_and_let_go(site: Site) -> None:
    _, page = await listed(site, "Coffee", "Bus")
    await page.keyboard.press("j")
    box = page.get_by_role("checkbox", name="Choose Coffee")
    await page.keyboard.press("x")
    await expect(box).to_be_checked()
    await page.keyboard.press("x")
    await expect(box).not_to_be_checked()


@pytest.mark.parametrize("key", ["#", "Delete"])
async def test_a_row_goes_to_the_trash_and_comes_back_by_u(site: Site, key: str) -> None:
    ada, page = await listed(site, "Coffee", "Bus", "Rent")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press(key)
    await expect(page.locator("li.row")).to_have_count(2)
    await expect(page.locator("li.row", has_text="Rent").locator(".open")).to_be_focused()
    await page.keyboard.press("u")
    await expect(page.locator("li.row")).to_have_count(3)
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    rows = (await ada.call("GET", "/ledgers/default/expenses")).json()["items"]
    assert {row["description"] for row in rows} == {"Coffee", "Bus", "Rent"}


async def test_the_history_of_a_row_opens(site: Site) -> None:
    _, page = await listed(site, "Coffee")
    await page.keyboard.press("j")
    await page.keyboard.press("h")
    await expect(page.get_by_role("dialog", name="History of Coffee")).to_be_visible()
    await page.keyboard.press("j")
    await page.keyboard.press("Escape")
    await expect(page.locator("li.row .open")).to_be_focused()


async def test_the_help_lists_them_all_and_switches_them_off(site: Site) -> None:
    _, page = await listed(site)
    await page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    for name in ("Everywhere", "In lists of expenses", "Go to"):
        await expect(help_.get_by_role("heading", name=name)).to_be_visible()
    for what in ("Record an expense", "Edit the row", "History", "Categories"):
        await expect(help_.get_by_role("definition").get_by_text(what, exact=True)).to_be_visible()
    await no_findings(page)
    await help_.get_by_role("checkbox").uncheck()
    await page.keyboard.press("Escape")
    await expect(help_).to_have_count(0)
    await page.keyboard.press("a")
    await page.keyboard.press("?")
    await expect(help_).to_have_count(0)
    assert page.url.endswith("/expenses")
    await page.goto("/me")
    await page.get_by_role("button", name="Show them").click()
    await expect(help_).to_be_visible()
    await help_.get_by_role("checkbox").check()
    await page.keyboard.press("Escape")
    await page.keyboard.press("a")
    await expect(page.get_by_role("textbox", name="Amount")).to_be_focused()


async def test_typing_is_typing(site: Site) -> None:
    _, page = await listed(site, "Coffee")
    await page.locator("#list-search").click()
    await page.keyboard.type("a?gh#")
    await expect(page.locator("#list-search")).to_have_value("a?gh#")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert "/expenses" in page.url


async def test_a_menu_keeps_its_keys(site: Site) -> None:
    _, page = await listed(site, "Coffee")
    await page.get_by_role("button", name="More for Coffee").click()
    await page.keyboard.press("x")
    await expect(page.get_by_role("checkbox", name="Choose Coffee")).not_to_be_checked()
    await page.keyboard.press("h")
    await expect(page.get_by_role("menuitem", name="History")).to_be_focused()


async def test_keyboards_with_other_letters_use_the_places_of_keys(site: Site) -> None:
    _, page = await listed(site, "Coffee")
    await page.evaluate(DISPATCH, ["ξ", "KeyJ"])
    await expect(page.locator("li.row .open")).to_be_focused()
    await page.evaluate(DISPATCH, ["ψ", "KeyH"])
    await expect(page.get_by_role("dialog", name="History of Coffee")).to_be_visible()


async def test_a_viewer_is_offered_only_what_they_may_do(site: Site) -> None:
    ada = await site.world.person()
    bea = await site.world.person("Bea", ledger=ada.ledger, role="viewer")
    await ada.expense("4.20", "Coffee")
    page = await site.page(bea, "/expenses")
    await expect(page.locator("li.row")).to_have_count(1)
    await page.keyboard.press("j")
    await expect(page.locator("li.row .open")).to_be_focused()
    for key in ("#", "e", "a"):
        await page.keyboard.press(key)
    await expect(page.locator("li.row")).to_have_count(1)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog").get_by_text("Next row")).to_be_visible()
    await expect(page.get_by_role("dialog").get_by_text("Move the row")).to_have_count(0)
