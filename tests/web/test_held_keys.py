"""Keys pressed for what is still on its way wait for it, and reach nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from web.offline import row
from web.site import Site
from world import Person

TWO = ("Coffee", "Bus")


@asynccontextmanager
async def late(page: Page | BrowserContext, program: str) -> AsyncIterator[asyncio.Event]:
    """Inside, that part of the program is not there yet; the event says that it was asked for."""
    asked, may_come = asyncio.Event(), asyncio.Event()

    async def wait(route: Route) -> None:
        asked.set()
        await may_come.wait()
        await route.continue_()

    await page.route(f"**/assets/{program}-*.js", wait)
    try:
        yield asked
    finally:
        may_come.set()


async def listed(site: Site) -> tuple[Person, Page]:
    """Two expenses in a browser that keeps no program: each part comes from the network."""
    ada = await site.world.person()
    for number, description in enumerate(TWO):
        await ada.expense("1.00", description, date=f"2026-01-{28 - number}")
    page = await site.page(ada, "/expenses", service_workers="block")
    await expect(page.locator("li.row")).to_have_count(len(TWO))
    # The keys that the page has at all are there: what follows is about other parts.
    await page.keyboard.press("j")
    await expect(row(page, "Coffee").locator(".open")).to_be_focused()
    return ada, page


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def nothing_happened(page: Page) -> None:
    await expect(page.get_by_role("checkbox", name="Choose Coffee")).not_to_be_checked()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("li.row")).to_have_count(len(TWO))
    assert page.url.endswith("/expenses")


@pytest.mark.parametrize("way", ["pointer", "Enter", "ArrowDown"])
async def test_a_menu_on_its_way_gets_the_keys(site: Site, way: str) -> None:
    _, page = await listed(site)
    button = page.get_by_role("button", name="More for Coffee")
    async with late(page, "MenuList") as asked:
        if way == "pointer":
            await button.click()
        else:
            await button.focus()
            await page.keyboard.press(way)
        await asked.wait()
        await expect(button).to_have_attribute("aria-expanded", "true")
        await press(page, "x", "n", "h")
        await nothing_happened(page)
    await expect(page.get_by_role("menuitem", name="History")).to_be_focused()
    await nothing_happened(page)


async def test_a_menu_on_its_way_is_used_to_the_end(site: Site) -> None:
    _, page = await listed(site)
    async with late(page, "MenuList") as asked:
        await page.get_by_role("button", name="More for Bus").click()
        await asked.wait()
        await press(page, "ArrowDown", "h", "Enter")
    await expect(page.get_by_role("dialog", name="History of Bus")).to_be_visible()


@pytest.mark.parametrize("way", ["Escape", "elsewhere"])
async def test_a_menu_on_its_way_is_called_off(site: Site, way: str) -> None:
    _, page = await listed(site)
    button = page.get_by_role("button", name="More for Coffee")
    async with late(page, "MenuList") as asked:
        await button.click()
        await asked.wait()
        if way == "Escape":
            await press(page, "h", "Escape")
            await expect(button).to_be_focused()
        else:
            await page.locator("#list-search").click()
            await page.keyboard.type("co")
            await expect(page.locator("#list-search")).to_have_value("co")
        await expect(button).to_have_attribute("aria-expanded", "false")
    await expect(page.get_by_role("menu")).to_have_count(0)
    if way == "Escape":
        await page.keyboard.press("x")
        await expect(page.get_by_role("checkbox", name="Choose Coffee")).to_be_checked()


async def test_a_menu_whose_list_does_not_come_may_be_tried_again(site: Site) -> None:
    _, page = await listed(site)
    await page.context.set_offline(True)
    button = page.get_by_role("button", name="More for Coffee")
    await button.click()
    await expect(button).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("x")
    await expect(page.get_by_role("checkbox", name="Choose Coffee")).to_be_checked()


async def test_what_is_typed_for_a_row_that_opens_goes_into_its_form(site: Site) -> None:
    ada, page = await listed(site)
    async with late(page, "EditRow") as asked:
        await page.keyboard.press("e")
        await asked.wait()
        await expect(row(page, "Coffee").locator(".open")).to_be_focused()
        await page.keyboard.type(" next door!")
        await press(page, "Backspace", "Enter")
        await nothing_happened(page)
    await expect(row(page, "Coffee next door")).to_be_visible()
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    items = (await ada.call("GET", "/ledgers/default/expenses")).json()["items"]
    assert {one["description"] for one in items} == {"Coffee next door", "Bus"}


async def test_tab_goes_on_in_the_form_that_opens(site: Site) -> None:
    _, page = await listed(site)
    form = page.get_by_role("form", name="Edit")
    async with late(page, "EditRow") as asked:
        await page.keyboard.press("e")
        await asked.wait()
        await press(page, "Shift+Tab", "Shift+Tab", "Tab", "Tab", "Tab")
    await expect(form.get_by_label("Date", exact=True)).to_be_focused()


async def test_a_row_on_its_way_to_be_edited_is_left_alone(site: Site) -> None:
    _, page = await listed(site)
    async with late(page, "EditRow") as asked:
        await page.keyboard.press("e")
        await asked.wait()
        await press(page, "x", "Escape")
    await expect(row(page, "Coffee").locator(".open")).to_be_focused()
    await expect(page.get_by_role("form", name="Edit")).to_have_count(0)
    await nothing_happened(page)


async def test_the_history_on_its_way_gets_the_keys(site: Site) -> None:
    _, page = await listed(site)
    async with late(page, "Over") as asked:
        await page.keyboard.press("h")
        await asked.wait()
        await press(page, "j", "x", "#")
        await expect(row(page, "Coffee").locator(".open")).to_be_focused()
        await expect(page.locator("li.row")).to_have_count(len(TWO))
    await expect(page.get_by_role("dialog", name="History of Coffee")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(row(page, "Coffee").locator(".open")).to_be_focused()
    await nothing_happened(page)


async def test_what_waits_to_be_sent_gets_the_keys(site: Site) -> None:
    _, page = await listed(site)
    async with late(page, "Over") as asked:
        await page.get_by_role("button", name="Show what waits").click()
        await asked.wait()
        await press(page, "j", "x")
    await expect(page.get_by_role("dialog", name="Changes that wait")).to_be_visible()
    await page.keyboard.press("Escape")
    await nothing_happened(page)


async def test_keys_for_a_place_on_its_way_act_there(site: Site) -> None:
    """Not on the rows of the page that one leaves."""
    ada, page = await listed(site)
    await press(page, "g", "h")
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    await expect(page.locator("li.row")).to_have_count(len(TWO))
    await page.keyboard.press("j")
    async with late(page, "Page") as asked:
        await press(page, "g", "y")
        await asked.wait()
        await press(page, "#", "h")
        await expect(page.locator("li.row")).to_have_count(len(TWO))
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("heading", level=1, name="History")).to_be_visible()
    items = (await ada.call("GET", "/ledgers/default/expenses")).json()["items"]
    assert len(items) == len(TWO)


async def test_what_is_typed_after_a_slash_is_searched_for(site: Site) -> None:
    """Although neither the keys nor the list are there when the first one is pressed."""
    ada = await site.world.person()
    await ada.expense("1.00", "Rent and gas")
    await ada.expense("1.00", "Bus")
    page = await site.page(ada, service_workers="block")
    async with late(page, "Shortcuts") as asked:
        await page.keyboard.press("/")
        await asked.wait()
        await page.keyboard.type("gas")
    await expect(page.locator("#list-search")).to_have_value("gas")
    await expect(page.locator("main li.row")).to_have_count(1)
