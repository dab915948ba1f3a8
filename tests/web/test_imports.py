"""A bank's file: looked at row by row, imported, and taken back."""

import re

import pytest
from playwright.async_api import expect

from web.axe import no_findings
from web.files import bank, csv, drop, look_at
from web.importing import PAY, RENT, TEA, button, descriptions, listed, made, row
from web.late import late
from web.site import DESKTOP, PHONE, Site


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_file_of_a_bank_is_looked_at_and_imported(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import", viewport=size)
    await look_at(page, bank("dkb_girokonto"), "Umsätze.csv")
    await expect(page.get_by_role("heading", name="Umsätze.csv")).to_be_visible()
    await expect(row(page, "Wohnbau eG")).to_contain_text("-€1,100.00")
    await expect(row(page, "Wohnbau eG")).to_contain_text("New")
    await expect(row(page, "Not booked")).to_contain_text("No booking")
    await button(page, "Import 3 rows").click()
    await expect(page.get_by_role("heading", name="3 rows imported")).to_be_visible()
    await page.get_by_role("link", name="Show the rows").click()
    await expect(page.locator("li.row")).to_have_count(3)
    assert len(await listed(ada)) == 3


async def test_a_file_is_dropped_anywhere_on_the_page(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await drop(page, bank("revolut"), "revolut.csv")
    await expect(page.get_by_role("heading", name="revolut.csv")).to_be_visible()
    await expect(row(page, "Trattoria Da Lino")).to_contain_text("-€23.40")
    # Also on the preview of another file.
    await drop(page, bank("n26"), "n26.csv")
    await expect(page.get_by_role("heading", name="n26.csv")).to_be_visible()


async def test_the_same_file_again_is_all_duplicates_which_say_why(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("3.50", "Tea at Rossi", date="2026-03-05")
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, RENT))
    await expect(row(page, "Tea at Rossi")).to_contain_text(
        "same day, amount and description as 2026-03-05 Tea at Rossi"
    )
    await button(page, "Import 1 row").click()
    await expect(page.get_by_role("heading", name="1 row imported")).to_be_visible()
    await expect(page.get_by_text("1 row was in the ledger already")).to_be_visible()
    await look_at(page, csv(TEA, RENT))
    await expect(page.get_by_text("This very file was imported on")).to_be_visible()
    await expect(button(page, "Import 0 rows")).to_have_attribute("aria-disabled", "true")
    await button(page, "Duplicates 2").click()
    await button(page, "Take all 2 in").click()
    await expect(button(page, "Import 2 rows")).to_be_visible()
    await button(page, "Leave all 2 out").click()
    await expect(button(page, "Import 0 rows")).to_be_visible()
    await row(page, "Tea at Rossi").get_by_role("checkbox").check()
    await button(page, "Import 1 row").click()
    await expect(page.get_by_role("heading", name="1 row imported")).to_be_visible()
    assert await descriptions(ada) == ["Rent", "Tea at Rossi", "Tea at Rossi"]


async def test_a_row_is_taken_in_while_all_are_being_left_out(site: Site) -> None:
    """Whoever is quicker than the service is not taken to mean the opposite."""
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, RENT, PAY))
    await button(page, "New 3").click()
    async with late(page, r"/imports/[^/]+/rows") as given:
        await button(page, "Leave all 3 out").click()
        await given()
        box = row(page, "Tea at Rossi").get_by_role("checkbox")
        await expect(box).not_to_be_checked()
        await box.click()
        await expect(box).to_be_checked()
    await expect(button(page, "Import 1 row")).to_be_visible()
    await expect(box).to_be_checked()
    await expect(row(page, "Rent").get_by_role("checkbox")).not_to_be_checked()
    await button(page, "Import 1 row").click()
    await expect(page.get_by_role("heading", name="1 row imported")).to_be_visible()
    assert await descriptions(ada) == ["Tea at Rossi"]


async def test_rows_are_left_out_by_keyboard(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, RENT, PAY))
    await page.get_by_role("checkbox", name="Import line 2, Tea at Rossi").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("checkbox", name="Import line 3, Rent")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(button(page, "Import 2 rows")).to_be_visible()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Space")
    await expect(button(page, "Import 1 row")).to_be_visible()
    await page.keyboard.press("Space")
    await expect(page.get_by_text("Spent €3.50")).to_be_visible()
    await button(page, "Import 2 rows").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="2 rows imported")).to_be_visible()
    await expect(page.get_by_text("1 row was left out as you wished")).to_be_visible()
    assert await descriptions(ada) == ["Pay", "Tea at Rossi"]


async def test_rows_get_a_category_all_alike_at_once(site: Site) -> None:
    ada = await site.world.person()
    food, other = (
        await made(ada, "categories", name="Food"),
        await made(ada, "categories", name="Other"),
    )
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, RENT, "2026-03-06,TEA AT ROSSI,-4.00"))
    await button(page, "No category: change the category of Tea at Rossi").click()
    await page.keyboard.type("Foo")
    await page.keyboard.press("Enter")
    for name in ("Tea at Rossi", "TEA AT ROSSI"):
        await expect(button(page, f"Food: change the category of {name}")).to_be_visible()
    await expect(button(page, "Food: change the category of Tea at Rossi")).to_be_focused()
    await expect(row(page, "Rent")).to_contain_text("No category")
    await page.get_by_role("combobox", name="Category").fill("Oth")
    await page.keyboard.press("Enter")
    await expect(row(page, "Rent")).to_contain_text("Other")
    await button(page, "Import 3 rows").click()
    await expect(page.get_by_role("heading", name="3 rows imported")).to_be_visible()
    filed = {each["description"]: each["category_id"] for each in await listed(ada)}
    assert filed == {"Tea at Rossi": food, "TEA AT ROSSI": food, "Rent": other}


async def test_names_that_the_ledger_lacks_are_told_and_made(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, bank("chase_card"))
    await expect(
        page.get_by_text("Categories and tags that are not in this ledger")
    ).to_be_visible()
    await page.get_by_label("Make them with the import").check()
    await page.get_by_role("button", name=re.compile("^Import [0-9]+ rows$")).click()
    await expect(page.get_by_text("New categories and tags:")).to_contain_text("Food & Drink")
    names = (await ada.call("GET", "/ledgers/default/categories")).json()["items"]
    assert "Food & Drink" in {each["name"] for each in names}


async def test_an_import_is_taken_back_as_a_whole_and_that_undone(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, RENT))
    await button(page, "Import 2 rows").click()
    await button(page, "Revert this import").click()
    await expect(page.get_by_role("heading", name="This import was taken back")).to_be_visible()
    assert await listed(ada) == []
    await button(page, "Undo").click()
    await expect(page.get_by_role("heading", name="2 rows imported")).to_be_visible()
    assert await descriptions(ada) == ["Rent", "Tea at Rossi"]
    changed = next(each for each in await listed(ada) if each["description"] == "Rent")
    await ada.call(
        "PATCH", f"/ledgers/default/expenses/{changed['id']}", json={"note": "March"},
        headers={"If-Match": changed["etag"]}, status=200,
    )  # fmt: skip
    await page.goto("/import")
    await button(page, "More for bank.csv").click()
    await page.get_by_role("menuitem", name="Revert").click()
    await expect(
        page.get_by_text("1 row moved to the trash; 1 changed since stayed")
    ).to_be_visible()
    await expect(page.get_by_text("Taken back")).to_be_visible()
    assert await descriptions(ada) == ["Rent"]


async def test_rows_changed_since_are_named_and_taken_only_if_wanted(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, RENT))
    await button(page, "Import 2 rows").click()
    await expect(page.get_by_role("heading", name="2 rows imported")).to_be_visible()
    changed = next(each for each in await listed(ada) if each["description"] == "Rent")
    await ada.call(
        "PATCH", f"/ledgers/default/expenses/{changed['id']}", json={"note": "March"},
        headers={"If-Match": changed["etag"]}, status=200,
    )  # fmt: skip
    await button(page, "Revert this import").click()
    await expect(page.get_by_role("alert")).to_contain_text("1 Mar 2026 Rent")
    await button(page, "Move 1 row to the trash too").click()
    await expect(page.get_by_role("alert")).to_have_count(0)
    assert await listed(ada) == []


async def test_a_preview_waits_and_is_discarded(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA), "march.csv")
    await page.goto("/import")
    await page.get_by_role("link", name="march.csv").click()
    await expect(row(page, "Tea at Rossi")).to_be_visible()
    await button(page, "Discard").click()
    await button(page, "Discard").click()
    await expect(page.get_by_text("None yet.")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_text("There is no such import in this ledger")).to_be_visible()


async def test_who_may_only_look_sees_no_import(site: Site) -> None:
    ada = await site.world.person()
    vera = await site.world.person("Vera", ledger=ada.ledger, role="viewer")
    page = await site.page(vera, "/import")
    await expect(page.get_by_text("You may look at this ledger, not add to it")).to_be_visible()
    await expect(button(page, "Choose a file")).to_have_count(0)
    await expect(page.get_by_role("navigation", name="Pages").get_by_text("Import")).to_have_count(
        0
    )
    await drop(page, csv(TEA), is_taken=False)
    await expect(page.get_by_role("heading", name="Rows of the file")).to_have_count(0)
    assert (await ada.call("GET", "/ledgers/default/imports")).json()["items"] == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing_on_a_preview_and_on_what_became_of_it(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    await ada.expense("3.50", "Tea at Rossi", date="2026-03-05")
    page = await site.page(ada, "/import", viewport=size)
    await look_at(page, csv(TEA, RENT, PAY, "never,Tea,-1.00", "2026-03-09,Nothing,0.00"))
    await button(page, "Correct").click()
    await row(page, "Rent").get_by_role("button", name="change the category").click()
    await button(page, "Save this layout").click()
    await no_findings(page)
    await button(page, "Import 2 rows").click()
    await expect(page.get_by_role("heading", name="2 rows imported")).to_be_visible()
    await no_findings(page)


async def test_a_preview_is_not_wider_than_a_screen_of_320_pixels(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import", viewport={"width": 320, "height": 640})
    await look_at(
        page, bank("sparkasse_camt"), "a-file-with-a-name-that-nobody-would-want-to-read.csv"
    )
    await button(page, "Correct").click()
    await button(page, "Save this layout").click()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
