"""Languages: chosen at once, kept, followed by numbers and dates; pages that read from the right."""

import pytest
from playwright.async_api import expect

from web.layout import nothing_sticks_out
from web.settled import settled
from web.site import DESKTOP, PHONE, Site
from world import Person


async def test_a_language_is_spoken_at_once_and_keeps_what_is_typed(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/me")
    await page.get_by_label("E-mail").fill("half-typed@exam")
    await page.get_by_label("Language").select_option(label="Deutsch")
    await expect(page.get_by_role("heading", name="Mein Zugang")).to_be_visible()
    await expect(page.get_by_label("E-Mail")).to_have_value("half-typed@exam")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await expect(page.locator("html")).to_have_attribute("dir", "ltr")
    await page.reload()
    await expect(page.get_by_role("heading", name="Mein Zugang")).to_be_visible()
    await page.get_by_label("Sprache").select_option(label="English")
    await expect(page.get_by_role("heading", name="You", exact=True)).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en-GB")


async def test_a_browser_that_asks_for_german_gets_it_with_its_numbers_and_dates(
    site: Site,
) -> None:
    ada = await site.world.person()
    await ada.expense("1234.5", "Miete", date="2026-03-21")
    page = await site.page(ada, "/expenses", locale="de-AT")
    await expect(page.get_by_role("heading", name="Ausgaben", level=1)).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "de-AT")
    row = page.locator("li.row")
    # The locale's own spaces stand between number and sign.
    await expect(row.locator(".amount")).to_have_text("-€\u00a01.234,50")
    await expect(page.locator("section.day h2")).to_contain_text("März")


async def test_a_browser_that_asks_for_an_unknown_language_gets_english(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/me", locale="fi-FI")
    await expect(page.get_by_role("heading", name="You", exact=True)).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_german_leaves_no_text_of_a_page_in_english(site: Site) -> None:
    ada = await lived_in(site)
    context = await site.context(ada, locale="de-DE")
    page = await site.open(context, "/me")
    for path in PAGES:
        await page.goto(path)
        await settled(page)
        text = f" {await page.locator('body').inner_text()} ".lower().split()
        found = {"the", "your", "is", "of", "with", "and", "this", "there", "not"} & set(text)
        assert not found, (path, found)


async def lived_in(site: Site) -> Person:
    """A person whose ledger has long words and every kind of row."""
    ada = await site.world.person(is_admin=True)
    await ada.call("PATCH", "/me", json={"name": "Ada Lovelace"}, headers={"If-Match": "*"})
    food = (await ada.call("POST", "/ledgers/default/categories", json={"name": "Essen"})).json()
    await ada.call("POST", "/ledgers/default/accounts", json={"name": "Bank", "kind": "bank"})
    tag = (await ada.call("POST", "/ledgers/default/tags", json={"name": "Samstage"})).json()
    for number in range(6):
        await ada.expense(
            "1234.50", f"Donaudampfschifffahrtsgesellschaft {number}", category_id=food["id"],
            tag_ids=[tag["id"]] if number % 2 else [],
        )  # fmt: skip
    return ada


PAGES = ("/", "/expenses", "/categories", "/import", "/me", "/history", "/tokens", "/people")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_pages_that_read_from_the_right_stay_within_the_screen(
    site: Site, size: dict[str, int]
) -> None:
    ada = await lived_in(site)
    context = await site.context(ada, viewport=size)
    await context.add_init_script(
        "new MutationObserver(() => { document.documentElement.dir = 'rtl'; })"
        ".observe(document, { childList: true, subtree: true })"
    )
    page = await site.open(context)
    for path in PAGES:
        await page.goto(path)
        await settled(page)
        assert await page.evaluate("document.documentElement.dir") == "rtl"
        await nothing_sticks_out(page)


async def test_the_row_menu_opens_on_the_other_side(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    page = await site.page(ada)
    await page.evaluate("document.documentElement.dir = 'rtl'")
    button = page.get_by_role("button", name="More for Coffee")
    await button.click()
    await expect(page.get_by_role("menu")).to_be_visible()
    at, menu = await button.bounding_box(), await page.get_by_role("menu").bounding_box()
    assert at is not None
    assert menu is not None
    assert at["x"] < DESKTOP["width"] / 2
    assert abs(menu["x"] - at["x"]) < 2
