"""Those who come by a link: an invitation, a password link, a sign-in link."""

import re

import pytest
from playwright.async_api import Page, expect

from outlay.auth import links
from web.axe import no_findings
from web.site import DESKTOP, PHONE, Site
from world import Person

PASSWORD = "correct horse battery"


async def invitation(person: Person, role: str = "editor") -> str:
    """The path of an invitation link."""
    made = await person.call(
        "POST", "/ledgers/default/invitations", json={"role": role}, status=201
    )
    return f"/join#token={made.json()['token']}"


async def set_password(site: Site, person: Person, password: str) -> str:
    """Set a password by the API; answers the person's address."""
    page = await site.page(person, "/")
    status = await page.evaluate(
        """async (password) => (await fetch('/api/v1/me/password', {method: 'PUT',
        headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({new_password: password})})).status""",
        password,
    )
    assert status == 204
    return str((await person.call("GET", "/me")).json()["email"])


async def no_secret(page: Page) -> None:
    """The address bar and the history know nothing of the link's secret."""
    assert "token" not in page.url
    await page.evaluate("history.length > 1 && history.back()")
    assert "token" not in page.url


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_somebody_new_joins_by_an_invitation(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    page = await site.page(None, await invitation(ada), viewport=size)
    await expect(page.get_by_role("heading", name="Join “Home”")).to_be_visible()
    await expect(page.get_by_text("Ada invites you to the ledger “Home”")).to_be_visible()
    assert page.url == f"{site.url}/join"
    await no_findings(page)
    await page.get_by_label("Your name").fill("Ben <b>")
    await page.get_by_label("E-mail").fill("ben@example.org")
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_label("Show the password").check()
    await expect(page.get_by_label("New password")).to_have_attribute("type", "text")
    await page.get_by_role("button", name="Join “Home”").click()
    await expect(page.get_by_text("You have joined “Home”")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    await no_secret(page)
    rows = (await ada.call("GET", "/ledgers/default/members")).json()["items"]
    assert {row["name"]: row["role"] for row in rows} == {"Ada": "owner", "Ben <b>": "editor"}


async def test_what_is_wrong_with_a_new_account_is_said_and_kept(site: Site) -> None:
    ada = await site.world.person()
    email = (await ada.call("GET", "/me")).json()["email"]
    page = await site.page(None, await invitation(ada))
    await page.get_by_label("Your name").fill("Ben")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("New password").fill("aaaaaaaaaa")
    await page.get_by_role("button", name="Join “Home”").click()
    await expect(page.get_by_text("This repeats a few characters")).to_be_visible()
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Join “Home”").click()
    await expect(page.get_by_text("There is an account with this address.")).to_be_visible()
    await expect(page.get_by_label("Your name")).to_have_value("Ben")
    await expect(page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")


async def test_somebody_with_an_account_signs_in_and_joins(site: Site) -> None:
    ada, ben = await site.world.person(), await site.world.person("Ben")
    email = await set_password(site, ben, PASSWORD)
    page = await site.page(None, await invitation(ada, "viewer"))
    await page.get_by_label("I have an account").check()
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Join as Ben").click()
    await expect(page.get_by_text("You have joined “Home”")).to_be_visible()
    ledgers = (await ben.call("GET", "/ledgers")).json()["items"]
    assert {ledger["role"] for ledger in ledgers} == {"owner", "viewer"}
    # The ledger that was joined is the one shown: a viewer cannot record.
    await expect(page.get_by_role("textbox", name="Amount")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_somebody_signed_in_accepts_an_invitation(site: Site, size: dict[str, int]) -> None:
    ada, ben = await site.world.person(), await site.world.person("Ben")
    page = await site.page(ben, await invitation(ada), viewport=size)
    await expect(page.get_by_text("You are signed in as Ben.")).to_be_visible()
    await no_findings(page)
    await page.get_by_role("button", name="Join as Ben").click()
    await expect(page.get_by_text("You have joined “Home”")).to_be_visible()
    await no_secret(page)
    assert len((await ben.call("GET", "/ledgers")).json()["items"]) == 2


async def test_an_invitation_that_is_not_wanted_stays_unused(site: Site) -> None:
    ada, ben = await site.world.person(), await site.world.person("Ben")
    path = await invitation(ada)
    page = await site.page(ben, path)
    await page.get_by_role("button", name="Not now").click()
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    await page.goto(path)
    await expect(page.get_by_role("button", name="Join as Ben")).to_be_visible()


async def test_a_member_cannot_join_once_more(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, await invitation(ada))
    await page.get_by_role("button", name="Join as Ada").click()
    await expect(page.get_by_text("You are a member of this ledger already")).to_be_visible()


@pytest.mark.parametrize("path", ["/join", "/reset", "/join#token=stale", "/reset#token=stale"])
async def test_a_link_that_does_not_work_says_so_and_leads_on(site: Site, path: str) -> None:
    page = await site.page(None, path)
    await expect(page.get_by_role("heading", name="This link cannot be used")).to_be_visible()
    await no_findings(page)
    await page.get_by_role("button", name="Go to Outlay").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.url == f"{site.url}/"


async def test_a_second_link_in_the_same_tab_is_read_too(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(None, "/join#token=stale")
    await expect(page.get_by_role("heading", name="This link cannot be used")).to_be_visible()
    await page.evaluate("path => location.href = path", await invitation(ada))
    await expect(page.get_by_role("heading", name="Join “Home”")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_password_link_sets_a_new_password(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben", ledger=ada.ledger, role="editor")
    email = (await ben.call("GET", "/me")).json()["email"]
    made = await ada.call("POST", f"/ledgers/default/members/{ben.id}/password-reset", status=201)
    page = await site.page(None, f"/reset#token={made.json()['token']}", viewport=size)
    await expect(page.get_by_text("For the account of Ben.")).to_be_visible()
    await expect(page.get_by_label("E-mail")).to_have_value(email)
    await no_findings(page)
    await page.get_by_label("New password").fill(email)
    await page.get_by_role("button", name="Set password and sign in").click()
    await expect(page.get_by_text("This is your name or address")).to_be_visible()
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Set password and sign in").click()
    await expect(page.get_by_text("Your new password is set")).to_be_visible()
    await no_secret(page)
    assert (await ben.call("GET", "/me")).json()["has_password"]


async def test_a_password_link_tells_who_is_signed_in_here(site: Site) -> None:
    ada = await site.world.person()
    ben = await site.world.person("Ben", ledger=ada.ledger, role="editor")
    made = await ada.call("POST", f"/ledgers/default/members/{ben.id}/password-reset", status=201)
    page = await site.page(ada, f"/reset#token={made.json()['token']}")
    await expect(page.get_by_text("You are signed in as Ada, and will not be")).to_be_visible()
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Set password and sign in").click()
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    await page.goto("/members")
    await expect(page.get_by_role("listitem").filter(has_text="Ben")).to_contain_text("You")


async def sign_in_link(site: Site, person: Person) -> str:
    async with site.service.pool.acquire() as db:
        return f"/sign-in#token={await links.create_sign_in_link(db, person.id)}"


async def test_a_sign_in_link_signs_in_and_leaves_no_trace(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(None, await sign_in_link(site, ada))
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    await no_secret(page)


async def test_a_sign_in_link_asks_whoever_is_signed_in_already(site: Site) -> None:
    ada, ben = await site.world.person(), await site.world.person("Ben")
    path = await sign_in_link(site, ben)
    page = await site.page(ada, path)
    await page.get_by_role("button", name="Stay Ada").click()
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    await page.goto(path)
    await page.get_by_role("button", name="Sign in as Ben").click()
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    await page.goto("/members")
    await expect(page.get_by_role("list", name="Members")).to_contain_text(re.compile("Ben.*You"))


async def test_ones_own_sign_in_link_leads_straight_on(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, await sign_in_link(site, ada))
    await expect(page.get_by_role("textbox", name="Amount")).to_be_visible()
    assert page.url == f"{site.url}/"
