"""Text that means harm, typed wherever one can type: it shows as text, breaks no page, runs nothing.

The `site` fixture fails the test when a page breaks its content security policy or throws.
"""

import pytest
from playwright.async_api import Locator, Page, expect

from outlay.pages.routes import PATHS
from web.layout import nothing_sticks_out
from web.settled import settled
from web.site import DESKTOP, PHONE, Site
from world import Person

MARKUP = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>{{7*7}}'
TEXTS = {
    "markup": MARKUP,
    "turned": "\u202egnp.ecilA\u202c \u200f\u05e2\u05dc\u05d5\u05ea\u200f \u2067\u200bx",
    "emoji": "👩\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈💸 Z\u0337\u0301\u0308\u0327\u0302a\u0336lgo",
    "endless": "W" * 10_000,
}
FIELDS = (
    "input:is([type=text], [type=search], [type=email], [type=password], :not([type])):visible"
    ":not([readonly]), textarea:visible"
)
# Links work once, and the ways in need nobody signed in.
PAGES = sorted(path for path in PATHS if ":" not in path and path not in {"/join", "/reset"})


async def paste(page: Page, field: Locator, text: str) -> str:
    """As by hand: what a field does not take is cut off. Returns what it has now."""
    await field.focus()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insert_text(text)
    return await field.input_value()


async def unharmed(page: Page) -> None:
    assert await page.evaluate("window.harmed") is None, page.url
    await expect(page.locator("img")).to_have_count(0)
    await nothing_sticks_out(page)


async def opened(site: Site, person: Person) -> Page:
    page = await site.open(await site.context(person))
    page.on("dialog", lambda dialog: site.complaints.append(f"{page.url}: {dialog.message}"))
    return page


async def turn_to(page: Page, path: str) -> None:
    await page.goto(path)
    await settled(page)


async def write_everywhere(page: Page, text: str) -> None:
    """Name a tag, an account, a category, the ledger, a token and oneself so, by the pages."""
    await turn_to(page, "/tags")
    await paste(page, page.get_by_label("New tag"), text)
    await page.get_by_role("button", name="Add tag").click()
    await expect(page.locator("ul.lines li")).to_have_count(1)
    await turn_to(page, "/accounts")
    await page.get_by_role("button", name="Add account").first.click()
    await paste(page, page.get_by_label("Name"), text)
    await page.get_by_label("Name").press("Enter")
    await expect(page.get_by_role("button", name="More for")).to_have_count(1)
    await turn_to(page, "/categories")
    await page.get_by_role("button", name="Add category for what is spent").click()
    await paste(page, page.get_by_label("Name"), text)
    await page.get_by_label("Name").press("Enter")
    await expect(page.get_by_role("button", name="More for")).to_have_count(1)
    await turn_to(page, "/ledger")
    await paste(page, page.get_by_role("textbox", name="Name", exact=True), text)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The settings are saved")).to_be_visible()
    await turn_to(page, "/me")
    await paste(page, page.get_by_role("textbox", name="Name"), text)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await turn_to(page, "/tokens")
    await paste(page, page.get_by_label("What it is for"), text)
    await page.get_by_role("button", name="Make token").click()
    await expect(page.get_by_label("Copy it now")).to_be_visible()


async def record_and_change(page: Page, text: str) -> str:
    """Record an expense of that description and note, change it; returns the description."""
    await turn_to(page, "/")
    await page.get_by_role("textbox", name="Amount").fill("1")
    description = await paste(page, page.get_by_role("combobox", name="Description"), text)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="More fields").click()
    await paste(page, page.get_by_label("Note"), text)
    await page.get_by_role("button", name="Add", exact=True).click()
    row = page.locator("li.row")
    await expect(row.locator(".description")).to_have_text(description.strip())
    await row.locator(".open").click()
    edit = page.locator("li.edit")
    await paste(page, edit.get_by_label("Note"), f"{text} {text}")
    await edit.get_by_role("button", name="Save").click()
    await expect(row.locator(".description")).to_have_text(description.strip())
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    return description


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_what_is_kept_shows_as_text_on_every_page(site: Site, text: str) -> None:
    ada = await site.world.person(is_admin=True)
    page = await opened(site, ada)
    description = await record_and_change(page, text)
    await write_everywhere(page, text)
    for path in PAGES:
        await turn_to(page, path)
        for size in (PHONE, DESKTOP):
            await page.set_viewport_size(size)  # type: ignore[arg-type]
            await unharmed(page)
    await turn_to(page, "/expenses")
    await page.get_by_role("button", name="More for").click()
    await page.get_by_role("menuitem", name="History").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("dl").last).to_contain_text(description.strip())
    await unharmed(page)
    await turn_to(page, "/history")
    for change in await page.locator("li.set .open").all():
        await change.click()
    await expect(page.locator("li.set dl").first).to_be_visible()
    await unharmed(page)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_every_field_takes_what_is_typed_and_runs_nothing(site: Site, text: str) -> None:
    ada = await site.world.person(is_admin=True)
    await ada.expense("4.20", "Coffee")
    page = await opened(site, ada)
    typed = 0
    for path in PAGES:
        await turn_to(page, path)
        for field in await page.locator(FIELDS).all():
            if not await field.is_visible():
                continue
            kept = await paste(page, field, text)
            assert kept, f"{path}: a field took nothing"
            typed += 1
            await settled(page)
            await unharmed(page)
            await page.keyboard.press("Escape")
    assert typed > 15


async def test_an_address_with_markup_fills_the_form_and_no_more(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(
        ada, f"/add?amount=1&description={MARKUP}&note={MARKUP}&category={MARKUP}"
    )
    await expect(page.get_by_role("combobox", name="Description")).to_have_value(MARKUP)
    await unharmed(page)
    await page.goto(f"/expenses?q={MARKUP}&category={MARKUP}&from={MARKUP}")
    await expect(page.locator("#list-search")).to_have_value(MARKUP)
    await unharmed(page)
