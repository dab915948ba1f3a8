"""The members: roles, removal, leaving, invitations and password links."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from web.axe import no_findings, without_toasts
from web.site import DESKTOP, PHONE, Site
from world import Person


async def roles(person: Person) -> dict[str, str]:
    rows = (await person.call("GET", "/ledgers/default/members")).json()["items"]
    return {row["name"]: row["role"] for row in rows}


def line(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="Members").get_by_role("listitem").filter(has_text=name)


async def menu(page: Page, name: str, action: str) -> None:
    await page.get_by_role("button", name=f"More for {name}", exact=True).click()
    await page.get_by_role("menuitem", name=action, exact=True).click()


async def undo(page: Page) -> None:
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_text("Undone", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_owner_gives_roles_and_takes_them_back(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    await site.world.person("Ben", ledger=ada.ledger, role="editor")
    page = await site.page(ada, "/members", viewport=size)
    await expect(line(page, "Ben")).to_contain_text("Editor")
    await menu(page, "Ben", "Make viewer")
    await expect(page.get_by_text("Ben is now Viewer")).to_be_visible()
    await expect(line(page, "Ben")).to_contain_text("Viewer")
    assert await roles(ada) == {"Ada": "owner", "Ben": "viewer"}
    await undo(page)
    await expect(line(page, "Ben")).to_contain_text("Editor")
    await without_toasts(page)
    await no_findings(page)


async def test_a_removed_member_is_brought_back_by_undo(site: Site) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben", ledger=ada.ledger, role="viewer")
    page = await site.page(ada, "/members")
    await menu(page, "Ben", "Remove")
    await expect(page.get_by_text("Ben will not see this ledger any more.")).to_be_visible()
    await page.get_by_role("button", name="Remove Ben").click()
    await expect(line(page, "Ben")).to_have_count(0)
    await ben.call("GET", f"/ledgers/{ada.ledger}", status=404)
    await undo(page)
    await expect(line(page, "Ben")).to_contain_text("Viewer")


async def test_of_two_roles_given_at_once_the_owner_chooses(site: Site) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben", ledger=ada.ledger, role="viewer")
    page = await site.page(ada, "/members")
    await expect(line(page, "Ben")).to_contain_text("Viewer")
    await page.route("**/members", lambda route: route.abort())
    await ada.call(
        "PATCH", f"/ledgers/default/members/{ben.id}",
        json={"role": "owner"}, headers={"If-Match": "*"}, status=200,
    )  # fmt: skip
    await menu(page, "Ben", "Make editor")
    await expect(page.get_by_role("row", name="Role Editor Owner")).to_be_visible()
    await page.unroute("**/members")
    await page.get_by_role("button", name="Keep the other").click()
    await expect(line(page, "Ben")).to_contain_text("Owner")


async def test_the_last_owner_stays(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/members")
    await menu(page, "Ada", "Make viewer")
    await expect(page.get_by_text("You will not be able to manage members")).to_be_visible()
    await page.get_by_role("button", name="Become Viewer").click()
    await expect(page.get_by_text("A ledger needs an owner who can sign in")).to_be_visible()
    assert await roles(ada) == {"Ada": "owner"}


async def test_a_member_leaves_and_sees_the_ledger_no_more(site: Site) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben", ledger=ada.ledger, role="editor")
    page = await site.page(ben, "/members")
    await menu(page, "Ben", "Leave")
    await expect(page.get_by_text("To come back, somebody has to invite you.")).to_be_visible()
    await page.get_by_role("button", name="Leave this ledger").click()
    await expect(page.get_by_text("You have left “Home”")).to_be_visible()
    await expect(page.get_by_role("heading", name="You have no ledger")).to_be_visible()
    await expect(page.get_by_text("is not yours any more")).to_have_count(0)
    await without_toasts(page)
    await no_findings(page)
    assert await roles(ada) == {"Ada": "owner"}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_invitation_is_made_shown_once_copied_and_ended(
    site: Site, size: dict[str, int]
) -> None:
    ada = await site.world.person()
    context = await site.context(
        ada, viewport=size, permissions=["clipboard-read", "clipboard-write"]
    )
    page = await site.open(context, "/members")
    await page.get_by_label("Role").select_option(label="Viewer")
    await expect(page.get_by_text("May look at everything and change nothing.")).to_be_visible()
    await page.get_by_label("For whom").fill("Grandma")
    await page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Invitation link")
    await expect(link).to_have_value(re.compile(re.escape(site.url) + r"/join#token=\S{20,}"))
    await page.get_by_role("button", name="Copy").click()
    assert await page.evaluate("navigator.clipboard.readText()") == await link.input_value()
    await no_findings(page)
    await expect(page.get_by_text("Grandma")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Grandma")).to_be_visible()
    await expect(link).to_have_count(0)
    await page.get_by_role("button", name="End the invitation Grandma").click()
    await page.get_by_role("button", name="End it").click()
    await expect(page.get_by_text("The invitation has ended")).to_be_visible()
    await expect(page.get_by_text("Grandma")).to_have_count(0)
    found = (await ada.call("GET", "/ledgers/default/invitations")).json()["items"]
    assert [one for one in found if one["used_at"] is None] == []


async def test_an_owner_makes_a_password_link_for_a_member(site: Site) -> None:
    ada = await site.world.person()
    await site.world.person("Ben", ledger=ada.ledger, role="editor")
    page = await site.page(ada, "/members")
    await menu(page, "Ben", "Make a password link")
    link = page.get_by_label("Link for Ben to set a new password")
    await expect(link).to_have_value(re.compile(r"/reset#token=\S{20,}"))
    await page.get_by_role("button", name="Close", exact=True).click()
    await expect(link).to_have_count(0)


async def test_where_no_password_link_may_be_made_the_page_says_why(site: Site) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben")
    await site.service.pool.execute(
        "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'editor')",
        ada.ledger,
        ben.id,
    )
    page = await site.page(ada, "/members")
    await menu(page, "Ben", "Make a password link")
    await expect(page.get_by_role("group", name="Make a password link")).to_contain_text(
        "ask an administrator of this installation"
    )


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_others_than_owners_see_who_is_here_and_may_leave(site: Site, role: str) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben", ledger=ada.ledger, role=role)
    page = await site.page(ben, "/members")
    await expect(line(page, "Ada")).to_contain_text("Owner")
    await expect(line(page, "Ada").get_by_role("button")).to_have_count(0)
    await expect(page.get_by_text("Invite somebody")).to_have_count(0)
    await page.get_by_role("button", name="More for Ben").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["Leave"])


async def test_somebody_who_joins_appears_by_themselves(site: Site) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben")
    page = await site.page(ada, "/members")
    await expect(page.get_by_text("Live").first).to_be_visible()
    made = await ada.call("POST", "/ledgers/default/invitations", json={"role": "editor"})
    await ben.call("POST", "/invitations/accept", json={"token": made.json()["token"]}, status=200)
    await expect(line(page, "Ben")).to_contain_text("Editor")
    await expect(page.get_by_text("1 used or over")).to_be_visible()
