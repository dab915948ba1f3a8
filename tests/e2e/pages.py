"""The pages of an installation in a browser, which complains of nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from e2e.place import ADMIN
from web.site import NOT_OURS


@asynccontextmanager
async def signed_in(browser: Browser, url: str, password: str) -> AsyncIterator[Page]:
    """A page of somebody who signs in as a person does."""
    complaints: list[str] = []
    context = await browser.new_context(base_url=url, locale="en-GB")
    try:
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda heard: complaints.append(f"{heard.type}: {heard.text}"))
        await page.goto("/")
        await page.get_by_label("E-mail").fill(ADMIN)
        await page.get_by_label("Password").fill(password)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("form", name="Record an expense")).to_be_visible(
            timeout=30_000
        )
        yield page
    finally:
        await context.close()
    errors = [each for each in complaints if each.startswith("error")]
    assert [each for each in errors if not any(word in each for word in NOT_OURS)] == []
