"""The session runs out or is ended elsewhere: what was typed stays, and goes on after signing in."""

import pytest
from playwright.async_api import Locator, Page, Route, expect

from web.axe import no_findings
from web.offline import expenses, record, row
from web.site import DESKTOP, PHONE, Site
from world import Person

PASSWORD = "correct horse battery"


async def with_password(site: Site, name: str = "Ada", **more: object) -> Person:
    person = await site.world.person(name, **more)  # type: ignore[arg-type]
    kept = await site.service.litestar.state.desk.passwords.hash(PASSWORD)
    await site.service.pool.execute(
        "update public.users set password_hash = $2 where id = $1", person.id, kept
    )
    return person


async def end_sessions(site: Site, person: Person) -> None:
    """As if their time had run out."""
    await site.service.pool.execute(
        "update public.sessions set expires_at = now() - interval '1 second' where user_id = $1",
        person.id,
    )


async def sign_in(dialog: Locator, email: str | None = None) -> None:
    if email is not None:
        await dialog.get_by_label("E-mail").fill(email)
    await dialog.get_by_label("Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Sign in").click()


async def run_out(site: Site, page: Page, person: Person) -> None:
    """Record an expense; the session's time is over just as it is to be sent."""
    await expect(page.get_by_role("button", name="Live")).to_be_visible()

    async def too_late(route: Route) -> None:
        await end_sessions(site, person)
        await route.continue_()

    await page.route("**/expenses/0*", too_late, times=1)
    await record(page, "7.30", "Bread")


def asked(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Your session has ended")


async def email_of(person: Person) -> str:
    return str((await person.call("GET", "/me")).json()["email"])


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_what_is_typed_when_the_session_runs_out_is_there_after_signing_in_and_is_sent(
    site: Site, size: dict[str, int]
) -> None:
    ada = await with_password(site)
    page = await site.page(ada, viewport=size)
    await run_out(site, page, ada)
    await page.locator("#add-amount").fill("99")
    dialog = asked(page)
    await expect(dialog).to_be_visible()
    await no_findings(page)
    await expect(dialog.get_by_label("E-mail")).to_have_value(await email_of(ada))
    await sign_in(dialog)
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("textbox", name="Amount")).to_have_value("99")
    await expect(page.get_by_role("textbox", name="Amount")).to_be_focused()
    await expect(row(page, "Bread")).to_be_visible()
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    assert [one["amount"] for one in await expenses(ada)] == ["7.30"]
    # Live again, from where it was.
    await ada.expense("1.00", "Bus")
    await expect(row(page, "Bus")).to_be_visible()


async def test_a_session_that_is_ended_elsewhere_asks_at_once_and_goes_on_after(
    site: Site,
) -> None:
    ada = await with_password(site)
    page = await site.page(ada)
    await expect(page.get_by_role("button", name="Live")).to_be_visible()
    await ada.call("DELETE", "/sessions", status=204)
    await expect(asked(page)).to_be_visible()
    await ada.expense("1.00", "Bus")
    await expect(row(page, "Bus")).to_have_count(0)
    await sign_in(asked(page))
    await expect(page.get_by_role("button", name="Live")).to_be_visible()
    await expect(row(page, "Bus")).to_be_visible()


async def test_one_may_go_on_and_sign_in_later(site: Site) -> None:
    ada = await with_password(site)
    page = await site.page(ada)
    await run_out(site, page, ada)
    await asked(page).get_by_role("button", name="Not now").click()
    await expect(page.get_by_role("textbox", name="Amount")).to_be_focused()
    await record(page, "1.00", "Bus")
    await expect(row(page, "Bus")).to_contain_text("Waits to be sent")
    await page.get_by_role("button", name="2 changes wait").click()
    waits = page.get_by_role("dialog", name="Changes that wait")
    await expect(waits).to_contain_text("You are signed out")
    await waits.get_by_role("button", name="Sign in").click()
    await sign_in(asked(page))
    await expect(page.get_by_text("Waits to be sent")).to_have_count(0)
    assert {one["description"] for one in await expenses(ada)} == {"Bread", "Bus"}


async def test_signing_in_in_another_tab_is_enough(site: Site) -> None:
    ada = await with_password(site)
    page = await site.page(ada)
    await run_out(site, page, ada)
    await expect(asked(page)).to_be_visible()
    other = await site.open(page.context)
    await expect(other.get_by_text("1 change of")).to_be_visible()
    await sign_in(other.locator("main"))
    await expect(row(other, "Bread")).to_be_visible()
    # Coming back to the first tab is what makes it look.
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(asked(page)).to_have_count(0)
    for tab in (page, other):
        await expect(tab.get_by_text("Waits to be sent")).to_have_count(0)
    assert [one["description"] for one in await expenses(ada)] == ["Bread"]


async def test_somebody_else_who_signs_in_there_finds_nothing_of_the_first(site: Site) -> None:
    ada = await with_password(site)
    ben = await with_password(site, "Ben", ledger=ada.ledger, role="editor")
    page = await site.page(ada)
    await run_out(site, page, ada)
    await page.locator("#add-amount").fill("99")
    await sign_in(asked(page), await email_of(ben))
    await expect(asked(page)).to_have_count(0)
    await expect(page.get_by_role("button", name="Live")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Amount")).to_have_value("")
    await expect(page.get_by_text("Bread")).to_have_count(0)
    assert await expenses(ada) == []


async def test_a_wrong_password_says_so_and_keeps_the_question_open(site: Site) -> None:
    ada = await with_password(site)
    page = await site.page(ada)
    await expect(page.get_by_role("button", name="Live")).to_be_visible()
    await end_sessions(site, ada)
    # The connection is made anew, and refused.
    await page.evaluate("dispatchEvent(new Event('online'))")
    dialog = asked(page)
    await dialog.get_by_label("Password").fill("wrong")
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("do not belong together")
    await expect(dialog.get_by_label("Password")).to_have_value("wrong")
