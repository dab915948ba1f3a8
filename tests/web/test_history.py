"""What was written to a ledger, in words, and taken back: whole change sets and single rows."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from web.axe import no_findings
from web.site import DESKTOP, PHONE, Site
from world import Person

ANY = {"If-Match": "*"}


async def bulk(ada: Person, **body: Any) -> dict[str, Any]:
    answer = await ada.call("POST", "/ledgers/default/expenses/bulk", json=body, status=200)
    return answer.json()  # type: ignore[no-any-return]


async def patch(ada: Person, row: dict[str, Any], **change: Any) -> dict[str, Any]:
    answer = await ada.call(
        "PATCH", f"/ledgers/default/expenses/{row['id']}", json=change, headers=ANY, status=200
    )
    return answer.json()  # type: ignore[no-any-return]


async def get(ada: Person, row: dict[str, Any]) -> dict[str, Any]:
    answer = await ada.call("GET", f"/ledgers/default/expenses/{row['id']}", status=200)
    return answer.json()  # type: ignore[no-any-return]


async def category(ada: Person, name: str) -> str:
    answer = await ada.call("POST", "/ledgers/default/categories", json={"name": name})
    return answer.json()["id"]  # type: ignore[no-any-return]


def change(page: Page, words: str) -> Locator:
    """The change set that says so."""
    return page.locator("li.set", has_text=words)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_changes_are_told_in_words_newest_first(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    food = await category(ada, "Food")
    coffee = await ada.expense("4.20", "Coffee at Rossi")
    await patch(ada, coffee, category_id=food)
    rows = [{"id": str(uuid4()), "amount": "1.00"} for _ in range(12)]
    await bulk(ada, create=rows)
    await bulk(ada, trash=True, ids=[row["id"] for row in rows])
    page = await site.page(ada, "/history", viewport=size)
    told = page.locator("li.set .open .grow")
    for place, words in enumerate([
        "Ada moved 12 expenses to the trash",
        "Ada added 12 expenses",
        "Ada changed Coffee at Rossi, €4.20",
        "Ada added Coffee at Rossi, €4.20",
        "Ada made the category Food",
    ]):  # fmt: skip
        await expect(told.nth(place)).to_have_text(words)
    await expect(change(page, "Ada added 12 expenses")).to_contain_text("API")


async def test_a_change_opens_into_its_rows_with_names_and_amounts(site: Site) -> None:
    ada = await site.world.person()
    food = await category(ada, "Food")
    coffee = await ada.expense("4.20", "Coffee at Rossi", currency="EUR")
    await patch(ada, coffee, amount="1250", description="Cake at Rossi", category_id=food)
    page = await site.page(ada, "/history")
    opened = change(page, "Ada changed Cake at Rossi")
    await opened.locator("button.open").click()
    await expect(opened.locator("dl > div", has_text="Amount")).to_contain_text("€4.20")
    await expect(opened.locator("dl > div", has_text="Amount")).to_contain_text("€1,250.00")
    await expect(opened.locator("dl > div", has_text="Category").locator("ins")).to_have_text(
        "Food"
    )
    description = opened.locator("dl > div", has_text="Description")
    await expect(description.locator("del")).to_have_text("Coffee")
    await expect(description.locator("ins")).to_have_text("Cake")
    await expect(opened).not_to_contain_text(food)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_whole_change_is_taken_back_and_made_again(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    food = await category(ada, "Food")
    rows = [await ada.expense("1.00", f"Row {number}") for number in range(3)]
    await bulk(ada, change={"category_id": food}, ids=[row["id"] for row in rows])
    page = await site.page(ada, "/history", viewport=size)
    await page.get_by_role("button", name="Undo: Ada changed 3 expenses").click()
    await expect(page.get_by_text("3 rows are as they were")).to_be_visible()
    await expect(page.get_by_text("Ada took back: Ada changed 3 expenses")).to_be_visible()
    assert [(await get(ada, row))["category_id"] for row in rows] == [None] * 3
    await page.get_by_role("button", name="Redo: Ada changed 3 expenses", exact=True).click()
    await expect(page.get_by_role("button", name="Undo: Ada changed 3 expenses")).to_be_visible()
    assert [(await get(ada, row))["category_id"] for row in rows] == [food] * 3


async def test_rows_that_changed_since_are_left_until_one_insists(site: Site) -> None:
    ada = await site.world.person()
    food, other = await category(ada, "Food"), await category(ada, "Other")
    rows = [await ada.expense("1.00", f"Row {number}") for number in range(3)]
    await bulk(ada, change={"category_id": food}, ids=[row["id"] for row in rows])
    for row in rows[:2]:
        await patch(ada, row, category_id=other)
    page = await site.page(ada, "/history")
    await page.get_by_role("button", name="Undo: Ada changed 3 expenses").click()
    await expect(page.get_by_role("heading", name="2 rows were left as they are")).to_be_focused()
    left = page.locator("li.set", has=page.get_by_text("Ada changed 3 expenses", exact=True))
    await expect(left.get_by_text("It was changed since.")).to_have_count(2)
    assert (await get(ada, rows[2]))["category_id"] is None
    await page.get_by_role("checkbox", name="Take Row 1, €1.00 back all the same").uncheck()
    await page.get_by_role("button", name="Take 1 row back all the same").click()
    await expect(page.get_by_role("heading", name="1 row was left as it is")).to_be_visible()
    assert (await get(ada, rows[0]))["category_id"] is None
    assert (await get(ada, rows[1]))["category_id"] == other
    await page.get_by_role("button", name="Leave them as they are").click()
    await expect(page.get_by_role("heading", name="left as")).to_have_count(0)
    await expect(left.locator("button.open")).to_be_focused()


async def test_changes_of_others_appear_by_themselves(site: Site) -> None:
    ada = await site.world.person()
    bea = await site.world.person("Bea", ledger=ada.ledger, role="editor")
    page = await site.page(ada, "/history")
    await expect(page.get_by_text("Live", exact=True).first).to_be_visible()
    await expect(page.locator("li.set").first).to_be_visible()
    await bea.expense("3.20", "Bus")
    await expect(page.get_by_text("Bea added Bus, €3.20")).to_be_visible()


async def test_changes_are_filtered_by_what_and_by_whom(site: Site) -> None:
    ada = await site.world.person()
    bea = await site.world.person("Bea", ledger=ada.ledger, role="editor")
    await category(ada, "Food")
    await ada.expense("4.20", "Coffee")
    await bea.expense("3.20", "Bus")
    page = await site.page(ada, "/history")
    await page.get_by_label("What").select_option(label="Expenses")
    await expect(page.get_by_text("Ada made the category Food")).to_have_count(0)
    await expect(page.locator("li.set")).to_have_count(2)
    await page.get_by_label("By").select_option(label="Bea")
    await expect(page.locator("li.set")).to_have_count(1)
    await expect(page.get_by_text("Bea added Bus, €3.20")).to_be_visible()
    await page.reload()
    await expect(page.locator("li.set")).to_have_count(1)


async def test_older_changes_come_when_asked_for(site: Site) -> None:
    ada = await site.world.person()
    for number in range(60):
        await ada.expense("1.00", f"Row {number}")
    page = await site.page(ada, "/history")
    await expect(page.locator("li.set")).to_have_count(50)
    await page.get_by_role("button", name="Show older changes").click()
    await expect(page.get_by_text("Ada added Row 0, €1.00")).to_be_visible()
    await expect(page.get_by_role("button", name="Show older changes")).to_have_count(0)
    told = await page.locator("li.set .open .grow").all_text_contents()
    assert [words for words in told if "Row" in words] == [
        f"Ada added Row {number}, €1.00" for number in reversed(range(60))
    ]


async def test_a_change_has_an_address_of_its_own(site: Site) -> None:
    ada = await site.world.person()
    coffee = await ada.expense("4.20", "Coffee")
    await ada.call("DELETE", f"/ledgers/default/expenses/{coffee['id']}", headers=ANY, status=200)
    newest = (await ada.call("GET", "/ledgers/default/changes")).json()["items"][0]["seq"]
    await ada.call("POST", f"/ledgers/default/changes/{newest}/undo", json={}, status=200)
    page = await site.page(ada, f"/history/{newest + 1}")
    words = "Ada took back: Ada moved Coffee, €4.20 to the trash"
    await expect(page.get_by_text(words)).to_be_visible()
    await page.get_by_role("link", name=f"Change {newest}").click()
    await expect(page.get_by_role("heading", name=f"Change {newest}")).to_be_visible()
    await page.get_by_role("link", name="Taken back").click()
    await expect(page.get_by_text(words)).to_be_visible()
    await page.goto("/history/99")
    await expect(page.get_by_role("alert")).to_contain_text("There is no such change set")


async def test_a_viewer_reads_the_history_and_takes_nothing_back(site: Site) -> None:
    ada = await site.world.person()
    bea = await site.world.person("Bea", ledger=ada.ledger, role="viewer")
    await ada.expense("4.20", "Coffee")
    page = await site.page(bea, "/history")
    await expect(page.get_by_text("Ada added Coffee, €4.20")).to_be_visible()
    await expect(page.get_by_role("button", name="Undo")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_expense_goes_back_to_an_earlier_version(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    food = await category(ada, "Food")
    coffee = await ada.expense("4.20", "Coffee", category_id=food, note="two cups")
    await patch(ada, coffee, amount="9.00", description="Cake", category_id=None, note="")
    page = await site.page(ada, "/expenses", viewport=size)
    await page.get_by_role("button", name="More for Cake").click()
    await page.get_by_role("menuitem", name="History").click()
    dialog = page.get_by_role("dialog", name="History of Cake")
    newest = dialog.locator("li").first
    await expect(newest.locator("dl > div", has_text="Amount")).to_contain_text("€4.20")
    await expect(newest.locator("dl > div", has_text="Category").locator("del")).to_have_text(
        "Food"
    )
    await expect(newest.get_by_role("button")).to_have_count(0)
    await dialog.get_by_role("button", name="Back to this version").click()
    await expect(dialog).to_have_count(0)
    row = page.locator("li.row")
    await expect(row).to_contain_text("Coffee")
    await expect(row).to_contain_text("€4.20")
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    now = await get(ada, coffee)
    assert (now["amount"], now["category_id"], now["note"]) == ("4.20", food, "two cups")
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_contain_text("Cake")


async def test_the_history_of_a_row_closes_back_to_its_menu(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    page = await site.page(ada)
    button = page.get_by_role("button", name="More for Coffee")
    await button.click()
    await page.get_by_role("menuitem", name="History").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Ada added")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(button).to_be_focused()


async def test_a_version_that_names_a_deleted_category_does_not_come_back(site: Site) -> None:
    ada = await site.world.person()
    food = await category(ada, "Food")
    coffee = await ada.expense("4.20", "Coffee", category_id=food)
    await patch(ada, coffee, category_id=None)
    await ada.call("DELETE", f"/ledgers/default/categories/{food}", headers=ANY)
    page = await site.page(ada)
    await page.get_by_role("button", name="More for Coffee").click()
    await page.get_by_role("menuitem", name="History").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("names something that is gone")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Back to this version")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing_in_what_opens(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    food = await category(ada, "Food")
    tag = (await ada.call("POST", "/ledgers/default/tags", json={"name": "Work"})).json()["id"]
    coffee = await ada.expense("4.20", "Coffee at Rossi", category_id=food, tag_ids=[tag])
    await patch(ada, coffee, amount="5.00", description="Cake at Rossi", tag_ids=[])
    page = await site.page(ada, "/history", viewport=size)
    opened = change(page, "Ada changed Cake at Rossi").first
    await opened.locator("button.open").click()
    await expect(opened.locator("dl")).to_be_visible()
    await page.get_by_role("button", name="Undo: Ada added Coffee at Rossi").click()
    await expect(page.get_by_role("heading", name="1 row was left as it is")).to_be_visible()
    await no_findings(page)
    newest = (await ada.call("GET", "/ledgers/default/changes")).json()["items"][0]["seq"]
    await page.goto(f"/history/{newest}")
    await expect(page.locator("li.set dl")).to_be_visible()
    await no_findings(page)
    await page.goto("/expenses")
    await page.get_by_role("button", name="More for Cake").click()
    await page.get_by_role("menuitem", name="History").click()
    await expect(page.get_by_role("dialog").locator("dl")).to_have_count(2)
    await no_findings(page)
