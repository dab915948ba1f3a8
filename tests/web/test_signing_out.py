"""Signing out, and another person at the same browser, while changes were not sent."""

from playwright.async_api import Page, expect

from web.offline import (
    WAITS,
    Line,
    connected,
    expenses,
    record,
    row,
    waiting,
)
from web.settled import settled
from web.site import Site
from world import Person


async def stuck(site: Site, person: Person) -> tuple[Page, Line]:
    """A page on which an expense waits, as none of the person's changes come through."""
    page = await site.page(person)
    line = Line()
    await page.context.route("**/expenses/*", line.refuse)
    await record(page, "12.50", "Bread")
    await expect(page.get_by_role("button", name="1 change waits")).to_be_visible()
    return page, line


async def sign_out(page: Page) -> None:
    await page.evaluate("document.querySelector('a[href$=\"/me\"]').click()")
    await page.get_by_role("button", name="Sign out", exact=True).click()


async def test_signing_out_asks_about_what_was_not_sent_and_staying_loses_nothing(
    site: Site,
) -> None:
    ada = await site.world.person()
    page, line = await stuck(site, ada)
    await sign_out(page)
    dialog = page.get_by_role("dialog", name="Not everything was sent")
    await expect(dialog).to_contain_text("1 change is only in this browser")
    await dialog.get_by_role("button", name="Stay signed in").click()
    await expect(dialog).to_have_count(0)
    line.is_bad = False
    await connected(page)
    await expect((await waiting(page)).get_by_text("Nothing waits.")).to_be_visible()
    assert [one["description"] for one in await expenses(ada)] == ["Bread"]


async def test_what_is_kept_at_signing_out_is_hidden_from_others_and_sent_at_the_next_sign_in(
    site: Site,
) -> None:
    ada = await site.world.person("Ada")
    ben = await site.world.person("Ben", ledger=ada.ledger, role="editor")
    page, line = await stuck(site, ada)
    context = page.context
    await sign_out(page)
    await page.get_by_role("button", name="Sign out, keep them here").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    line.is_bad = False

    await context.add_cookies([await site.cookie(ben)])  # type: ignore[list-item]
    bens = await site.open(context)
    await expect(bens.get_by_role("button", name="Live")).to_be_visible()
    await expect(bens.get_by_text("Bread")).to_have_count(0)
    await expect((await waiting(bens)).get_by_text("Nothing waits.")).to_be_visible()
    assert await expenses(ada) == []
    await bens.close()

    await context.add_cookies([await site.cookie(ada)])  # type: ignore[list-item]
    page = await site.open(context)
    await expect(row(page, "Bread")).to_be_visible()
    await expect(page.get_by_text(WAITS)).to_have_count(0)
    made = await expenses(ada)
    assert [(one["description"], one["created_by"]) for one in made] == [("Bread", str(ada.id))]


async def test_what_is_discarded_at_signing_out_is_gone(site: Site) -> None:
    ada = await site.world.person()
    page, line = await stuck(site, ada)
    await sign_out(page)
    await page.get_by_role("button", name="Sign out and discard 1 change").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    line.is_bad = False
    await page.context.add_cookies([await site.cookie(ada)])  # type: ignore[list-item]
    page = await site.open(page.context)
    await expect(page.get_by_role("button", name="Live")).to_be_visible()
    await expect((await waiting(page)).get_by_text("Nothing waits.")).to_be_visible()
    assert await expenses(ada) == []


async def test_another_persons_session_in_the_same_browser_sends_and_shows_nothing_of_the_first(
    site: Site,
) -> None:
    """The cookie changes hands under an open page, and between two visits."""
    ada = await site.world.person("Ada")
    ben = await site.world.person("Ben", ledger=ada.ledger, role="editor")
    page, line = await stuck(site, ada)
    context = page.context
    # An answer about a session brings its cookie again: none is on its way when it changes.
    door = Line()
    await context.route("**/api/v1/session", door.refuse)
    await settled(page)
    await context.add_cookies([await site.cookie(ben)])  # type: ignore[list-item]
    door.is_bad = False
    await connected(page)
    await expect(page.get_by_text("Bread")).to_have_count(0)
    await expect(page.get_by_role("button", name="Live")).to_be_visible()
    # Not before: what is on its way already is sent in the session that it began in.
    line.is_bad = False
    await page.goto("/expenses")
    await expect(page.get_by_role("button", name="Live")).to_be_visible()
    await expect(page.get_by_text("Bread")).to_have_count(0)
    assert await expenses(ada) == []
    await context.add_cookies([await site.cookie(ada)])  # type: ignore[list-item]
    await page.reload()
    await expect(row(page, "Bread")).to_be_visible()
    await expect(page.get_by_text(WAITS)).to_have_count(0)
    assert [one["created_by"] for one in await expenses(ada)] == [str(ada.id)]


async def test_signing_out_in_one_tab_signs_out_the_others(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    page = await site.page(ada)
    other = await site.open(page.context)
    await expect(row(other, "Coffee")).to_be_visible()
    await sign_out(page)
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await expect(other.get_by_role("button", name="Sign in")).to_be_visible()
    await expect(other.get_by_text("Coffee")).to_have_count(0)
