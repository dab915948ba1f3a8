"""The accounts of an installation, as its administrators manage them."""

import pytest
from playwright.async_api import Locator, Page, expect

from web.site import DESKTOP, PHONE, Site
from world import Person


def row(page: Page, name: str) -> Locator:
    return page.locator("main li").filter(has=page.get_by_role("button", name=f"More for {name}"))


async def choose(page: Page, name: str, action: str) -> None:
    await page.get_by_role("button", name=f"More for {name}").click()
    await page.get_by_role("menuitem", name=action).click()


async def user(root: Person, name: str) -> dict[str, object]:
    found = (await root.call("GET", "/users", params={"q": name}, status=200)).json()["items"]
    return found[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_person_is_added_and_comes_in_by_their_link(
    site: Site, size: dict[str, int]
) -> None:
    root = await site.world.person("Root", is_admin=True)
    page = await site.page(root, "/people", viewport=size)
    await page.get_by_role("textbox", name="Name", exact=True).fill("Bea")
    await page.get_by_role("textbox", name="E-mail").fill("bea@example.org")
    await page.get_by_role("button", name="Add a person").click()
    await expect(page.get_by_role("heading", name="A link for Bea")).to_be_focused()
    await expect(row(page, "Bea")).to_contain_text("No password yet")
    link = await page.get_by_label("Link").input_value()
    token = link.partition("#token=")[2]
    browser = site.world.client(Origin="http://localhost:8000")
    answer = await browser.post(
        "/api/v1/password-reset", json={"token": token, "password": "correct horse battery"}
    )
    assert answer.status_code == 201, answer.text
    await page.reload()
    await expect(row(page, "Bea")).not_to_contain_text("No password yet")


async def test_what_is_wrong_is_said_at_its_field_and_kept(site: Site) -> None:
    root = await site.world.person("Root", is_admin=True)
    page = await site.page(root, "/people")
    await page.get_by_role("textbox", name="Name", exact=True).fill("Bea")
    await page.get_by_role("textbox", name="E-mail").fill("nonsense")
    await page.get_by_role("button", name="Add a person").click()
    await expect(page.locator("#person-email-fault")).to_contain_text("Write an address")
    await expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Bea")


async def test_rights_are_given_taken_and_given_back_by_undo(site: Site) -> None:
    root = await site.world.person("Root", is_admin=True)
    bea = await site.world.person("Bea")
    page = await site.page(root, "/people")
    await choose(page, "Bea", "Make administrator")
    await expect(row(page, "Bea")).to_contain_text("Administrator")
    assert (await user(root, "Bea"))["is_admin"] is True
    await page.get_by_role("button", name="Undo").click()
    await expect(row(page, "Bea")).not_to_contain_text("Administrator")
    await choose(page, "Bea", "Disable")
    await expect(row(page, "Bea")).to_contain_text("Disabled")
    await bea.call("GET", "/me", status=401)
    await choose(page, "Bea", "Enable")
    await expect(row(page, "Bea")).not_to_contain_text("Disabled")
    await bea.call("GET", "/me", status=200)


async def test_the_last_administrator_is_told_so(site: Site) -> None:
    root = await site.world.person("Root", is_admin=True)
    page = await site.page(root, "/people")
    await choose(page, "Root", "Take administration away")
    await expect(page.get_by_text("The last administrator stays")).to_be_visible()
    await expect(row(page, "Root")).to_contain_text("Administrator")


async def test_a_forgotten_password_gets_a_link(site: Site) -> None:
    root = await site.world.person("Root", is_admin=True)
    await site.world.person("Bea")
    page = await site.page(root, "/people")
    await choose(page, "Bea", "Make a password link")
    assert "/reset#token=" in await page.get_by_label("Link").input_value()
    await page.get_by_role("button", name="More for Root").click()
    await expect(page.get_by_role("menuitem", name="Delete the account")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Make a password link")).to_have_count(0)


async def test_an_account_is_deleted_once_its_name_is_typed(site: Site) -> None:
    root = await site.world.person("Root", is_admin=True)
    await site.world.person("Bea", ledger=root.ledger, role="viewer")
    page = await site.page(root, "/people")
    await choose(page, "Bea", "Delete the account")
    dialog = page.get_by_role("dialog", name="Delete the account of Bea")
    await dialog.get_by_label("Type their name").fill("Be")
    await expect(dialog.get_by_role("button", name="Delete for good")).to_be_disabled()
    await dialog.get_by_label("Type their name").fill("Bea")
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_text("The account of Bea is deleted")).to_be_visible()
    await expect(row(page, "Bea")).to_have_count(0)


async def test_people_are_found_by_a_part_of_their_names(site: Site) -> None:
    root = await site.world.person("Root", is_admin=True)
    for name in ("Bea", "Cleo"):
        await site.world.person(name)
    page = await site.page(root, "/people")
    await expect(row(page, "Bea")).to_be_visible()
    await page.get_by_role("searchbox").fill("cle")
    await expect(row(page, "Bea")).to_have_count(0)
    await expect(row(page, "Cleo")).to_be_visible()
    await page.get_by_role("searchbox").fill("nobody at all")
    await expect(page.get_by_text("Nobody fits.")).to_be_visible()


async def test_the_page_is_for_administrators(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/me")
    await expect(page.get_by_role("link", name="API tokens")).to_be_visible()
    await expect(page.get_by_role("link", name="People")).to_have_count(0)
    await page.goto("/people")
    await expect(page.get_by_text("Only administrators see this page.")).to_be_visible()
    root = await site.world.person("Root", is_admin=True)
    page = await site.page(root, "/me")
    await page.get_by_role("link", name="People").click()
    await expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
