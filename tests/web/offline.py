"""What the tests without a network share: rows, the outbox's dialog, a browser that can be killed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, Playwright, Route

from web.browser import found_browser
from web.site import ARGUMENTS
from world import Person

WAITS = "Waits to be sent"


def row(page: Page, text: str) -> Locator:
    """The row of an expense in the list."""
    return page.locator("li.row", has_text=text)


async def installed(page: Page) -> None:
    """Wait until the service worker has the app, and the page."""
    await page.evaluate("""async () => {
      const {serviceWorker} = navigator;
      const taken = new Promise((done) => serviceWorker.addEventListener('controllerchange', done));
      await serviceWorker.ready;
      if (!serviceWorker.controller) await taken;
    }""")


async def record(page: Page, amount: str, description: str) -> None:
    """Fill in the add form and press Enter."""
    form = page.get_by_role("form", name="Record an expense")
    await form.get_by_role("textbox", name="Amount").fill(amount)
    await form.get_by_role("combobox", name="Description").fill(description)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def act(page: Page, description: str, action: str) -> None:
    """Choose something from a row's menu."""
    await row(page, description).get_by_role("button", name="More for").click()
    await page.get_by_role("menuitem", name=action).click()


async def change(page: Page, description: str, **fields: str) -> None:
    """Edit a row in its place: Amount, Description, Note, by their labels."""
    await row(page, description).locator("button.open").click()
    form = page.get_by_role("form", name="Edit")
    for label, value in fields.items():
        await form.get_by_label(label, exact=True).fill(value)
    await form.get_by_role("button", name="Save").click()


async def waiting(page: Page) -> Locator:
    """Open the list of what waits, from the connection's button."""
    await page.get_by_role("button", name="Show what waits").click()
    dialog = page.get_by_role("dialog", name="Changes that wait")
    await dialog.wait_for()
    return dialog


async def connected(page: Page) -> None:
    """The browser says that the network is back: nobody waits for the next try."""
    await page.evaluate("dispatchEvent(new Event('online'))")


@dataclass
class Line:
    """The way to the service."""

    is_bad: bool = True

    async def carry(self, route: Route) -> None:
        """While it is bad, what is asked is done and nobody hears of it."""
        if not self.is_bad:
            await route.continue_()
            return
        await route.fetch()
        await route.abort("connectionreset")

    async def refuse(self, route: Route) -> None:
        """While it is bad nothing comes through."""
        if self.is_bad:
            await route.abort("connectionrefused")
        else:
            await route.continue_()


async def expenses(person: Person, **params: Any) -> list[dict[str, Any]]:
    """What the service has of the person's default ledger, newest first."""
    answer = await person.call("GET", "/ledgers/default/expenses", params={"limit": 500, **params})
    return answer.json()["items"]  # type: ignore[no-any-return]


async def written(person: Person) -> list[str]:
    """What was done in the ledger, in its order."""
    answer = await person.call("GET", "/ledgers/default/changes", params={"limit": 200})
    sets = answer.json()["items"]
    return [f"{one['action']} {one['summary'][0]['label']}" for one in reversed(sets)]


@dataclass
class Killable:
    """A browser with a profile on disk: what it keeps outlives it."""

    context: BrowserContext
    process: asyncio.subprocess.Process

    async def kill(self) -> None:
        """As a crash, or an empty battery, would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def begun(playwright: Playwright, profile: Path) -> AsyncIterator[Killable]:
    """A browser begun with that profile; it is killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        found_browser(playwright.chromium.executable_path), *ARGUMENTS, "--headless=new",
        "--remote-debugging-port=0", f"--user-data-dir={profile}", "--lang=en-GB", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    reading = None
    try:
        address, reading = await _told(process.stderr)
        browser = await playwright.chromium.connect_over_cdp(address)
        context = browser.contexts[0]
        context.set_default_timeout(30_000)
        yield Killable(context, process)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if reading is not None:
            await reading


async def _told(stderr: asyncio.StreamReader | None) -> tuple[str, asyncio.Task[bytes]]:
    """The address at which the browser is driven; what it says further is read and dropped."""
    assert stderr is not None
    async for line in stderr:
        if b"DevTools listening on " in line:
            return line.decode().split()[-1], asyncio.create_task(stderr.read())
    raise AssertionError("the browser ended before it listened")
