"""A browser for the session, and for every test an instance of its own that is really served."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Playwright, async_playwright, expect

from outlay.main import Service
from outlay.server.http import HttpServer
from outlay.server.listen import listen, url_of
from web.site import PATIENCE_MS, Site, launch
from world import World

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await launch(playwright)
    yield browser
    await browser.close()


@pytest.fixture
async def site(service: Service, world: World, browser: Browser) -> AsyncIterator[Site]:
    """Fails at its end when a page broke its content security policy or threw an error."""
    socket = listen("127.0.0.1", 0, "TEST")
    url = url_of(socket)
    server = HttpServer(service.asgi, socket, head_seconds=30, connections=256)
    server.open()
    site = Site(service, world, browser, url)
    try:
        yield site
    finally:
        await site.close()
        await server.close(2, asyncio.Event())
    assert site.complaints == []
