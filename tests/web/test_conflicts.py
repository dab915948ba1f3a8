"""One row changed in two places: both versions are shown, and the person says which counts."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from web.axe import no_findings
from web.offline import WAITS, act, change, expenses, installed, row
from web.site import DESKTOP, PHONE, Site
from world import Person


async def changed(person: Person, one: dict[str, Any], **fields: str) -> dict[str, Any]:
    """Somebody else changes it by the API."""
    answer = await person.call(
        "PATCH", f"/ledgers/default/expenses/{one['id']}", json=fields,
        headers={"If-Match": one["etag"]}, status=200,
    )  # fmt: skip
    return answer.json()  # type: ignore[no-any-return]


async def removed(person: Person, one: dict[str, Any], *, purge: bool = False) -> None:
    path = f"/ledgers/default/expenses/{one['id']}"
    gone = await person.call("DELETE", path, headers={"If-Match": one["etag"]}, status=200)
    if purge:
        match = {"If-Match": gone.json()["etag"]}
        await person.call("DELETE", f"{path}?purge=true", headers=match, status=200)


async def offline(site: Site, person: Person, **more: Any) -> Page:
    """A page that shows Coffee, and whose network is pulled out."""
    page = await site.page(person, **more)
    await expect(row(page, "Coffee")).to_be_visible()
    await installed(page)
    await page.context.set_offline(True)
    return page


async def opened(page: Page, description: str) -> Locator:
    """The network is back; the conflict shows and is looked at."""
    await page.context.set_offline(False)
    await expect(row(page, description)).to_contain_text("Was changed elsewhere")
    await page.get_by_role("button", name="1 change needs a look").click()
    return page.get_by_role("dialog", name="Changes that wait")


def choice(dialog: Locator, field: str, side: str) -> Locator:
    """One version of one field."""
    return dialog.get_by_role("group", name=field).get_by_role("radio", name=re.compile(f"^{side}"))


async def one_row(person: Person) -> dict[str, Any]:
    rows = await expenses(person)
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_conflict_is_settled_field_by_field(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person("Ada")
    ben = await site.world.person("Ben", ledger=ada.ledger, role="editor")
    made = await ada.expense("4.20", "Coffee")
    page = await offline(site, ada, viewport=size)
    await change(page, "Coffee", Amount="5.20", Description="Espresso", Note="with Ben")
    await changed(ben, made, amount="6.00", description="Coffee at Rossi", reference="A-1")
    dialog = await opened(page, "Espresso")
    await expect(dialog).to_contain_text("Ben")
    amount = dialog.get_by_role("group", name="Amount")
    await expect(amount).to_contain_text("€5.20")
    await expect(amount).to_contain_text("€6.00")
    await no_findings(page)
    # What only one side touched is chosen already; the rest is asked for.
    await expect(choice(dialog, "Note", "Here")).to_be_checked()
    await expect(choice(dialog, "Reference", "Elsewhere")).to_be_checked()
    await dialog.get_by_role("button", name="Save this choice").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Amount, Description")
    await expect(amount.get_by_role("radio").first).to_be_focused()
    assert (await one_row(ada))["amount"] == "6.00"
    await choice(dialog, "Amount", "Elsewhere").check()
    await choice(dialog, "Description", "Here").check()
    await dialog.get_by_role("button", name="Save this choice").click()
    await expect(dialog).to_contain_text("Nothing waits.")
    now = await one_row(ada)
    assert (now["amount"], now["description"], now["note"], now["reference"]) == (
        "6.00", "Espresso", "with Ben", "A-1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("button", "amount"), [("Keep all from here", "5.20"), ("Keep all from elsewhere", "6.00")]
)
async def test_a_conflict_is_settled_as_a_whole_with_all_that_waits_behind_it(
    site: Site, button: str, amount: str
) -> None:
    ada = await site.world.person()
    made = await ada.expense("4.20", "Coffee")
    page = await offline(site, ada)
    await change(page, "Coffee", Amount="5.00")
    await change(page, "Coffee", Amount="5.20")
    await changed(ada, made, amount="6.00")
    dialog = await opened(page, "Coffee")
    await expect(dialog).to_contain_text("1 further change")
    assert (await one_row(ada))["amount"] == "6.00"
    await dialog.get_by_role("button", name=button).click()
    await expect(dialog).to_contain_text("Nothing waits.")
    assert (await one_row(ada))["amount"] == amount
    await page.keyboard.press("Escape")
    await expect(row(page, "Coffee")).to_contain_text(f"-€{amount}")


async def test_a_conflict_outlives_a_restart_and_is_never_settled_by_itself(site: Site) -> None:
    ada = await site.world.person()
    made = await ada.expense("4.20", "Coffee")
    page = await offline(site, ada)
    await change(page, "Coffee", Amount="5.20")
    theirs = await changed(ada, made, amount="6.00")
    await page.context.set_offline(False)
    await expect(row(page, "Coffee")).to_contain_text("Was changed elsewhere")
    await expect(page.get_by_role("button", name="1 change needs a look")).to_be_visible()
    await changed(ada, theirs, amount="7.00")
    await page.reload()
    await expect(row(page, "Coffee")).to_contain_text("Was changed elsewhere")
    await row(page, "Coffee").locator("button.open").click()
    dialog = page.get_by_role("dialog", name="Changes that wait")
    # It is compared with what is there now, not with what was there when it was noticed.
    await expect(dialog.get_by_role("group", name="Amount")).to_contain_text("€7.00")
    assert (await one_row(ada))["amount"] == "7.00"
    await dialog.get_by_role("button", name="Keep all from here").click()
    await expect(dialog).to_contain_text("Nothing waits.")
    assert (await one_row(ada))["amount"] == "5.20"


@pytest.mark.parametrize(("button", "left"), [("Move to trash anyway", 0), ("Keep it as it is", 1)])
async def test_what_was_trashed_here_and_changed_elsewhere_stays_until_it_is_decided(
    site: Site, button: str, left: int
) -> None:
    ada = await site.world.person()
    made = await ada.expense("4.20", "Coffee")
    page = await offline(site, ada)
    await act(page, "Coffee", "Move to trash")
    await expect(row(page, "Coffee")).to_have_count(0)
    await changed(ada, made, amount="6.00")
    dialog = await opened(page, "Coffee")
    await expect(dialog).to_contain_text("You moved this to the trash")
    assert (await one_row(ada))["amount"] == "6.00"
    await dialog.get_by_role("button", name=button).click()
    await expect(dialog).to_contain_text("Nothing waits.")
    await expect(row(page, "Coffee")).to_have_count(left)
    assert [one["amount"] for one in await expenses(ada)] == ["6.00"][:left]


@pytest.mark.parametrize(
    ("button", "left"), [("Restore it with my change", 1), ("Leave it in the trash", 0)]
)
async def test_what_was_changed_here_and_trashed_elsewhere_comes_back_only_when_asked(
    site: Site, button: str, left: int
) -> None:
    ada = await site.world.person()
    made = await ada.expense("4.20", "Coffee")
    page = await offline(site, ada)
    await change(page, "Coffee", Amount="5.20")
    await removed(ada, made)
    dialog = await opened(page, "Coffee")
    await expect(dialog).to_contain_text("moved to the trash elsewhere")
    await dialog.get_by_role("button", name=button).click()
    await expect(dialog).to_contain_text("Nothing waits.")
    assert [one["amount"] for one in await expenses(ada)] == ["5.20"][:left]


async def test_what_was_removed_for_good_elsewhere_can_be_recorded_again(site: Site) -> None:
    ada = await site.world.person()
    made = await ada.expense("4.20", "Coffee", note="at Rossi")
    page = await offline(site, ada)
    await change(page, "Coffee", Amount="5.20")
    await removed(ada, made, purge=True)
    dialog = await opened(page, "Coffee")
    await expect(dialog).to_contain_text("removed for good elsewhere")
    await dialog.get_by_role("button", name="Record it again").click()
    await expect(dialog).to_contain_text("Nothing waits.")
    now = await one_row(ada)
    assert (now["amount"], now["note"], now["id"] != made["id"]) == ("5.20", "at Rossi", True)


async def test_a_row_that_changes_while_it_is_edited_keeps_what_is_typed_and_asks(
    site: Site,
) -> None:
    ada = await site.world.person()
    made = await ada.expense("4.20", "Coffee")
    page = await site.page(ada)
    await row(page, "Coffee").locator("button.open").click()
    form = page.get_by_role("form", name="Edit")
    await form.get_by_label("Amount").fill("5.20")
    # Another day and another amount: neither the fields nor their place change.
    await changed(ada, made, amount="6.00", date="2020-01-31")
    await expect(form.get_by_text("was changed elsewhere while you were editing")).to_be_visible()
    await expect(form.get_by_label("Amount")).to_have_value("5.20")
    await expect(form.get_by_label("Amount")).to_be_focused()
    await form.get_by_role("button", name="Save").click()
    await expect(row(page, "Coffee")).to_contain_text("Was changed elsewhere")
    assert (await one_row(ada))["amount"] == "6.00"
    toast = page.get_by_role("group").filter(has_text="Coffee was changed elsewhere as well")
    await toast.get_by_role("button", name="Look").click()
    dialog = page.get_by_role("dialog", name="Changes that wait")
    await choice(dialog, "Amount", "Here").check()
    await dialog.get_by_role("button", name="Save this choice").click()
    await expect(dialog).to_contain_text("Nothing waits.")
    now = await one_row(ada)
    assert (now["amount"], now["date"]) == ("5.20", "2020-01-31")


async def test_two_quick_changes_of_ones_own_are_no_conflict(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    page = await site.page(ada)
    for amount in ("5.00", "5.10", "5.20"):
        await change(page, "Coffee", Amount=amount)
    await expect(row(page, "Coffee")).to_contain_text("-€5.20")
    await expect(page.get_by_text(WAITS)).to_have_count(0)
    assert (await one_row(ada))["amount"] == "5.20"
    await page.get_by_role("button", name="Undo").last.click()
    await expect(row(page, "Coffee")).to_contain_text("-€5.10")
    await expect(page.get_by_text(WAITS)).to_have_count(0)
    assert (await one_row(ada))["amount"] == "5.10"


async def test_undoing_a_change_that_others_built_upon_asks_first(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    page = await site.page(ada)
    await change(page, "Coffee", Amount="5.20")
    await expect(row(page, "Coffee")).to_contain_text("-€5.20")
    await expect(page.get_by_text(WAITS)).to_have_count(0)
    await changed(ada, await one_row(ada), amount="9.00")
    await expect(row(page, "Coffee")).to_contain_text("-€9.00")
    await page.get_by_role("button", name="Undo").click()
    await expect(row(page, "Coffee")).to_contain_text("Was changed elsewhere")
    assert (await one_row(ada))["amount"] == "9.00"
