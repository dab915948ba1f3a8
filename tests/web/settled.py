"""When a page is as it will be: it has answers to all that it asked for, and has shown them."""

import asyncio
from typing import Final
from weakref import WeakKeyDictionary

from playwright.async_api import Page, Request, expect

_TWO_FRAMES: Final = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
)


class Asked:
    """What a page asked for and has no answer to; the stream of events never ends."""

    def __init__(self, page: Page) -> None:
        self.open: set[Request] = set()
        self.none = asyncio.Event()
        self.none.set()
        page.on("request", self._begun)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def _begun(self, request: Request) -> None:
        if "/api/v1/events" not in request.url:
            self.open.add(request)
            self.none.clear()

    def _ended(self, request: Request) -> None:
        self.open.discard(request)
        if not self.open:
            self.none.set()


_ASKED: WeakKeyDictionary[Page, Asked] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """Before the page goes anywhere."""
    _ASKED[page] = Asked(page)


async def drawn(page: Page) -> None:
    """Wait until the page has shown what it holds now."""
    await page.evaluate(_TWO_FRAMES)


async def settled(page: Page) -> None:
    """Wait until the page has its heading, and asks for nothing more."""
    await expect(page.locator("main h1").first).to_be_attached()
    asked = _ASKED[page]
    while True:
        await asked.none.wait()
        await drawn(page)
        if asked.none.is_set():
            return
