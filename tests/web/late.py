"""Answers that are on their way for as long as a test wants: given by then, and not here yet."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from playwright.async_api import BrowserContext, Page, Route

from web.site import PATIENCE_MS


@asynccontextmanager
async def late(
    where: Page | BrowserContext, address: str
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Inside, the service answers what matches and nobody hears it; call what it yields to wait
    until it has answered."""
    answered, may_come = asyncio.Event(), asyncio.Event()
    under_way: set[asyncio.Future[None]] = set()

    async def wait(route: Route) -> None:
        if may_come.is_set():
            await route.continue_()
            return
        heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        under_way.add(heard)
        try:
            answer = await route.fetch()
            answered.set()
            await may_come.wait()
            await route.fulfill(response=answer)
        finally:
            heard.set_result(None)

    async def given() -> None:
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await answered.wait()

    await where.route(re.compile(address), wait)
    try:
        yield given
    finally:
        may_come.set()
        await asyncio.gather(*under_way)
