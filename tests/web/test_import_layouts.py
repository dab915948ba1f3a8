"""How a bank's file is read: its columns, marks and dates, corrected, saved and used again."""

import re

from playwright.async_api import expect

from web.files import bank, choose, csv, look_at
from web.importing import button, listed, made, row
from web.site import Site

# Where a layout is saved under a new name, and where it takes the place of another.
SAVED = re.compile(r"/(profile|import-profiles/[^/]+)$")


async def test_a_column_is_corrected_and_the_file_read_again(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, bank("chase_card"))
    await expect(row(page, "BLUE HERON BOOKS")).to_contain_text("14 Mar 2024")
    await button(page, "Correct").click()
    await page.get_by_label("Post Date is").select_option("Date")
    await expect(row(page, "BLUE HERON BOOKS")).to_contain_text("15 Mar 2024")
    await expect(page.get_by_label("Transaction Date is")).to_have_value("")
    await page.get_by_label("Type is").focus()
    await page.get_by_label("Type is").select_option("Tags")
    await expect(row(page, "BLUE HERON BOOKS")).to_contain_text("#Sale")
    await expect(page.get_by_label("Type is")).to_be_focused()


async def test_marks_encoding_dates_and_lines_are_corrected(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    text = (
        "Auszug von gestern\nTag;Text;Betrag\n03.04.2026;Bäcker;-1.234,50\n05.06.2026;Brot;-2,00\n"
    )
    await look_at(page, text.encode("cp1252"))
    await expect(row(page, "Bäcker")).to_contain_text("3 Apr 2026")
    await button(page, "Correct").click()
    await page.get_by_label("Dates").select_option("Month first")
    await expect(row(page, "Bäcker")).to_contain_text("4 Mar 2026")
    await page.get_by_label("Encoding").select_option("Windows-1251 (Cyrillic)")
    await expect(row(page, "Bдcker")).to_be_visible()
    await page.get_by_label("Encoding").select_option("Windows-1252 (Western)")
    await expect(row(page, "Bäcker")).to_contain_text("-€1,234.50")
    await page.get_by_label("Money spent is").select_option("Above zero")
    await expect(row(page, "Bäcker")).to_contain_text("+€1,234.50")
    await page.get_by_label("Numbers").select_option("1,234.56")
    await expect(button(page, "Errors 2")).to_be_visible()
    await page.get_by_label("Numbers").select_option("1.234,56")
    await expect(button(page, "New 2")).to_be_visible()
    await page.get_by_text("1 line above the table").click()
    await expect(page.get_by_text("Auszug von gestern")).to_be_visible()
    await page.get_by_label("Lines above the table").fill("2")
    await page.get_by_label("Lines above the table").press("Enter")
    await expect(page.get_by_label("The first row names the columns")).not_to_be_checked()
    await expect(page.get_by_label("Column 2 is")).to_be_visible()


async def test_a_file_that_says_nothing_of_its_columns_waits_for_both_that_it_needs(
    site: Site,
) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, b"A,B,C\nfive,Tea,-3.50\nsix,Rent,-900.00\n")
    await expect(page.get_by_text("No column of dates was found")).to_be_visible()
    await page.get_by_label("Column 1 is").select_option("Date")
    await expect(page.get_by_role("alert")).to_contain_text(
        "Choose the column that holds the amount"
    )
    await page.get_by_label("Column 3 is").select_option("Amount")
    await expect(button(page, "Errors 3")).to_be_visible()
    await expect(row(page, "six")).to_contain_text("column 1:")
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_a_saved_layout_reads_the_next_file_of_the_bank(site: Site) -> None:
    ada = await site.world.person()
    giro = await made(ada, "accounts", name="Giro", currency="EUR")
    page = await site.page(ada, "/import")
    await look_at(page, csv("05/03/2026,Tea,-3.50"))
    await button(page, "Correct").click()
    await page.get_by_label("Dates").select_option("Month first")
    await expect(row(page, "Tea")).to_contain_text("3 May 2026")
    await page.get_by_label("Account", exact=True).select_option("Giro (EUR)")
    await expect(row(page, "Tea")).to_contain_text("Giro")
    await button(page, "Save this layout").click()
    await page.keyboard.type("My bank")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Saved as My bank")).to_be_visible()
    await expect(button(page, "Save this layout")).to_be_focused()
    await look_at(page, b"Account of March\n\nWhat,Date,Amount\nBread,06/03/2026,-2.00\n")
    await expect(page.get_by_role("heading", name="Read by the layout My bank")).to_be_visible()
    await expect(row(page, "Bread")).to_contain_text("3 Jun 2026")
    await button(page, "Import 1 row").click()
    await expect(page.get_by_role("heading", name="1 row imported")).to_be_visible()
    assert (await listed(ada))[0]["account_id"] == giro
    await page.goto("/import")
    await page.get_by_label("Read the next file by").select_option("None: find out anew")
    await choose(page, csv("2026-03-08,Milk,-2.00"))
    await expect(page.get_by_role("heading", name="How the file was read")).to_be_visible()


async def test_a_saved_layout_is_replaced_removed_and_brought_back(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    for way in ("Month first", "Day first"):
        await look_at(page, csv("05/03/2026,Tea,-3.50"))
        await button(page, "Correct").click()
        await page.get_by_label("Dates").select_option(way)
        await button(page, "Save this layout").click()
        await page.get_by_label("Name of the layout").fill("my bank")
        # The sentence of the first round may still be there in the second.
        async with page.expect_response(SAVED):
            await page.keyboard.press("Enter")
        await expect(page.get_by_text("Saved as my bank")).to_be_visible()
    (saved,) = (await ada.call("GET", "/ledgers/default/import-profiles")).json()["items"]
    assert saved["layout"]["date_order"] == "dmy"
    await page.goto("/import")
    await button(page, "Remove the layout my bank").click()
    await expect(page.get_by_label("Read the next file by")).to_have_count(0)
    await button(page, "Undo").click()
    await expect(page.get_by_label("Read the next file by")).to_be_visible()
