"""One's own account: name, password, the look of this browser, sessions, and leaving for good."""

import pytest
from playwright.async_api import Page, expect

from web.axe import no_findings
from web.site import DESKTOP, PHONE, Site

PASSWORD = "correct horse battery"


async def set_password(page: Page, new: str, current: str | None = None) -> None:
    if current is not None:
        await page.get_by_label("Password you have now").fill(current)
    await page.get_by_label("New password").fill(new)
    await (
        page.get_by_role("button", name="Set password")
        .or_(page.get_by_role("button", name="Change password"))
        .click()
    )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_name_and_address_are_changed(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/me", viewport=size)
    await page.get_by_role("textbox", name="Name").fill("Ada L.")
    await page.get_by_label("E-mail").fill("ada@example.org")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    me = (await ada.call("GET", "/me")).json()
    assert (me["name"], me["email"]) == ("Ada L.", "ada@example.org")
    await page.get_by_role("textbox", name="Name").fill(" ")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("textbox", name="Name")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#me-name-fault")).not_to_be_empty()


async def test_what_was_changed_elsewhere_is_not_overwritten_unseen(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/me")
    await expect(page.get_by_role("textbox", name="Name")).to_have_value("Ada")
    await ada.call("PATCH", "/me", json={"email": "new@example.org"}, headers={"If-Match": "*"})
    await page.get_by_role("textbox", name="Name").fill("Ada L.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("changed elsewhere meanwhile")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Name")).to_have_value("Ada L.")
    await page.get_by_label("E-mail").fill("new@example.org")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    me = (await ada.call("GET", "/me")).json()
    assert (me["name"], me["email"]) == ("Ada L.", "new@example.org")


async def test_a_first_password_lets_one_in_again(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/me")
    await page.get_by_label("E-mail").fill("ada@example.org")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("You have no password yet")).to_be_visible()
    await set_password(page, "short")
    await expect(page.get_by_text("A password has 10 characters or more")).to_be_visible()
    await set_password(page, PASSWORD)
    await expect(page.get_by_text("Your password is set")).to_be_visible()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await page.get_by_label("E-mail").fill("ada@example.org")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("main#main")).to_be_visible()


async def test_a_changed_password_ends_the_other_sessions(site: Site) -> None:
    ada = await site.world.person()
    other = await site.page(ada, "/history")
    page = await site.page(ada, "/me")
    await set_password(page, PASSWORD)
    await expect(page.get_by_text("Your password is set")).to_be_visible()
    await set_password(page, "another horse battery", "not the one")
    await expect(page.get_by_text("This is not the password you have now")).to_be_visible()
    await set_password(page, "another horse battery", PASSWORD)
    await expect(page.get_by_text("This is not the password")).to_have_count(0)
    await expect(page.get_by_label("Password you have now")).to_have_value("")
    await other.reload()
    await expect(other.get_by_role("button", name="Sign in")).to_be_visible()


async def test_the_colours_are_chosen_and_kept(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/me", color_scheme="light")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(colour)
    await page.get_by_role("radio", name="Dark").check()
    assert await page.evaluate(colour) != light
    await page.reload()
    await expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    assert await page.evaluate(colour) != light
    await page.get_by_role("radio", name="As the device").check()
    assert await page.evaluate(colour) == light


async def test_sessions_are_listed_and_ended_one_by_one_and_all_at_once(site: Site) -> None:
    ada = await site.world.person()
    others = [await site.page(ada, "/history") for _ in range(2)]
    page = await site.page(ada, "/me")
    sessions = page.locator("section", has=page.get_by_role("heading", name="Where you are signed"))
    await expect(sessions.get_by_role("listitem")).to_have_count(3)
    await expect(sessions.get_by_text("This one")).to_have_count(1)
    await expect(sessions.get_by_role("button", name="seen")).to_have_count(2)
    await sessions.get_by_role("button", name="seen").first.click()
    await expect(sessions.get_by_role("listitem")).to_have_count(2)
    await sessions.get_by_role("button", name="Sign out everywhere else").click()
    await expect(sessions.get_by_role("listitem")).to_have_count(1)
    for other in others:
        await other.reload()
        await expect(other.get_by_role("button", name="Sign in")).to_be_visible()
    again = await site.page(ada, "/me")
    await again.get_by_role("button", name="Sign out everywhere", exact=True).click()
    await expect(again.get_by_role("button", name="Sign in")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


async def test_an_account_is_deleted_with_its_name_typed_and_its_ledgers_named(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/me")
    await page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("dialog", name="Delete your account")
    await expect(dialog.get_by_role("button", name="Delete for good")).to_be_disabled()
    await no_findings(page)
    await dialog.get_by_label("Type your name").fill("Ada")
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(dialog.get_by_role("alert")).to_contain_text(
        "Tick the box to delete them too: Home"
    )
    await dialog.get_by_role("checkbox").check()
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    gone = "select is_placeholder from public.users where id = $1"
    assert await site.service.pool.fetchval(gone, ada.id) is True


async def test_the_last_owner_of_a_shared_ledger_stays(site: Site) -> None:
    ada = await site.world.person()
    await site.world.person("Bea", ledger=ada.ledger, role="editor")
    page = await site.page(ada, "/me")
    await page.get_by_role("button", name="Delete my account").click()
    await page.get_by_label("Type your name").fill("Ada")
    await page.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(
        "make one of them an owner first: Home"
    )
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Delete my account")).to_be_focused()


async def test_another_first_ledger_is_chosen(site: Site) -> None:
    ada = await site.world.person()
    second = (
        await ada.call("POST", "/ledgers", json={"name": "Office", "currency": "EUR"})
    ).json()["id"]
    page = await site.page(ada, "/me")
    await page.get_by_label("First ledger").select_option(label="Office")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    assert (await ada.call("GET", "/me")).json()["default_ledger_id"] == second
