"""The overview: what was spent, where it went and when, by pointer, keyboard and table."""

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from web.site import DESKTOP, PHONE, Site
from world import Person

TODAY = dt.datetime.now(ZoneInfo("Europe/Rome")).date()
THIS = TODAY.replace(day=1)
LAST = (THIS - dt.timedelta(days=1)).replace(day=1)


async def category(ada: Person, name: str, parent: str | None = None) -> str:
    body = {"name": name, "parent_id": parent}
    made = await ada.call("POST", "/ledgers/default/categories", json=body)
    return str(made.json()["id"])


async def household(site: Site) -> tuple[Person, dict[str, str]]:
    """Two months: food in two sub-categories, rent, something uncategorised, an income."""
    ada = await site.world.person()
    ids = {"Food": await category(ada, "Food"), "Rent": await category(ada, "Rent")}
    ids["Coffee"] = await category(ada, "Coffee", ids["Food"])
    ids["Groceries"] = await category(ada, "Groceries", ids["Food"])
    for date, amount, what, name in (
        (THIS, "900.00", "Rent", "Rent"), (THIS, "60.00", "Market", "Groceries"),
        (TODAY, "15.00", "Espresso", "Coffee"), (THIS, "5.00", "Tip", "Food"),
        (THIS, "20.00", "Card 4711", None),
        (LAST, "900.00", "Rent", "Rent"), (LAST, "350.00", "Market", "Groceries"),
    ):  # fmt: skip
        await ada.expense(amount, what, date=date.isoformat(), category_id=ids.get(name or ""))
    await ada.expense("2000.00", "Salary", kind="income", date=THIS.isoformat())
    return ada, ids


async def summary(ada: Person, query: str) -> Any:
    return (await ada.call("GET", f"/ledgers/default/expenses/summary?{query}")).json()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_sums_are_those_of_the_api_beside_the_month_before(
    site: Site, size: dict[str, int]
) -> None:
    ada, _ = await household(site)
    page = await site.page(ada, viewport=size)
    overview = page.get_by_role("region", name="Overview")
    total = (await summary(ada, ""))["totals"][0]
    assert (total["spent"], total["previous"]["spent"]) == ("1000.00", "1250.00")
    await expect(overview.get_by_role("heading", level=2)).to_have_text(f"{THIS:%B %Y}")
    await expect(overview).to_contain_text("€1,000.00")
    await expect(overview).to_contain_text(f"20% less than {LAST:%B %Y} (€1,250.00)")
    await expect(overview.locator("dl")).to_contain_text(f"€{total['per_day']}")
    await expect(overview.locator("dl")).to_contain_text("+€1,000.00")


async def test_the_ring_is_walked_and_opened_by_keyboard(site: Site) -> None:
    ada, _ = await household(site)
    page = await site.page(ada)
    ring = page.get_by_role("group", name="By category")
    await ring.get_by_role("button", name=re.compile(r"Rent: €900\.00, 90%")).focus()
    await page.keyboard.press("ArrowRight")
    food = ring.get_by_role("button", name=re.compile(r"Food: €80\.00, 8%"))
    await expect(food).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Back to all categories")).to_be_focused()
    card = page.get_by_role("region", name=re.compile("^Food$"))
    await expect(card.get_by_role("listitem")).to_have_text(
        [re.compile("Groceries.*75%"), re.compile("Coffee.*19%"), re.compile("Food itself.*6%")]
    )
    await page.keyboard.press("Enter")
    await expect(ring.get_by_role("button")).to_have_count(3)
    await ring.get_by_role("button", name=re.compile("No category")).focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/expenses\?.*category=none"))
    await expect(page.locator("li.row")).to_have_count(2)


async def test_every_chart_turns_into_a_table(site: Site) -> None:
    ada, _ = await household(site)
    page = await site.page(ada)
    switches = page.get_by_role("button", name="Show as a table")
    await switches.nth(0).click()
    await switches.nth(1).click()
    await expect(
        page.get_by_role("row", name=re.compile("Food.*€80.00.*8%.*€350.00"))
    ).to_be_visible()
    days = page.get_by_role("region", name="By day").get_by_role("row")
    await expect(days.nth(1)).to_contain_text("€985.00" if TODAY != THIS else "€1,000.00")


async def test_bars_name_their_day_and_the_one_before(site: Site) -> None:
    ada, _ = await household(site)
    page = await site.page(ada)
    bars = page.get_by_role("group", name="By day").get_by_role("button")
    await bars.first.focus()
    first = "€985.00" if TODAY != THIS else "€1,000.00"
    await expect(page.locator("figcaption")).to_contain_text(f"{first} before €1,250.00")
    await page.keyboard.press("ArrowRight")
    await expect(bars.nth(1)).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(f"from={THIS}&to={THIS}"))


async def test_periods_are_picked_moved_and_linked(site: Site) -> None:
    ada, _ = await household(site)
    page = await site.page(ada)
    heading = page.get_by_role("region", name="Overview").get_by_role("heading", level=2)
    await page.get_by_role("button", name="Earlier").click()
    await expect(heading).to_have_text(f"{LAST:%B %Y}")
    await expect(page).to_have_url(re.compile(f"at={LAST}"))
    await page.get_by_role("button", name="Today").click()
    await expect(heading).to_have_text(f"{THIS:%B %Y}")
    await page.get_by_label("Period").select_option("year")
    await expect(heading).to_have_text(f"{THIS:%Y}")
    await expect(page.get_by_role("group", name="By month").get_by_role("button")).to_have_count(12)
    await page.goto(f"/?from={LAST}&to={THIS}")
    await expect(page.get_by_label("Period")).to_have_value("range")
    await expect(page.get_by_label("From")).to_have_value(LAST.isoformat())


async def test_a_month_begins_on_the_ledgers_own_day(site: Site) -> None:
    ada = await site.world.person()
    ledger = (await ada.call("GET", "/ledgers/default")).json()
    await ada.call(
        "PATCH", "/ledgers/default", json={"first_day_of_month": 25},
        headers={"If-Match": ledger["etag"]}, status=200,
    )  # fmt: skip
    await ada.expense("5.00", "Bread", date="2026-03-24")
    await ada.expense("7.00", "Milk", date="2026-03-25")
    page = await site.page(ada, "/?at=2026-03-25")
    overview = page.get_by_role("region", name="Overview")
    await expect(overview.get_by_role("heading", level=2)).to_have_text(
        re.compile("25 Mar .* 24 Apr 2026")
    )
    await expect(overview).to_contain_text(re.compile("40% more than 25 Feb .* 24 Mar 2026 .€5.00"))


async def test_currencies_are_kept_apart(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("10.00", "Bread", date=TODAY.isoformat())
    await ada.expense("3000", "Ramen", currency="JPY", date=TODAY.isoformat())
    page = await site.page(ada)
    await expect(page.get_by_text("Different currencies are never added up.")).to_be_visible()
    overview = page.get_by_role("region", name="Overview")
    await expect(overview.get_by_role("list").last).to_contain_text("Bread")
    await overview.get_by_role("button", name=re.compile("JPY")).click()
    await expect(overview.get_by_role("list").last).to_contain_text("Ramen")
    await expect(overview.get_by_role("list").last).not_to_contain_text("Bread")


async def test_it_follows_what_is_recorded(site: Site) -> None:
    ada, _ = await household(site)
    page = await site.page(ada)
    overview = page.get_by_role("region", name="Overview")
    await expect(overview).to_contain_text("€1,000.00")
    await ada.expense("200.00", "Shoes", date=TODAY.isoformat())
    await expect(overview).to_contain_text("€1,200.00")
    await expect(overview.get_by_role("list").last).to_contain_text("Shoes")


async def test_enormous_amounts_and_endless_names_fit(site: Site) -> None:
    ada = await site.world.person()
    long = await category(ada, "A category with a name that goes on and on " + "x" * 50)
    await ada.expense("9999999999999.99", "Gold", date=TODAY.isoformat(), category_id=long)
    page = await site.page(ada, viewport={"width": 320, "height": 640})
    await expect(page.get_by_role("region", name="Overview")).to_contain_text(
        "€9,999,999,999,999.99"
    )

    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
