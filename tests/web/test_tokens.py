"""API tokens: made, shown once, used, revoked."""

import pytest
from playwright.async_api import expect

from web.axe import no_findings
from web.site import DESKTOP, PHONE, Site


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_token_is_made_shown_once_and_revoked(site: Site, size: dict[str, int]) -> None:
    ada = await site.world.person()
    page = await site.page(
        ada, "/tokens", viewport=size, permissions=["clipboard-read", "clipboard-write"]
    )
    await page.get_by_label("What it is for").fill("nightly script")
    await page.get_by_role("checkbox", name="Write").check()
    await page.get_by_label("Ends").select_option(label="In 30 days")
    await page.get_by_role("button", name="Make token").click()
    await expect(page.get_by_role("heading", name="The token nightly script")).to_be_focused()
    secret = await page.get_by_label("Copy it now").input_value()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_text("Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == secret
    row = page.get_by_role("listitem").filter(has_text="nightly script")
    await expect(row).to_contain_text("never used")
    program = site.world.client(Authorization=f"Bearer {secret}")
    assert (await program.get("/api/v1/ledgers")).status_code == 200
    assert (await program.get("/api/v1/tokens")).status_code == 403
    await page.reload()
    await expect(row).to_contain_text("used")
    await expect(page.get_by_text(secret)).to_have_count(0)
    await page.get_by_role("button", name="Revoke nightly script").click()
    await expect(row).to_contain_text("Programs that use nightly script stop at once.")
    await expect(row.get_by_role("button", name="Revoke")).to_be_focused()
    await no_findings(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Revoke nightly script")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(row).to_have_count(0)
    assert (await program.get("/api/v1/ledgers")).status_code == 401


async def test_a_token_is_limited_to_ledgers(site: Site) -> None:
    ada = await site.world.person()
    await ada.call("POST", "/ledgers", json={"name": "Office", "currency": "EUR"}, status=201)
    page = await site.page(ada, "/tokens")
    await page.get_by_label("What it is for").fill("office only")
    await page.get_by_role("radio", name="Only these").check()
    await page.get_by_role("button", name="Make token").click()
    await expect(page.get_by_role("alert").filter(has_text="Name one ledger")).to_be_visible()
    await page.get_by_role("checkbox", name="Office").check()
    await page.get_by_role("button", name="Make token").click()
    secret = await page.get_by_label("Copy it now").input_value()
    program = site.world.client(Authorization=f"Bearer {secret}")
    seen = (await program.get("/api/v1/ledgers")).json()["items"]
    assert [ledger["name"] for ledger in seen] == ["Office"]
    await expect(page.get_by_role("listitem").filter(has_text="office only")).to_contain_text(
        "Office"
    )


async def test_a_token_wants_a_name_and_keeps_the_other_choices(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada, "/tokens")
    await page.get_by_role("checkbox", name="Manage").check()
    await page.get_by_role("button", name="Make token").click()
    await expect(page.get_by_label("What it is for")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#token-name-fault")).not_to_be_empty()
    await expect(page.get_by_role("checkbox", name="Manage")).to_be_checked()
