"""Taking the ledger away as files, and bringing a whole one back."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from web.axe import no_findings
from web.files import choose
from web.site import DESKTOP, PHONE, Site
from world import Person


async def lived_in(site: Site) -> Person:
    ada = await site.world.person()
    for amount, text, day in (
        ("3.50", "Tea at Rossi", "2026-03-05"),
        ("900.00", "Rent", "2026-03-01"),
        ("4.00", "Tea & milk", "2026-04-02"),
    ):
        await ada.expense(amount, text, date=day)
    return ada


async def downloaded(page: Page, name: str) -> tuple[str, bytes]:
    """The file behind a link, as the browser saves it."""
    async with page.expect_download() as started:
        await page.get_by_role("link", name=name).click()
    download = await started.value
    return download.suggested_filename, contents(await download.path())


def contents(path: Path) -> bytes:
    return path.read_bytes()


def texts(content: bytes) -> list[str]:
    return sorted(
        row["description"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    )


async def test_the_table_holds_what_the_address_narrows_to(site: Site) -> None:
    ada = await lived_in(site)
    page = await site.page(ada, "/export?q=tea&from=2026-03-01&to=2026-03-31")
    for word in ("“tea”", "from 1 Mar 2026", "to 31 Mar 2026"):
        await expect(page.get_by_role("list", name="Only").get_by_text(word)).to_be_visible()
    await expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    name, content = await downloaded(page, "Download the table")
    assert name.endswith(".csv")
    assert texts(content) == ["Tea at Rossi"]
    await page.get_by_role("button", name="Take everything").click()
    await expect(page.get_by_text("All expenses of this ledger.")).to_be_visible()
    await page.get_by_label("Pack the file").check()
    name, content = await downloaded(page, "Download the table")
    assert name.endswith(".csv.gz")
    assert texts(gzip.decompress(content)) == ["Rent", "Tea & milk", "Tea at Rossi"]


async def test_a_command_that_does_the_same_is_copied(site: Site) -> None:
    ada = await lived_in(site)
    food = await ada.call("POST", "/ledgers/default/categories", json={"name": "Food & drink"})
    context = await site.context(ada, permissions=["clipboard-read", "clipboard-write"])
    page = await site.open(context, f"/export?category={food.json()['id']}&q=tea")
    command = "outlay export --category 'Food & drink' --search tea -o expenses.csv"
    await page.get_by_role("button", name=f"Copy: {command}").click()
    await expect(page.get_by_text("Copied")).to_be_attached()
    assert await page.evaluate("navigator.clipboard.readText()") == command
    await page.goto("/import")
    await expect(page.get_by_text("outlay import file.csv")).to_be_visible()


async def test_an_archive_is_taken_away_and_comes_back_as_a_ledger_of_its_own(site: Site) -> None:
    ada = await lived_in(site)
    bob = await site.world.person("Bob")
    page = await site.page(ada, "/export")
    name, content = await downloaded(page, "Download the archive")
    assert '"change"' in content.decode()
    await page.get_by_label("With its history").uncheck()
    _, bare = await downloaded(page, "Download the archive")
    kinds = {json.loads(line).get("type") for line in bare.splitlines()}
    assert "expense" in kinds
    assert "change" not in kinds
    theirs = await site.page(bob, "/import")
    await choose(theirs, content, name)
    await expect(
        theirs.get_by_role("heading", name="is an archive of a whole ledger")
    ).to_be_visible()
    await theirs.get_by_role("button", name="Import as a new ledger").click()
    # Ids stay what they were, and here the ledger is there already.
    await expect(theirs.get_by_role("alert")).to_be_visible()
    await theirs.get_by_role("button", name="Try as a copy").click()
    await expect(theirs.get_by_role("heading", name="Brought in as the ledger")).to_be_visible()
    await expect(theirs.get_by_role("group", name="Brought in as the ledger")).to_contain_text(
        "Expenses 3"
    )
    await theirs.get_by_role("button", name="Open it").click()
    await expect(theirs.locator("li.row", has_text="Rent")).to_be_visible()


async def test_a_broken_archive_is_refused_with_its_line(site: Site) -> None:
    ada = await lived_in(site)
    page = await site.page(ada, "/export")
    name, content = await downloaded(page, "Download the archive")
    await page.goto("/import")
    await choose(page, content[:-40], name)
    await page.get_by_role("button", name="Import as a new ledger").click()
    await expect(page.get_by_role("alert")).not_to_be_empty()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    assert len((await ada.call("GET", "/ledgers")).json()["items"]) == 1


async def test_who_may_only_look_may_take_a_copy_away(site: Site) -> None:
    ada = await lived_in(site)
    vera = await site.world.person("Vera", ledger=ada.ledger, role="viewer")
    page = await site.page(vera, "/")
    await page.get_by_role("navigation", name="Pages").get_by_role("link", name="Export").click()
    _, content = await downloaded(page, "Download the table")
    assert len(texts(content)) == 3
    await expect(page.get_by_role("link", name="Bring an archive in")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing_on_a_narrowed_export(site: Site, size: dict[str, int]) -> None:
    ada = await lived_in(site)
    page = await site.page(ada, "/export?q=tea&kind=expense&min=1", viewport=size)
    await expect(page.get_by_role("list", name="Only")).to_be_visible()
    await no_findings(page)
