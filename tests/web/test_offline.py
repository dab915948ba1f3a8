"""Without a network: the app opens, takes changes, keeps them through a restart, sends them in order."""

from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from web.offline import (
    WAITS,
    Line,
    act,
    begun,
    change,
    connected,
    expenses,
    installed,
    record,
    row,
    waiting,
    written,
)
from web.site import DESKTOP, PHONE, Site


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_app_opens_without_a_network(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee at Rossi")
    page = await site.page(ada, viewport=size)
    await expect(row(page, "Coffee at Rossi")).to_be_visible()
    await installed(page)
    await page.context.set_offline(True)
    await page.reload()
    await expect(row(page, "Coffee at Rossi")).to_be_visible()
    await expect(page.get_by_role("button", name="Offline")).to_be_visible()
    # Pages that were never opened are there as well.
    await page.goto("/categories")
    await expect(page.get_by_role("heading", name="Categories", level=1)).to_be_visible()
    await page.goto("/add?amount=7.30&description=Bread")
    await expect(page.get_by_role("textbox", name="Amount")).to_have_value("7.30")


async def test_what_was_done_offline_is_kept_through_a_restart_and_sent_in_its_order(
    site: Site,
) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    await ada.expense("80.00", "Shoes")
    page = await site.page(ada)
    await expect(row(page, "Coffee")).to_be_visible()
    await installed(page)
    await page.context.set_offline(True)
    await record(page, "12.50", "Bread")
    await change(page, "Bread", Amount="13.50")
    await change(page, "Coffee", Description="Espresso")
    await act(page, "Shoes", "Move to trash")
    await expect(row(page, "Shoes")).to_have_count(0)
    await expect(row(page, "Bread")).to_contain_text(WAITS)
    await expect(row(page, "Espresso")).to_contain_text(WAITS)
    await expect(page.get_by_role("button", name="4 changes wait")).to_be_visible()

    await page.close()
    page = await site.open(page.context)
    await expect(row(page, "Bread")).to_contain_text("-€13.50")
    await expect(row(page, "Espresso")).to_contain_text(WAITS)
    await expect(row(page, "Shoes")).to_have_count(0)
    assert len(await expenses(ada)) == 2

    await page.context.set_offline(False)
    await expect(page.get_by_role("button", name="Live")).to_be_visible()
    await expect(page.get_by_text(WAITS)).to_have_count(0)
    assert (await written(ada))[-4:] == [
        "expense.create Bread", "expense.change Bread", "expense.change Espresso",
        "expense.trash Shoes",
    ]  # fmt: skip
    kept = {one["description"]: one["amount"] for one in await expenses(ada)}
    assert kept == {"Bread": "13.50", "Espresso": "4.20"}


async def test_what_waits_outlives_a_browser_that_is_killed(
    site: Site, playwright: Playwright, tmp_path: Path
) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    # A browser writes cookies down every half minute: the test brings the same one again.
    cookie = await site.cookie(ada)
    async with begun(playwright, tmp_path) as browser:
        await browser.context.add_cookies([cookie])  # type: ignore[list-item]
        page = await site.open(browser.context, f"{site.url}/")
        await expect(row(page, "Coffee")).to_be_visible()
        await installed(page)
        await browser.context.set_offline(True)
        await record(page, "12.50", "Bread")
        await expect(row(page, "Bread")).to_contain_text(WAITS)
        await browser.kill()
    async with begun(playwright, tmp_path) as browser:
        await browser.context.add_cookies([cookie])  # type: ignore[list-item]
        await browser.context.set_offline(True)
        page = await site.open(browser.context, f"{site.url}/")
        await expect(row(page, "Bread")).to_contain_text(WAITS)
        await expect(row(page, "Coffee")).to_be_visible()
        assert len(await expenses(ada)) == 1
        await browser.context.set_offline(False)
        await expect(page.get_by_text(WAITS)).to_have_count(0)
    assert {one["description"] for one in await expenses(ada)} == {"Bread", "Coffee"}


async def test_an_answer_that_is_lost_repeats_nothing(site: Site) -> None:
    ada = await site.world.person()
    made = await ada.expense("4.20", "Coffee")
    page = await site.page(ada)
    line = Line()
    await page.route("**/expenses/*", line.carry)
    await record(page, "12.50", "Bread")
    await change(page, "Coffee", Description="Espresso")
    await expect(page.get_by_role("button", name="2 changes wait")).to_be_visible()
    # Meanwhile somebody else goes on from what arrived.
    bread = next(one for one in await expenses(ada) if one["description"] == "Bread")
    path = f"/ledgers/default/expenses/{bread['id']}"
    await ada.call(
        "PATCH", path, json={"note": "rye"}, headers={"If-Match": bread["etag"]}, status=200
    )
    line.is_bad = False
    await connected(page)
    await expect((await waiting(page)).get_by_text("Nothing waits.")).to_be_visible()
    assert (await written(ada))[-4:] == [
        "expense.create Coffee", "expense.create Bread", "expense.change Bread",
        "expense.change Espresso",
    ]  # fmt: skip
    assert made["id"] in {one["id"] for one in await expenses(ada)}


async def test_what_was_refused_says_why_and_is_mended_and_sent_again(site: Site) -> None:
    ada = await site.world.person()
    food = (await ada.call("POST", "/ledgers/default/categories", json={"name": "Food"})).json()
    page = await site.page(ada)
    await installed(page)
    await page.context.set_offline(True)
    await page.get_by_role("combobox", name="Category").fill("Food")
    await page.get_by_role("option", name="Food").click()
    await record(page, "12.50", "Bread")
    await page.get_by_role("combobox", name="Category").fill("")
    await record(page, "3.00", "Bus")
    await ada.call(
        "DELETE", f"/ledgers/default/categories/{food['id']}", headers={"If-Match": food["etag"]}
    )
    await page.context.set_offline(False)
    await expect(row(page, "Bread")).to_contain_text("Was refused")
    # What does not depend on it goes on.
    await expect(row(page, "Bus")).not_to_contain_text(WAITS)
    await row(page, "Bread").locator("button.open").click()
    dialog = page.get_by_role("dialog", name="Changes that wait")
    await expect(dialog).to_contain_text("This ledger has no such category")
    await dialog.get_by_role("button", name="Send Bread again").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("This ledger has no such category")
    await dialog.get_by_role("button", name="Edit Bread").click()
    form = dialog.get_by_role("form", name="Edit")
    await form.get_by_label("Category").fill("")
    await form.get_by_label("Amount").fill("12.90")
    await form.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Nothing waits.")
    made = {one["description"]: one["amount"] for one in await expenses(ada)}
    assert made == {"Bread": "12.90", "Bus": "3.00"}


async def test_after_a_restore_creates_go_on_and_changes_become_conflicts(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    page = await site.page(ada)
    await expect(row(page, "Coffee")).to_be_visible()
    await installed(page)
    await page.context.set_offline(True)
    await record(page, "12.50", "Bread")
    await change(page, "Coffee", Description="Espresso")
    await expect(page.get_by_role("button", name="2 changes wait")).to_be_visible()
    await site.service.pool.execute("update public.installation set epoch = 'abcdef012345'")
    await page.context.set_offline(False)
    await expect(row(page, "Bread")).not_to_contain_text(WAITS)
    await expect(row(page, "Espresso")).to_contain_text("Was changed elsewhere")
    assert {one["description"] for one in await expenses(ada)} == {"Bread", "Coffee"}
    await row(page, "Espresso").locator("button.open").click()
    dialog = page.get_by_role("dialog", name="Changes that wait")
    await dialog.get_by_role("button", name="Keep all from here").click()
    await expect(dialog).to_contain_text("Nothing waits.")
    assert {one["description"] for one in await expenses(ada)} == {"Bread", "Espresso"}


async def test_taking_back_what_may_have_arrived_takes_it_back_there_as_well(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada)
    line = Line()
    await page.route("**/expenses/*", line.carry)
    await record(page, "12.50", "Bread")
    dialog = await waiting(page)
    await dialog.get_by_role("button", name="Discard Bread").click()
    await expect(dialog.get_by_text("To the trash")).to_be_visible()
    line.is_bad = False
    await connected(page)
    await expect(dialog).to_contain_text("Nothing waits.")
    assert await expenses(ada) == []
    trashed = await expenses(ada, trashed="true")
    assert [one["description"] for one in trashed] == ["Bread"]


async def test_what_nobody_can_have_is_just_dropped_and_comes_back_with_undo(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada)
    await installed(page)
    await page.context.set_offline(True)
    await expect(page.get_by_role("button", name="Offline")).to_be_visible()
    await record(page, "12.50", "Bread")
    dialog = await waiting(page)
    await dialog.get_by_role("button", name="Discard Bread").click()
    await expect(dialog).to_contain_text("Nothing waits.")
    await dialog.get_by_role("button", name="Close").click()
    await expect(row(page, "Bread")).to_have_count(0)
    await (
        page.get_by_text("Discarded Bread").locator("..").get_by_role("button", name="Undo").click()
    )
    await expect(row(page, "Bread")).to_contain_text(WAITS)
    await page.context.set_offline(False)
    await expect(page.get_by_text(WAITS)).to_have_count(0)
    assert [one["description"] for one in await expenses(ada)] == ["Bread"]
