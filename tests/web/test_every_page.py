"""What holds for every page: WCAG 2.2 AA, valid HTML, nothing wider than the screen."""

import asyncio
import sys
from pathlib import Path
from subprocess import run

import pytest
from playwright.async_api import expect

from outlay.pages.routes import PATHS
from web.axe import no_findings
from web.settled import settled
from web.site import DESKTOP, PHONE, Site
from world import Person

NODE = Path(sys.executable).with_name("node")
WEB = Path(__file__).parents[2] / "app/web"
# Reached with a person and their ledger; those with a parameter have tests of their own.
PAGES = sorted(path for path in PATHS if ":" not in path)


async def lived_in(site: Site) -> Person:
    """A person whose ledger has something of everything."""
    ada = await site.world.person(is_admin=True)
    food = (await ada.call("POST", "/ledgers/default/categories", json={"name": "Food"})).json()
    tag = (await ada.call("POST", "/ledgers/default/tags", json={"name": "Weekend"})).json()
    for number in range(12):
        await ada.expense(
            f"{number + 1}.50", f"Groceries at a shop with quite a long name, number {number}",
            category_id=food["id"] if number % 3 else None,
            tag_ids=[tag["id"]] if number % 2 else [],
        )  # fmt: skip
    return ada


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing_on_any_page(site: Site, size: dict[str, int]) -> None:
    ada = await lived_in(site)
    context = await site.context(ada, viewport=size)
    page = await site.open(context)
    for path in PAGES:
        await page.goto(path)
        await settled(page)
        await no_findings(page)


async def test_axe_finds_nothing_where_nobody_is_signed_in(site: Site) -> None:
    page = await site.page(None, "/")
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await no_findings(page)


async def test_no_page_is_wider_than_a_screen_of_320_pixels(site: Site) -> None:
    ada = await lived_in(site)
    context = await site.context(ada, viewport={"width": 320, "height": 640})
    page = await site.open(context)
    for path in PAGES:
        await page.goto(path)
        await settled(page)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path


async def test_the_html_of_every_page_is_valid(site: Site, tmp_path: Path) -> None:
    ada = await lived_in(site)
    page = await site.page(ada)
    for path in PAGES:
        await page.goto(path)
        await settled(page)
        name = path.strip("/").replace("/", "-") or "home"
        (tmp_path / f"{name}.html").write_text(await page.content())
    assert await asyncio.to_thread(complaints, tmp_path) == ""


def complaints(folder: Path) -> str:
    """What html-validate says of the files of a folder."""
    checked = run(
        [NODE, WEB / "node_modules/.bin/html-validate", "--config", WEB / "html-validate.json",
         *sorted(folder.glob("*.html"))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return checked.stdout + checked.stderr if checked.returncode else ""
