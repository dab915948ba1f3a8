"""The tags: made, renamed, merged, taken off everything and put back."""

import pytest
from playwright.async_api import Locator, Page, expect

from web.axe import no_findings, without_toasts
from web.site import DESKTOP, PHONE, Site
from world import Person

PATH = "/ledgers/default/tags"


async def made(person: Person, name: str) -> str:
    """A tag's id."""
    answer = await person.call("POST", PATH, json={"name": name}, status=201)
    return str(answer.json()["id"])


async def counts(person: Person) -> dict[str, int]:
    rows = (await person.call("GET", PATH)).json()["items"]
    return {row["name"]: row["entries"] for row in rows}


def named(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def menu(page: Page, name: str, action: str) -> None:
    await named(page, f"More for {name}").click()
    await page.get_by_role("menuitem", name=action, exact=True).click()


async def undo(page: Page) -> None:
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_text("Undone", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_tags_are_added_one_after_the_other_and_renamed(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/tags", viewport=size)
    await expect(page.get_by_text("Tags go across categories")).to_be_visible()
    for name in ("Rome", "Work"):
        await page.get_by_label("New tag").fill(name)
        await page.keyboard.press("Enter")
        await expect(named(page, name)).to_be_visible()
    await expect(page.get_by_label("New tag")).to_have_value("")
    await named(page, "Rome").click()
    await page.get_by_role("textbox", name="Name").fill("Rome 2026")
    await without_toasts(page)
    await no_findings(page)
    await page.get_by_role("textbox", name="Name").press("Enter")
    await expect(named(page, "Rome 2026")).to_be_focused()
    assert set(await counts(ada)) == {"Rome 2026", "Work"}
    await undo(page)
    await expect(named(page, "Rome")).to_be_visible()


async def test_a_taken_name_is_refused_and_kept(site: Site) -> None:
    ada = await site.world.person()
    await made(ada, "Rome")
    page = await site.page(ada, "/tags")
    await page.get_by_label("New tag").fill("ROME")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("There is a tag of that name already")).to_be_visible()
    await expect(page.get_by_label("New tag")).to_have_value("ROME")
    await expect(page.get_by_label("New tag")).to_be_focused()


async def test_a_merge_says_what_changes_and_is_undone(site: Site) -> None:
    ada = await site.world.person()
    rome, roma = await made(ada, "Rome"), await made(ada, "Roma")
    await ada.expense("1.00", "Ice", tag_ids=[rome])
    await ada.expense("2.00", "Bus", tag_ids=[rome, roma])
    page = await site.page(ada, "/tags")
    await menu(page, "Rome", "Merge")
    await page.get_by_label("Merge Rome into").select_option(label="Roma")
    await expect(page.get_by_text("2 entries get Roma in place of Rome.")).to_be_visible()
    await named(page, "Merge into Roma").click()
    await expect(named(page, "Rome")).to_have_count(0)
    assert await counts(ada) == {"Roma": 2}
    await undo(page)
    await expect(page.get_by_role("link", name="2 entries of Rome")).to_be_visible()
    assert await counts(ada) == {"Roma": 1, "Rome": 2}


async def test_deleting_says_what_becomes_of_the_rows_and_is_undone(site: Site) -> None:
    ada = await site.world.person()
    rome = await made(ada, "Rome")
    await ada.expense("1.00", "Ice", tag_ids=[rome])
    page = await site.page(ada, "/tags")
    await menu(page, "Rome", "Delete")
    await expect(page.get_by_text("Its 1 entry stays, without this tag.")).to_be_visible()
    await named(page, "Delete Rome").click()
    await expect(page.get_by_text("Rome was deleted")).to_be_visible()
    assert await counts(ada) == {}
    await undo(page)
    await page.get_by_role("link", name="1 entry of Rome").click()
    await expect(page).to_have_url(f"{site.url}/expenses?tag={rome}")


async def test_many_tags_are_found_and_sorted(site: Site) -> None:
    ada = await site.world.person()
    tags = {name: await made(ada, name) for name in (f"Journey {n}" for n in range(14))}
    await ada.expense("1.00", "Ice", tag_ids=[tags["Journey 9"]])
    page = await site.page(ada, "/tags")
    names = page.get_by_role("list", name="Tags").locator("button.name")
    await expect(names).to_have_count(14)
    await page.get_by_label("Order").select_option(label="Most used first")
    await expect(names.first).to_have_text("Journey 9")
    await page.get_by_label("Find a tag").fill("ney 12")
    await expect(names).to_have_count(1)
    await page.get_by_label("Find a tag").fill("nothing")
    await expect(page.get_by_text("No tag has this in its name.")).to_be_visible()


async def test_of_two_names_the_person_chooses(site: Site) -> None:
    ada = await site.world.person()
    rome = await made(ada, "Rome")
    page = await site.page(ada, "/tags")
    await named(page, "Rome").click()
    await page.get_by_role("textbox", name="Name").fill("Roma")
    change = {"name": "Rom"}
    await ada.call("PATCH", f"{PATH}/{rome}", json=change, headers={"If-Match": "*"}, status=200)
    await named(page, "Save").click()
    await expect(page.get_by_role("row", name="Name Roma Rom")).to_be_visible()
    await named(page, "Keep the other").click()
    await expect(named(page, "Rom")).to_be_visible()
    assert set(await counts(ada)) == {"Rom"}


async def test_an_editor_adds_tags_and_a_viewer_only_sees_them(site: Site) -> None:
    ada = await site.world.person()
    await made(ada, "Rome")
    viewer = await site.world.person("Vera", ledger=ada.ledger, role="viewer")
    editor = await site.world.person("Ed", ledger=ada.ledger, role="editor")
    page = await site.page(viewer, "/tags")
    await expect(page.get_by_role("main").get_by_text("Rome")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    await expect(page.get_by_label("New tag")).to_have_count(0)
    other = await site.page(editor, "/tags")
    await other.get_by_label("New tag").fill("<b>Naples</b>")
    await other.keyboard.press("Enter")
    await expect(page.get_by_text("<b>Naples</b>")).to_be_visible()
