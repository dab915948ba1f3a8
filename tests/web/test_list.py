"""The list: found, chosen, changed, thrown away and taken back, as a person does it."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from web.late import late
from web.site import DESKTOP, PHONE, Site
from world import Person

Opened = Callable[[str], Awaitable[Page]]


def row(page: Page, text: str) -> Locator:
    return page.locator("li.row", has_text=text)


async def household(site: Site) -> Person:
    """A month of three days, two categories and two accounts."""
    ada = await site.world.person()
    food = (await ada.call("POST", "/ledgers/default/categories", json={"name": "Food"})).json()[
        "id"
    ]
    for day, amount, what, category in (
        ("2026-03-03", "4.20", "Coffee at Rossi", food),
        ("2026-03-03", "80.00", "Groceries", food),
        ("2026-03-02", "3.20", "Bus ticket", None),
        ("2026-03-01", "12.00", "Café Größenwahn", food),
    ):
        await ada.expense(amount, what, date=day, category_id=category)
    return ada


async def test_days_have_their_totals(site: Site) -> None:
    page = await site.page(await household(site), "/expenses")
    day = page.get_by_role("region", name=re.compile("3 Mar"))
    await expect(day.locator("header")).to_contain_text("-€84.20")
    await expect(day.get_by_role("listitem")).to_have_count(2)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_search_as_one_types_forgives_accents_and_lives_in_the_address(
    site: Site, size: dict[str, int]
) -> None:
    page = await site.page(await household(site), "/expenses", viewport=size)
    await expect(page.locator("li.row")).to_have_count(4)
    await page.get_by_role("searchbox").press_sequentially("grossenw")
    await expect(page.locator("li.row")).to_have_count(1)
    await expect(row(page, "Café Größenwahn")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"\?q=grossenw$"))
    await page.reload()
    await expect(page.locator("li.row")).to_have_count(1)
    await expect(page.get_by_role("searchbox")).to_have_value("grossenw")


async def test_filters_narrow_and_are_cleared(site: Site) -> None:
    page = await site.page(await household(site), "/expenses")
    await page.get_by_role("button", name="Filters").click()
    await page.get_by_label("Category").select_option(label="No category")
    await expect(page.locator("li.row")).to_have_count(1)
    await page.get_by_label("Category").select_option(label="Food")
    await page.get_by_label("From EUR").fill("4,50")
    await page.get_by_label("From EUR").press("Enter")
    await expect(page.locator("li.row")).to_have_count(2)
    await expect(page.get_by_role("button", name="2 filters")).to_be_visible()
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page.locator("li.row")).to_have_count(4)
    await expect(page).to_have_url(re.compile(r"/expenses$"))


async def test_largest_first_is_one_list_with_dates(site: Site) -> None:
    page = await site.page(await household(site), "/expenses?sort=amount")
    await expect(page.locator("li.row .description")).to_have_text(
        ["Groceries", "Café Größenwahn", "Coffee at Rossi", "Bus ticket"]
    )
    await expect(row(page, "Groceries")).to_contain_text("3 Mar 2026")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_row_is_edited_in_its_place_and_the_change_is_undone(
    site: Site, size: dict[str, int]
) -> None:
    ada = await household(site)
    page = await site.page(ada, "/expenses", viewport=size)
    await row(page, "Bus ticket").locator(".open").click()
    await expect(page.get_by_label("Description", exact=True)).to_be_focused()
    await page.get_by_label("Amount").fill("3,20+1")
    await page.get_by_label("Description", exact=True).fill("Bus and tram")
    await page.keyboard.press("Enter")
    await expect(row(page, "Bus and tram")).to_contain_text("-€4.20")
    await expect(row(page, "Bus and tram").locator(".open")).to_be_focused()
    await page.get_by_role("button", name="Undo").click()
    await expect(row(page, "Bus ticket")).to_contain_text("-€3.20")
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    kept = (await ada.call("GET", "/ledgers/default/expenses?q=bus")).json()["items"]
    assert [(one["description"], one["amount"]) for one in kept] == [("Bus ticket", "3.20")]


async def test_escape_leaves_a_row_as_it_was(site: Site) -> None:
    page = await site.page(await household(site), "/expenses")
    await row(page, "Bus ticket").locator(".open").click()
    await page.get_by_label("Description", exact=True).fill("Something else")
    await page.keyboard.press("Escape")
    await expect(row(page, "Bus ticket").locator(".open")).to_be_focused()
    await expect(row(page, "Something else")).to_have_count(0)


async def test_what_is_wrong_with_an_amount_is_said_and_what_was_typed_stays(site: Site) -> None:
    page = await site.page(await household(site), "/expenses")
    await row(page, "Bus ticket").locator(".open").click()
    await page.get_by_label("Amount").fill("12,345+")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("This is no amount")
    await expect(page.get_by_label("Amount")).to_have_value("12,345+")
    await expect(page.get_by_label("Amount")).to_be_focused()


async def test_a_row_goes_to_the_trash_by_its_menu_and_comes_back_from_there(site: Site) -> None:
    page = await site.page(await household(site), "/expenses")
    menu = page.get_by_role("button", name="More for Groceries")
    await menu.focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("menuitem", name="Move to trash")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(row(page, "Groceries")).to_have_count(0)
    await page.get_by_role("button", name="Trash", exact=True).click()
    await expect(page.locator("li.row")).to_have_count(1)
    await page.get_by_role("button", name="More for Groceries").click()
    await page.get_by_role("menuitem", name="Restore").click()
    await expect(row(page, "Groceries")).to_have_count(0)
    await page.get_by_role("button", name="Trash", exact=True).click()
    await expect(row(page, "Groceries")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_rows_chosen_with_shift_are_changed_at_once_and_the_change_is_undone_as_a_whole(
    site: Site, size: dict[str, int]
) -> None:
    ada = await household(site)
    page = await site.page(ada, "/expenses", viewport=size)
    boxes = page.locator("li.row").get_by_role("checkbox")
    await boxes.nth(0).click()
    await boxes.nth(2).click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="Chosen rows")
    await expect(bar).to_contain_text("3 chosen")
    await bar.get_by_role("button", name="Category…").click()
    await bar.get_by_role("combobox").fill("Travel")
    await page.get_by_role("option", name="Make “Travel”").click()
    await bar.get_by_role("button", name="Change 3 rows").click()
    await expect(page.locator("li.row", has_text="Travel")).to_have_count(3)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("li.row", has_text="Travel")).to_have_count(0)
    await expect(page.locator("li.row", has_text="Food")).to_have_count(3)


async def test_everything_a_filter_finds_is_thrown_away_at_once_also_what_is_not_loaded(
    site: Site,
) -> None:
    ada = await site.world.person()
    rows = [
        {"id": f"01970000-0000-7000-8000-{n:012x}", "amount": "1.00", "description": f"Row {n}"}
        for n in range(130)
    ]
    await ada.call("POST", "/ledgers/default/expenses/bulk", json={"create": rows}, status=200)
    page = await site.page(ada, "/expenses")
    await page.locator("li.row").get_by_role("checkbox").first.click()
    bar = page.get_by_role("region", name="Chosen rows")
    await bar.get_by_role("button", name=re.compile("Choose the .* shown")).click()
    if await bar.get_by_role("button", name="Choose all 130").count():
        await bar.get_by_role("button", name="Choose all 130").click()
    await bar.get_by_role("button", name="Move 130 to trash").click()
    await expect(page.get_by_text("130 rows are in the trash")).to_be_visible()
    await expect(page.locator("li.row")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("li.row").first).to_be_visible()
    left = (await ada.call("GET", "/ledgers/default/expenses?limit=500")).json()["items"]
    assert len(left) == 130


@pytest.mark.parametrize("gone", [slice(50, 120), slice(0, 130)], ids=["what comes", "all"])
async def test_rows_thrown_away_while_more_were_coming_do_not_come_back_with_them(
    site: Site, gone: slice
) -> None:
    ada = await site.world.person()
    rows = [{"amount": "1.00", "description": f"Row {n}"} for n in range(130)]
    await ada.call("POST", "/ledgers/default/expenses/bulk", json={"create": rows}, status=200)
    there = (await ada.call("GET", "/ledgers/default/expenses?limit=500")).json()["items"]
    ids = [one["id"] for one in there][gone]
    context = await site.context(ada)
    async with late(context, r"/expenses\?.*cursor=") as given:
        page = await site.open(context, "/expenses")
        await expect(page.locator("li.row")).to_have_count(50)
        await page.locator("li.row").last.scroll_into_view_if_needed()
        await given()
        async with page.expect_response(re.compile(r"/expenses\?limit=\d+$")):
            await ada.call(
                "POST", "/ledgers/default/expenses/bulk",
                json={"ids": ids, "trash": True}, status=200,
            )  # fmt: skip
    await expect(page.locator("li.row")).to_have_count(130 - len(ids))


async def test_a_purchase_is_split_shown_as_one_row_and_put_together_again(site: Site) -> None:
    ada = await household(site)
    page = await site.page(ada, "/expenses")
    await page.get_by_role("button", name="More for Groceries").click()
    await page.get_by_role("menuitem", name="Split").click()
    await page.get_by_label("Amount").fill("80")
    await page.get_by_role("button", name="Split into 2 parts").click()
    await expect(page.get_by_role("alert")).to_contain_text("must leave something of €80.00")
    await page.get_by_label("Amount").fill("19,99")
    await page.get_by_label("Description", exact=True).fill("Light bulbs")
    await page.get_by_role("button", name="Split into 2 parts").click()
    purchase = page.get_by_role("button", name=re.compile("Groceries.*2 parts"))
    await expect(purchase).to_contain_text("-€80.00")
    await purchase.click()
    await expect(row(page, "Light bulbs")).to_contain_text("-€19.99")
    await expect(row(page, "Groceries")).to_contain_text("-€60.01")
    day = page.get_by_role("region", name=re.compile("3 Mar"))
    await expect(day.locator("header")).to_contain_text("-€84.20")
    await page.get_by_role("button", name="Undo").click()
    await expect(row(page, "Light bulbs")).to_have_count(0)
    await expect(row(page, "Groceries")).to_contain_text("-€80.00")


async def test_a_refund_lowers_the_spending_of_its_category(site: Site) -> None:
    ada = await household(site)
    page = await site.page(ada, "/expenses")
    await page.get_by_role("button", name="More for Groceries").click()
    await page.get_by_role("menuitem", name="Record a refund").click()
    await page.get_by_label("Amount").fill("30")
    await page.get_by_label("Date").fill("2026-03-03")
    await page.keyboard.press("Enter")
    await expect(page.locator("li.row", has_text="+€30.00")).to_be_visible()
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    summary = await ada.call(
        "GET", "/ledgers/default/expenses/summary?from=2026-03-01&to=2026-03-31&group=category"
    )
    assert summary.json()["totals"][0]["spent"] == "69.40"


async def test_more_rows_come_as_one_scrolls_and_none_twice(site: Site) -> None:
    ada = await site.world.person()
    rows = [
        {"id": f"01970000-0000-7000-8000-{n:012x}", "amount": "1.00", "description": f"Row {n}",
         "date": f"2026-{1 + n % 12:02}-{1 + n % 28:02}"}
        for n in range(420)
    ]  # fmt: skip
    await ada.call("POST", "/ledgers/default/expenses/bulk", json={"create": rows}, status=200)
    page = await site.page(ada, "/expenses")
    await expect(page.locator("li.row").first).to_be_visible()
    shown = page.locator("li.row")
    while (count := await shown.count()) < 420:
        await page.keyboard.press("End")
        await expect(shown).not_to_have_count(count)
    ids = await shown.evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert len(ids) == len(set(ids)) == 420


async def test_a_viewer_sees_no_way_to_write(site: Site) -> None:
    ada = await household(site)
    guest = await site.world.person("Guest", ledger=ada.ledger, role="viewer")
    page = await site.page(guest, "/expenses")
    await expect(page.locator("li.row")).to_have_count(4)
    await expect(page.get_by_role("checkbox")).to_have_count(0)
    await row(page, "Groceries").locator(".open").click()
    await expect(page.get_by_label("Amount")).to_have_count(0)
    await page.get_by_role("button", name="More for Groceries").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["History"])
    await page.goto("/")
    await expect(page.get_by_role("form", name="Record an expense")).to_have_count(0)
