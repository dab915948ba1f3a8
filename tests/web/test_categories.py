"""The page of categories: the tree is made, changed, ordered, merged and taken back by hand."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from web.axe import no_findings, without_toasts
from web.site import DESKTOP, PHONE, Site
from world import Person

PATH = "/ledgers/default/categories"


async def made(person: Person, name: str, **more: Any) -> str:
    """A category's id."""
    answer = await person.call("POST", PATH, json={"name": name, **more}, status=201)
    return str(answer.json()["id"])


async def tree(person: Person) -> list[tuple[str, str]]:
    """Names with their parents', in the service's order; archived ones left out."""
    rows = (await person.call("GET", PATH)).json()["items"]
    names = {row["id"]: row["name"] for row in rows}
    return [(row["name"], names.get(row["parent_id"], "")) for row in rows if not row["archived"]]


async def one(person: Person, name: str) -> dict[str, Any]:
    rows = (await person.call("GET", PATH)).json()["items"]
    return next(row for row in rows if row["name"] == name)


def named(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def menu(page: Page, name: str, action: str) -> None:
    await named(page, f"More for {name}").click()
    await page.get_by_role("menuitem", name=action, exact=True).click()


async def undo(page: Page) -> None:
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_text("Undone", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_category_is_added_and_changed_in_its_place(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/categories", viewport=size)
    await named(page, "Add category for what is spent").click()
    form = page.get_by_role("form", name="Add category")
    await expect(form.get_by_label("Name")).to_be_focused()
    await form.get_by_label("Name").fill("Pets")
    await form.get_by_label("Icon (emoji)").fill("🐾")
    await form.get_by_label("Pink").check()
    await page.keyboard.press("Enter")
    await expect(named(page, "Pets")).to_be_visible()
    await expect(page.get_by_text("Pets was added")).to_be_visible()
    row = await one(ada, "Pets")
    assert (row["hue"], row["icon"], row["kind"], row["parent_id"]) == (3, "🐾", "expense", None)
    await named(page, "Pets").click()
    form = page.get_by_role("form", name="Edit Pets")
    await form.get_by_label("Name").fill("Animals")
    await form.get_by_text("Choose an icon").click()
    await form.get_by_role("button", name="🧸").click()
    await without_toasts(page)
    await no_findings(page)
    await form.get_by_role("button", name="Save").click()
    await expect(named(page, "Animals")).to_be_focused()
    row = await one(ada, "Animals")
    assert (row["hue"], row["icon"]) == (3, "🧸")
    await undo(page)
    await expect(named(page, "Pets")).to_be_visible()


async def test_a_category_is_added_under_another_and_moved(site: Site) -> None:
    ada = await site.world.person()
    await made(ada, "Food", hue=1)
    await made(ada, "Leisure", hue=5)
    page = await site.page(ada, "/categories")
    await menu(page, "Food", "Add a category under it")
    await page.get_by_label("Name").fill("Coffee")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("list", name="Under Food").get_by_text("Coffee")).to_be_visible()
    await named(page, "Coffee").click()
    await page.get_by_role("combobox", name="Under").select_option(label="Leisure")
    await named(page, "Save").click()
    await expect(
        page.get_by_role("list", name="Under Leisure").get_by_text("Coffee")
    ).to_be_visible()
    assert await tree(ada) == [("Food", ""), ("Leisure", ""), ("Coffee", "Leisure")]
    await named(page, "Leisure").click()
    await expect(page.get_by_role("combobox", name="Under")).to_be_disabled()
    await page.keyboard.press("Escape")
    await expect(named(page, "Leisure")).to_be_focused()


async def test_a_name_that_is_taken_is_refused_and_kept(site: Site) -> None:
    ada = await site.world.person()
    await made(ada, "Food")
    await made(ada, "Drink")
    page = await site.page(ada, "/categories")
    await named(page, "Drink").click()
    await page.get_by_label("Name").fill("food ")
    await named(page, "Save").click()
    await expect(page.get_by_text("There is a category of that name here already")).to_be_visible()
    await expect(page.get_by_label("Name")).to_have_value("food ")
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.get_by_label("Name").fill(" ")
    await named(page, "Save").click()
    await expect(page.get_by_text("Type a name.")).to_be_visible()


async def test_categories_are_ordered_by_keyboard_and_by_menu(site: Site) -> None:
    ada = await site.world.person()
    for place, name in enumerate(("Home", "Food", "Travel")):
        await made(ada, name, position=place)
    page = await site.page(ada, "/categories")
    await named(page, "Travel").focus()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.get_by_text("Travel is now number 2 of 3")).to_be_visible()
    assert [name for name, _ in await tree(ada)] == ["Home", "Travel", "Food"]
    await expect(named(page, "Travel")).to_be_focused()
    await menu(page, "Travel", "Move up")
    await expect(page.get_by_text("Travel is now number 1 of 3")).to_be_visible()
    assert [name for name, _ in await tree(ada)] == ["Travel", "Home", "Food"]
    await undo(page)
    assert [name for name, _ in await tree(ada)] == ["Home", "Travel", "Food"]


async def test_a_category_goes_into_the_archive_and_comes_back(site: Site) -> None:
    ada = await site.world.person()
    await made(ada, "Food")
    await made(ada, "Drink")
    page = await site.page(ada, "/categories")
    await menu(page, "Food", "Archive")
    await expect(page.get_by_text("Food is archived")).to_be_visible()
    await expect(named(page, "Food")).to_have_count(0)
    await page.get_by_text("1 archived").click()
    await menu(page, "Food", "Take out of the archive")
    await expect(named(page, "Food")).to_be_visible()
    assert not (await one(ada, "Food"))["archived"]


async def test_deleting_says_what_becomes_of_the_rows_and_can_be_undone(site: Site) -> None:
    ada = await site.world.person()
    food = await made(ada, "Food")
    await made(ada, "Coffee", parent_id=food)
    for amount in ("1.00", "2.00"):
        await ada.expense(amount, "Bread", category_id=food)
    page = await site.page(ada, "/categories")
    await expect(page.get_by_role("link", name="2 entries of Food")).to_be_visible()
    await menu(page, "Food", "Delete")
    asked = page.get_by_role("group", name="Delete Food")
    await expect(asked).to_contain_text("Its 2 entries stay, without a category.")
    await expect(asked).to_contain_text("moves to the top level: Coffee.")
    await page.keyboard.press("Escape")
    await expect(named(page, "Food")).to_be_focused()
    await menu(page, "Food", "Delete")
    await named(page, "Delete Food").click()
    await expect(named(page, "Food")).to_have_count(0)
    assert await tree(ada) == [("Coffee", "")]
    await undo(page)
    await expect(page.get_by_role("link", name="2 entries of Food")).to_be_visible()
    assert await tree(ada) == [("Food", ""), ("Coffee", "Food")]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_merge_shows_what_will_change_before_it_does(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    food, eating = await made(ada, "Food"), await made(ada, "Eating")
    await made(ada, "Coffee", parent_id=eating)
    coffee = await made(ada, "Coffee", parent_id=food)
    await made(ada, "Lunch", parent_id=food)
    await ada.expense("1.00", "Bread", category_id=food)
    trashed = await ada.expense("2.00", "Cake", category_id=food)
    await ada.call(
        "DELETE", f"/ledgers/default/expenses/{trashed['id']}", headers={"If-Match": "*"}
    )
    await ada.expense("3.00", "Espresso", category_id=coffee)
    page = await site.page(ada, "/categories", viewport=size)
    await menu(page, "Food", "Merge")
    await page.get_by_label("Merge Food into").select_option(label="Eating")
    said = page.get_by_role("form", name="Merge Food").get_by_role("listitem")
    await expect(said).to_have_text([
        "1 entry moves to Eating. 1 more in the trash moves too.",
        "Food / Coffee is merged into Eating / Coffee, with 1 entry.",
        "Lunch moves under Eating.",
        "Food is deleted.",
    ])  # fmt: skip
    assert len(await tree(ada)) == 5
    await no_findings(page)
    await named(page, "Merge into Eating").click()
    await expect(page.get_by_text("Food was merged into Eating")).to_be_visible()
    assert await tree(ada) == [("Eating", ""), ("Coffee", "Eating"), ("Lunch", "Eating")]
    assert (await one(ada, "Eating"))["entries"] == 1
    await undo(page)
    await expect(named(page, "Food")).to_be_visible()
    assert len(await tree(ada)) == 5


@pytest.mark.parametrize("choice", ["Use mine", "Keep the other"])
async def test_of_two_versions_the_person_chooses(site: Site, choice: str) -> None:
    ada = await site.world.person()
    food = await made(ada, "Food", icon="🛒")
    page = await site.page(ada, "/categories")
    await named(page, "Food").click()
    await page.get_by_label("Name").fill("Eating")
    change = {"name": "Meals", "icon": "🍽️"}
    await ada.call("PATCH", f"{PATH}/{food}", json=change, headers={"If-Match": "*"}, status=200)
    await expect(page.get_by_text("This was changed elsewhere meanwhile")).to_be_visible()
    await named(page, "Save").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("row", name="Name Eating Meals")).to_be_visible()
    # What only the others changed stays as they left it, whichever name counts.
    await expect(dialog.get_by_role("row")).to_have_count(2)
    await no_findings(page)
    await named(page, choice).click()
    await expect(dialog).to_have_count(0)
    kept = "Eating" if choice == "Use mine" else "Meals"
    await expect(named(page, kept)).to_be_visible()
    row = (await ada.call("GET", f"{PATH}/{food}")).json()
    assert (row["name"], row["icon"]) == (kept, "🍽️")


async def test_what_changes_elsewhere_shows_by_itself(site: Site) -> None:
    ada = await site.world.person()
    food = await made(ada, "Food")
    page = await site.page(ada, "/categories")
    await expect(page.get_by_text("Live").first).to_be_visible()
    await made(ada, "Travel")
    await expect(named(page, "Travel")).to_be_visible()
    await ada.expense("1.00", "Bread", category_id=food)
    await expect(page.get_by_role("link", name="1 entry of Food")).to_be_visible()


async def test_a_viewer_sees_the_tree_and_changes_nothing(site: Site) -> None:
    ada = await site.world.person()
    food = await made(ada, "Food")
    await ada.expense("1.00", "Bread", category_id=food)
    viewer = await site.world.person("Vera", ledger=ada.ledger, role="viewer")
    page = await site.page(viewer, "/categories")
    await expect(page.get_by_text("Food")).to_be_visible()
    main = page.get_by_role("main")
    await expect(main.get_by_role("button")).to_have_count(0)
    await main.get_by_role("link", name="1 entry of Food").click()
    await expect(page).to_have_url(f"{site.url}/expenses?category={food}")


async def test_an_editor_changes_categories(site: Site) -> None:
    ada = await site.world.person()
    await made(ada, "Food")
    editor = await site.world.person("Ed", ledger=ada.ledger, role="editor")
    page = await site.page(editor, "/categories")
    await named(page, "Food").click()
    await page.get_by_label("Name").fill("Eating")
    await page.keyboard.press("Enter")
    await expect(named(page, "Eating")).to_be_visible()


async def test_hostile_names_stay_text(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/categories", viewport=PHONE)
    for name in (
        '<img src=x onerror="alert(1)">',
        "\u202eright to left",
        "W" * 100,
        "👩‍👩‍👧‍👦" * 5,
    ):
        await named(page, "Add category for what comes in").click()
        await page.get_by_label("Name").fill(name)
        await page.keyboard.press("Enter")
        await expect(named(page, name)).to_be_visible()
        await expect(page.get_by_label("Name")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert len(await tree(ada)) == 4
