"""Files that are wrong, large or hostile, and connections that end at the wrong moment."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from web.files import choose, csv, look_at
from web.importing import RENT, TEA, button, listed, row
from web.site import Site


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
