"""Outlay as a browser meets it: a served instance, people who are signed in, their browsers."""

import secrets
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from playwright.async_api import Browser, BrowserContext, Page, Playwright

from outlay.access import secret_hash
from outlay.main import Service
from web.browser import found_browser
from web.settled import watch
from world import Person, World

DESKTOP: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 390, "height": 844}
# A loaded machine is slow, which fails no test.
PATIENCE_MS: Final = 60_000
# A name of the test's server that no browser trusts: plain HTTP, as in a home's network.
PLAIN: Final = "outlay.test"
# A failed request is the network's word, not the program's: offline tests cause many. Over plain
# HTTP a browser says which headers it does not heed there.
NOT_OURS: Final = (
    "Failed to load resource", "net::ERR", "error occurred when fetching the script", "Cross-Origin-Opener-Policy header has been ignored",
)  # fmt: skip
# A browser started by a test asks nobody but the test's own server.
ARGUMENTS: Final = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-default-browser-check",
    f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1",
]  # fmt: skip


async def launch(playwright: Playwright) -> Browser:
    """The Chromium that is named, or found, or Playwright's own."""
    found = found_browser(playwright.chromium.executable_path)
    return await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)


@dataclass
class Site:
    """A served instance. What any page complains of is kept in `complaints`, and fails the test."""

    service: Service
    world: World
    browser: Browser
    url: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def context(self, person: Person | None = None, **more: object) -> BrowserContext:
        """A browser of its own; signed in as `person`."""
        options = {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Rome", **more}
        made = await self.browser.new_context(base_url=self.url, **options)  # type: ignore[arg-type]
        made.set_default_timeout(PATIENCE_MS)
        made.set_default_navigation_timeout(PATIENCE_MS)
        self.contexts.append(made)
        await made.add_init_script(
            "addEventListener('securitypolicyviolation', (e) =>"
            " console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))"
        )
        if person is not None:
            await made.add_cookies([await self.cookie(person)])  # type: ignore[list-item]
        return made

    async def cookie(self, person: Person) -> dict[str, str]:
        """A session as signing in would have begun it."""
        secret = secrets.token_urlsafe(32)
        await self.service.pool.execute(
            "insert into public.sessions (id, token_hash, user_id, expires_at)"
            " values ($1, $2, $3, now() + interval '1 day')",
            uuid4(), secret_hash(secret), person.id,
        )  # fmt: skip
        return {"name": self.service.cookie, "value": secret, "url": self.url}

    async def page(self, person: Person | None = None, path: str = "/", **more: object) -> Page:
        """A page that is open and ready."""
        page = await self.open(await self.context(person, **more), path)
        if person is not None:
            await page.wait_for_selector("main#main")
        return page

    async def open(self, context: BrowserContext, path: str = "/") -> Page:
        page = await context.new_page()
        watch(page)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message.type, message.text))
        await page.goto(path)
        return page

    def _heard(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" and not any(word in text for word in NOT_OURS):
            self.complaints.append(f"{page.url}: {text}")

    async def close(self) -> None:
        for context in self.contexts:
            await context.close()
