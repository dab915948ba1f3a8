"""What goes with time, once an hour, by one of all replicas."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from random import uniform
from time import perf_counter
from typing import Final
from uuid import UUID

import asyncpg

from outlay import metrics
from outlay.db import Direct
from outlay.housekeeping import store
from outlay.settings import Settings

log = logging.getLogger("outlay.housekeeping")

LOCK: Final = 0x6F75746C617968  # "outlayh" in ASCII
TRASH_BATCH: Final = 500
BATCH: Final = 2000
FIRST_SECONDS: Final = (10.0, 60.0)
EVERY_SECONDS: Final = (3300.0, 3900.0)
RETRY_SECONDS: Final = (120.0, 300.0)
_SESSION: Final = """
set application_name = 'outlay housekeeping'; set statement_timeout = '30s'; set lock_timeout = '5s'
"""


class Housekeeping:
    """Removes what is over: old trash, keys, sessions, links, tries to sign in, tokens, previews.

    `changed` is told of each ledger whose trash shrank. `first`, `every` and `retry` are the
    bounds, in seconds, within which the time to the next run is drawn.
    """

    def __init__(
        self,
        settings: Settings,
        connect: Callable[[], Awaitable[Direct]],
        changed: Callable[[UUID], None],
        *,
        first: tuple[float, float] = FIRST_SECONDS,
        every: tuple[float, float] = EVERY_SECONDS,
        retry: tuple[float, float] = RETRY_SECONDS,
    ) -> None:
        self._days = settings.trash_days
        self._connect = connect
        self._changed = changed
        self._first, self._every, self._retry = first, every, retry

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Do it again and again until the end of the block."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def once(self) -> dict[str, int]:
        """Remove everything that is over; the rows of each kind, none when another does it.

        Raises an ExceptionGroup with what failed, after everything else was done.
        """
        db = await self._connect()
        try:
            await db.execute(_SESSION)
            removed = {}
            if await db.fetchval("select pg_try_advisory_lock($1)", LOCK):
                removed = await self._all(db)
            await db.close(timeout=5)
            return removed
        finally:
            db.terminate()

    async def _run(self) -> None:
        wait = self._first
        while True:
            await asyncio.sleep(uniform(*wait))  # noqa: S311 - spreads replicas, guards nothing
            started = perf_counter()
            try:
                removed = await self.once()
            # Nothing that goes wrong here may keep the service from serving.
            except Exception as error:  # noqa: BLE001
                log.warning("housekeeping failed and will be tried again: %r", error)
                wait = self._retry
                continue
            wait = self._every
            log.info("housekeeping done", extra={"fields": _facts(removed, started)})

    async def _all(self, db: Direct) -> dict[str, int]:
        failed: list[Exception] = []
        removed = {"expenses": await self._trash(db, failed)}
        for what in store.SWEEPS:
            removed[what.name] = await _until_none(partial(store.sweep, db, what, BATCH), failed)
        for name, rows in removed.items():
            metrics.HOUSEKEPT.labels(name).inc(rows)
        if failed:
            raise ExceptionGroup("some of it was not done", failed)
        metrics.HOUSEKEEPING_DONE.set_to_current_time()
        return removed

    async def _trash(self, db: Direct, failed: list[Exception]) -> int:
        removed = 0
        for ledger in await store.ledgers_with_old_trash(db, self._days):
            batch = partial(store.expire_trash, db, ledger, self._days, TRASH_BATCH)
            gone = await _until_none(batch, failed)
            removed += gone
            if gone:
                self._changed(ledger)
        return removed


async def _until_none(batch: Callable[[], Awaitable[int]], failed: list[Exception]) -> int:
    """Repeat a batch until nothing is left; one that fails must not keep the others waiting."""
    removed = 0
    try:
        while gone := await batch():
            removed += gone
    except asyncpg.PostgresError as error:
        failed.append(error)
    return removed


def _facts(removed: dict[str, int], started: float) -> dict[str, int]:
    return {**removed, "ms": round((perf_counter() - started) * 1000)}
