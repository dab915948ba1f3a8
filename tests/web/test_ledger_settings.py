"""A ledger's settings, other ledgers beside it, the demo, and the menu that leads between them."""

import re

import pytest
from playwright.async_api import Page, expect

from web.axe import no_findings, without_toasts
from web.site import DESKTOP, PHONE, Site
from world import Person


async def ledgers(person: Person) -> dict[str, str]:
    rows = (await person.call("GET", "/ledgers")).json()["items"]
    return {row["name"]: row["id"] for row in rows}


async def pick(page: Page, shown: str, wanted: str) -> None:
    await page.get_by_role("button", name=f"Ledger: {shown}").click()
    await page.get_by_role("menuitemradio", name=wanted).click()


async def undo(page: Page) -> None:
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_text("Undone", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_owner_changes_the_settings_and_takes_them_back(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/ledger", viewport=size)
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await page.get_by_label("Name", exact=True).fill("Household")
    await page.get_by_label("Currency").select_option("CHF")
    await page.get_by_label("Time zone").select_option("Europe/Zurich")
    await page.get_by_label("First day of the month").select_option("31")
    await expect(page.get_by_text("Shorter months begin on their last day.")).to_be_visible()
    await page.get_by_label("First day of the week").select_option(label="Sunday")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The settings are saved")).to_be_visible()
    await expect(page.get_by_role("button", name="Ledger: Household")).to_be_visible()
    row = (await ada.call("GET", "/ledgers/default")).json()
    assert (row["currency"], row["time_zone"]) == ("CHF", "Europe/Zurich")
    assert (row["first_day_of_month"], row["first_day_of_week"]) == (31, 7)
    await undo(page)
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Home")
    assert (await ada.call("GET", "/ledgers/default")).json()["currency"] == "EUR"
    await without_toasts(page)
    await no_findings(page)


@pytest.mark.parametrize("choice", ["Use mine", "Keep the other"])
async def test_of_two_versions_of_the_settings_the_owner_chooses(site: Site, choice: str) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/ledger")
    await page.get_by_label("Name", exact=True).fill("Mine")
    change = {"name": "Theirs", "first_day_of_month": 25}
    await ada.call("PATCH", "/ledgers/default", json=change, headers={"If-Match": "*"}, status=200)
    await expect(page.get_by_text("This was changed elsewhere meanwhile")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("row", name="Name Mine Theirs")).to_be_visible()
    await page.get_by_role("button", name=choice).click()
    kept = "Mine" if choice == "Use mine" else "Theirs"
    await expect(page.get_by_role("button", name=f"Ledger: {kept}")).to_be_visible()
    await expect(page.get_by_label("Name", exact=True)).to_have_value(kept)
    await expect(page.get_by_label("First day of the month")).to_have_value("25")


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_others_than_owners_read_the_settings(site: Site, role: str) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben", ledger=ada.ledger, role=role)
    page = await site.page(ben, "/ledger")
    await expect(page.get_by_text("Only owners change the settings.")).to_be_visible()
    await expect(page.get_by_text("Europe/Rome")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_have_count(0)
    await expect(page.get_by_text("Delete this ledger")).to_have_count(0)
    await no_findings(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_new_ledger_is_begun_from_the_menu_and_becomes_the_first(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/", viewport=size)
    await page.get_by_role("button", name="Ledger: Home").click()
    await no_findings(page)
    await page.get_by_role("menuitem", name="New ledger").click()
    await page.get_by_role("button", name="Begin the ledger").click()
    await expect(page.get_by_text("Type a name.")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("Club <i>")
    await page.get_by_label("Currency").select_option("JPY")
    await page.get_by_label("Begin with a set of categories").uncheck()
    await page.get_by_role("button", name="Begin the ledger").click()
    await expect(page.get_by_role("button", name="Ledger: Club <i>")).to_be_visible()
    club = (await ledgers(ada))["Club <i>"]
    assert (await ada.call("GET", f"/ledgers/{club}/categories")).json()["items"] == []
    await page.goto("/ledger")
    await page.get_by_role("button", name="Make it my first ledger").click()
    await expect(page.get_by_text("This is the ledger you see first.")).to_be_visible()
    assert (await ada.call("GET", "/ledgers/default")).json()["id"] == club
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_role("button", name="Make it my first ledger")).to_be_visible()
    await pick(page, "Club <i>", "Home")
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Home")


async def test_a_ledger_goes_for_good_only_when_its_name_is_typed(site: Site) -> None:
    ada = await site.world.person()
    await ada.call("POST", "/ledgers", json={"name": "Club", "currency": "EUR"}, status=201)
    page = await site.page(ada, "/ledger")
    await pick(page, "Home", "Club")
    await page.get_by_text("Delete this ledger…").click()
    await page.get_by_label("Type its name to confirm: Club").fill("club")
    await page.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_text("This is not the name.")).to_be_visible()
    assert set(await ledgers(ada)) == {"Home", "Club"}
    await no_findings(page)
    await page.get_by_label("Type its name to confirm: Club").fill("Club")
    await page.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_text("Club was deleted")).to_be_visible()
    await expect(page.get_by_text("is not yours any more")).to_have_count(0)
    await expect(page.get_by_role("button", name="Ledger: Home")).to_be_visible()
    assert set(await ledgers(ada)) == {"Home"}


async def test_who_deletes_their_last_ledger_is_led_to_a_new_one(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/ledger", viewport=PHONE)
    await page.get_by_text("Delete this ledger…").click()
    await page.get_by_label("Type its name to confirm: Home").fill("Home")
    await page.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_role("heading", name="You have no ledger")).to_be_visible()
    await page.get_by_role("link", name="New ledger").click()
    await page.get_by_label("Name", exact=True).fill("Flat")
    await page.get_by_role("button", name="Begin the ledger").click()
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    assert set(await ledgers(ada)) == {"Flat"}


async def test_a_demo_is_one_click_on_an_empty_ledger_and_one_to_remove(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada)
    await page.get_by_role("button", name="Make a demo ledger").click()
    await expect(page.get_by_role("button", name="Ledger: Demo")).to_be_visible()
    await expect(page.locator("li.row").first).to_be_visible()
    await expect(page.get_by_text("everything in it is invented")).to_be_visible()
    await page.goto("/ledger")
    await page.get_by_role("button", name="Remove the demo").click()
    await expect(page.get_by_text("The demo was removed")).to_be_visible()
    await expect(page.get_by_role("button", name="Ledger: Home")).to_be_visible()
    assert set(await ledgers(ada)) == {"Home"}


async def test_the_demo_is_offered_in_the_settings_and_shown_again(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/ledger")
    await page.get_by_role("button", name="Make a demo ledger").click()
    await expect(page.get_by_role("button", name="Ledger: Demo")).to_be_visible()
    await pick(page, "Demo", "Home")
    await expect(page.get_by_text("Make a demo ledger")).to_have_count(0)
    await page.goto("/ledger")
    await page.get_by_role("button", name="Show it").click()
    await expect(
        page.get_by_text("This is the demo: everything in it is invented.")
    ).to_be_visible()
    await page.get_by_role("button", name="Remove the demo").click()
    await expect(page.get_by_role("button", name="Ledger: Home")).to_be_visible()


async def test_the_menu_of_ledgers_works_by_keyboard(site: Site) -> None:
    ada = await site.world.person()
    await ada.call("POST", "/ledgers", json={"name": "Club", "currency": "EUR"}, status=201)
    page = await site.page(ada, "/categories")
    button = page.get_by_role("button", name="Ledger: Home")
    await button.focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitemradio", name="Home")).to_have_attribute(
        "aria-checked", "true"
    )
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("c")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Ledger: Club")).to_be_focused()
    await expect(page.get_by_role("button", name=re.compile("^Groceries$"))).to_be_visible()


@pytest.mark.parametrize(
    "place", ["Categories", "Accounts", "Tags", "Members", "History", "Ledger settings", "You"]
)
async def test_on_a_phone_every_other_page_is_behind_more(site: Site, place: str) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/", viewport=PHONE)
    bar = page.get_by_role("navigation", name="Pages")
    await expect(bar.get_by_role("link")).to_have_text(
        ["Home", "Expenses", "Add", "Import", "More"], use_inner_text=True
    )
    await bar.get_by_role("link", name="More").click()
    await page.get_by_role("main").get_by_role("link", name=place).click()
    await expect(page.get_by_role("heading", level=1, name=place)).to_be_visible()
    await expect(bar.get_by_role("link", name="More")).to_have_attribute("aria-current", "page")
    await bar.get_by_role("link", name="Add").click()
    await expect(page.get_by_role("textbox", name="Amount")).to_be_focused()
