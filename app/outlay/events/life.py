"""From start to end: the hub of a running service and the task that works for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from outlay.db import Direct
from outlay.events.hub import EventHub
from outlay.events.listener import Listener


@asynccontextmanager
async def listening(hub: EventHub, connect: Callable[[], Awaitable[Direct]]) -> AsyncIterator[None]:
    """Keep the hub's streams told; at the end they end, and other processes hear the last news."""
    listener = Listener(hub, connect)
    task = asyncio.create_task(listener.run())
    try:
        yield
    finally:
        hub.end_streams()
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * hub.tempo.farewell):
                await hub.idle.wait()
        listener.stop()
        _, running = await asyncio.wait({task}, timeout=hub.tempo.farewell)
        for each in running:
            each.cancel()
        await asyncio.wait({task})
