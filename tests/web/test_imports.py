"""Importing a bank's file as a person does: look, correct, choose, commit, take back."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from web.axe import no_findings
from web.files import bank, choose, csv, drop, look_at
from web.late import late
from web.site import DESKTOP, PHONE, Site
from world import Person

TEA = "2026-03-05,Tea at Rossi,-3.50"
RENT = "2026-03-01,Rent,-900.00"
PAY = "2026-03-02,Pay,2500.00"


def row(page: Page, text: str) -> Locator:
    """The row of the file that says so."""
    return page.locator("tbody tr", has_text=text)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    answer = await person.call("GET", "/ledgers/default/expenses", params=params, status=200)
    return answer.json()["items"]  # type: ignore[no-any-return]


async def descriptions(person: Person) -> list[str]:
    return sorted(each["description"] for each in await listed(person))


async def made(person: Person, place: str, **body: Any) -> str:
    answer = await person.call("POST", f"/ledgers/default/{place}", json=body, status=201)
    return answer.json()["id"]  # type: ignore[no-any-return]


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


async def test_an_error_tells_line_column_and_what_was_expected(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, "2026-02-30,Never,-1.00", "2026-03-06,Tea,1e5"))
    await button(page, "Errors 2").click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await expect(row(page, "is no day of the calendar")).to_contain_text("3")
    await expect(row(page, "is no day of the calendar")).to_contain_text("Date:")
    await expect(row(page, "Amount:")).to_contain_text("Expected:")
    await expect(row(page, "Amount:").get_by_role("checkbox")).to_have_count(0)


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
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Saved as my bank")).to_be_visible()
    (saved,) = (await ada.call("GET", "/ledgers/default/import-profiles")).json()["items"]
    assert saved["layout"]["date_order"] == "dmy"
    await page.goto("/import")
    await button(page, "Remove the layout my bank").click()
    await expect(page.get_by_label("Read the next file by")).to_have_count(0)
    await button(page, "Undo").click()
    await expect(page.get_by_label("Read the next file by")).to_be_visible()


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


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("book.xlsx", b"PK\x03\x04" + bytes(200), ""),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(500), ""),
        ("noise.csv", bytes(range(256)) * 40, ""),
        ("empty.csv", b"", ""),
        ("short.csv", b"Date,What,Amount\n", ""),
        ("page.csv", b"<!DOCTYPE html><html><body>Sign in</body></html>", ""),
    ],
)
async def test_what_is_no_csv_is_refused_in_a_sentence_and_another_can_be_chosen(
    site: Site, name: str, content: bytes, said: str
) -> None:
    ada = await site.world.person()
    answer = await ada.call("POST", "/ledgers/default/imports", content=content, status=422)
    page = await site.page(ada, "/import")
    await choose(page, content, name)
    await expect(page.get_by_role("alert")).to_have_text(answer.json()["detail"])
    await choose(page, csv(TEA))
    await expect(row(page, "Tea at Rossi")).to_be_visible()


async def test_mixed_encodings_and_broken_rows_cost_their_own_rows_only(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    mixed = csv(
        TEA, *[f"2026-03-{n:02},Bäcker {n},-2.00" for n in range(1, 21)]
    ) + "2026-03-07,Bücher,-9.00\n".encode("cp1252")
    await look_at(page, mixed + b'2026-03-08,"cut off,-1')
    await expect(page.get_by_text("bytes are not UTF-8 although the rest is")).to_be_visible()
    await expect(button(page, "New 21")).to_be_visible()
    await expect(button(page, "Errors 2")).to_be_visible()


async def test_hostile_text_stays_text(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    hostile = "<img src=x onerror=alert(1)>"
    lines = (
        f"2026-03-05,{hostile},-1.00",
        "2026-03-06,\u202eevil \U0001f9ea,-2.00",
        f"2026-03-07,{'x' * 480},-3.00",
    )
    name = "<script>alert(1)<.csv"
    content = f"Date,<b>What</b>,{hostile}\n".encode() + csv(*lines).split(b"\n", 1)[1]
    await look_at(page, content, name)
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await button(page, "Correct").click()
    await expect(row(page, hostile)).to_be_visible()
    assert await page.locator("main img, main script").count() == 0
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    await button(page, "Import 3 rows").click()
    await expect(page.get_by_role("heading", name="3 rows imported")).to_be_visible()


async def test_ten_thousand_rows_are_paged_filtered_and_chosen(site: Site) -> None:
    ada = await site.world.person()
    lines = [
        f"2026-{n % 12 + 1:02}-{n % 28 + 1:02},Shop {n},-{n % 90 + 1}.50" for n in range(10_000)
    ]
    lines[7_000] = "2026-01-01,Never,nothing"
    page = await site.page(ada, "/import")
    await look_at(page, csv(*lines), "year.csv")
    await expect(button(page, "New 9,999")).to_be_visible()
    await button(page, "Next").click()
    await expect(page.get_by_text("Lines 52 to 101, of 10,000 rows")).to_be_visible()
    await button(page, "Previous").click()
    await expect(page.get_by_text("Lines 2 to 51, of 10,000 rows")).to_be_visible()
    await page.get_by_label("Go to line").fill("9002")
    await page.keyboard.press("Enter")
    await expect(row(page, "Shop 9000")).to_be_visible()
    assert await page.locator("tbody tr").count() <= 100
    await page.reload()
    await row(page, "Shop 9000").get_by_role("checkbox").uncheck()
    await expect(button(page, "Import 9,998 rows")).to_be_visible()
    await button(page, "Errors 1").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("7002")
    await button(page, "Import 9,998 rows").click()
    await expect(page.get_by_role("heading", name="9,998 rows imported")).to_be_visible(
        timeout=60_000
    )
    summary = await ada.call(
        "GET", "/ledgers/default/expenses/summary?from=2026-01-01&to=2026-12-31", status=200
    )
    assert summary.json()["totals"][0]["count"] == 9_998


async def test_an_upload_on_its_way_shows_how_far_it_is_and_can_be_cancelled(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    slow = await page.context.new_cdp_session(page)
    await slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000},
    )
    await choose(page, csv(*[TEA] * 100_000), "large.csv")
    await expect(page.get_by_role("heading", name="Sending large.csv")).to_be_visible()
    await expect(page.get_by_role("progressbar")).to_have_attribute("value", re.compile("[1-9]"))
    await button(page, "Cancel").click()
    await expect(button(page, "Choose a file")).to_be_visible()
    assert (await ada.call("GET", "/ledgers/default/imports")).json()["items"] == []


async def test_a_commit_that_is_refused_keeps_everything(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, RENT))
    await row(page, "Rent").get_by_role("checkbox").uncheck()
    await expect(page.get_by_text("Spent €3.50")).to_be_visible()
    # Somebody else takes the row in again meanwhile.
    (one,) = (await ada.call("GET", "/ledgers/default/imports")).json()["items"]
    await ada.call(
        "PATCH", f"/ledgers/default/imports/{one['id']}/rows", json={"include": True, "lines": [3]},
        status=200,
    )  # fmt: skip
    await button(page, "Import 1 row").click()
    await expect(page.get_by_role("alert")).to_contain_text("This preview was changed elsewhere")
    await expect(row(page, "Rent").get_by_role("checkbox")).to_be_checked()
    assert await listed(ada) == []
    await button(page, "Import 2 rows").click()
    await expect(page.get_by_role("heading", name="2 rows imported")).to_be_visible()


async def test_a_commit_whose_answer_is_lost_is_sent_again_and_counts_once(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/import")
    await look_at(page, csv(TEA, RENT))

    async def lose(route: Any) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/commit", lose)
    await button(page, "Import 2 rows").click()
    await expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    await page.unroute("**/commit")
    await button(page, "Import 2 rows").click()
    await expect(page.get_by_role("heading", name="2 rows imported")).to_be_visible()
    assert len(await listed(ada)) == 2


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
