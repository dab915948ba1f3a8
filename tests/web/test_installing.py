"""Outlay on a home screen; and without motion for whoever asked for none."""

from typing import Final
from urllib.parse import urljoin

from playwright.async_api import Page, expect

from web.offline import installed
from web.site import Site

_SIZE: Final = """async (address) => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  return `${bitmap.width}x${bitmap.height}`;
}"""
# Every element that would move, with what it would do and for how many seconds.
_MOVES: Final = """() => [...document.querySelectorAll('*')].flatMap((node) => {
  const { transitionDuration, animationDuration } = getComputedStyle(node);
  const lasts = (text) => text.split(',').some((each) => parseFloat(each) > 0);
  return lasts(transitionDuration) || lasts(animationDuration)
    ? [`${node.outerHTML.slice(0, 80)}: ${transitionDuration} ${animationDuration}`] : [];
})"""
# A test's browser keeps nothing, which forbids installing; that is no matter of the page.
NOT_OURS: Final = {"in-incognito"}


async def test_a_browser_finds_nothing_that_keeps_it_from_being_installed(site: Site) -> None:
    page = await site.page(await site.world.person())
    await installed(page)
    session = await page.context.new_cdp_session(page)
    found = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert {each["errorId"] for each in found} - NOT_OURS == set()


async def test_the_icons_are_there_in_the_sizes_that_are_said(site: Site) -> None:
    page = await site.page(await site.world.person())
    address = urljoin(site.url, await page.locator("link[rel=manifest]").get_attribute("href"))
    manifest = await page.evaluate("async (at) => (await fetch(at)).json()", address)
    assert (manifest["name"], manifest["display"]) == ("Outlay", "standalone")
    pixels = [icon for icon in manifest["icons"] if icon["type"] == "image/png"]
    assert {icon["sizes"] for icon in pixels} >= {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in pixels)
    for icon in pixels:
        assert await page.evaluate(_SIZE, urljoin(address, icon["src"])) == icon["sizes"]


async def test_the_shortcut_opens_the_form_at_once(site: Site) -> None:
    page = await site.page(await site.world.person())
    address = urljoin(site.url, await page.locator("link[rel=manifest]").get_attribute("href"))
    manifest = await page.evaluate("async (at) => (await fetch(at)).json()", address)
    (shortcut,) = manifest["shortcuts"]
    assert shortcut["short_name"] == "Add"
    await page.goto(urljoin(address, shortcut["url"]))
    await expect(page.get_by_role("textbox", name="Amount")).to_be_focused()


async def test_nothing_moves_for_whoever_asked_for_none(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    still = await site.page(ada, "/", reduced_motion="reduce")
    await _show(still)
    assert await still.evaluate(_MOVES) == []
    moving = await site.page(ada, "/", reduced_motion="no-preference")
    await _show(moving)
    assert await moving.evaluate(_MOVES) != []


async def _show(page: Page) -> None:
    """Charts, the list, and a menu over them."""
    await page.goto("/expenses")
    await expect(page.locator("li.row", has_text="Coffee")).to_be_visible()
    await page.get_by_role("button", name="More for Coffee").click()
    await expect(page.get_by_role("menuitem", name="History")).to_be_visible()
