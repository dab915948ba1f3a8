"""Waiting for what happens by itself."""

import asyncio
from collections.abc import Awaitable, Callable

# Only a guard against waiting for ever: no test depends on how fast the machine is.
LONG = 30.0


async def until(holds: Callable[[], Awaitable[bool] | bool]) -> None:
    """Look again and again until it holds."""
    async with asyncio.timeout(LONG):
        while not (held if isinstance(held := holds(), bool) else await held):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
