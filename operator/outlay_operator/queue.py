"""A queue of objects to look at: each at most once at a time, later ones again, failures with growing pauses."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from outlay_operator import metrics

log = logging.getLogger(__name__)
WORKERS: Final = 4
# A call of the API gives up after 30 seconds; a reconcile makes some.
TIMEOUT_SECONDS: Final = 180
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0


class Key(NamedTuple):
    """An object: its kind's name, its namespace, its name."""

    kind: str
    namespace: str
    name: str


Reconcile = Callable[[Key], Awaitable[float | None]]


class Queue:
    """Calls `reconcile` for every key that was added; it returns after how many seconds to look again."""

    def __init__(self, reconcile: Reconcile) -> None:
        self._reconcile = reconcile
        self._ready: asyncio.Queue[Key] = asyncio.Queue()
        self._waiting: set[Key] = set()
        self._busy: set[Key] = set()
        self._again: set[Key] = set()
        self._later: dict[Key, asyncio.TimerHandle] = {}
        self._failures: dict[Key, int] = {}

    def add(self, key: Key, delay: float = 0.0) -> None:
        """Look at it now, or after so many seconds, unless that is sooner already."""
        if delay > 0:
            self._add_later(key, delay)
            return
        if handle := self._later.pop(key, None):
            handle.cancel()
        if key in self._busy:
            self._again.add(key)
        elif key not in self._waiting:
            self._waiting.add(key)
            self._ready.put_nowait(key)
            metrics.QUEUE.set(len(self._waiting))

    def _add_later(self, key: Key, delay: float) -> None:
        loop = asyncio.get_running_loop()
        known = self._later.get(key)
        if known and known.when() <= loop.time() + delay:
            return
        if known:
            known.cancel()
        self._later[key] = loop.call_later(delay, self._due, key)

    def _due(self, key: Key) -> None:
        self._later.pop(key, None)
        self.add(key)

    async def work(self) -> None:
        """Run the workers until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(WORKERS):
                    group.create_task(self._worker())
        finally:
            for handle in self._later.values():
                handle.cancel()

    async def _worker(self) -> None:
        while True:
            key = await self._ready.get()
            self._waiting.discard(key)
            self._busy.add(key)
            metrics.QUEUE.set(len(self._waiting))
            try:
                await self._one(key)
            finally:
                self._busy.discard(key)
                if key in self._again:
                    self._again.discard(key)
                    self.add(key)

    async def _one(self, key: Key) -> None:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                delay = await self._reconcile(key)
        except Exception:  # whatever it is, the others go on, and this one is tried again
            failures = self._failures[key] = self._failures.get(key, 0) + 1
            pause = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
            log.exception("%s %s/%s failed, again in %.0f s", *key, pause)
            metrics.RECONCILES.labels(key.kind, "error").inc()
            self.add(key, pause)
        else:
            self._failures.pop(key, None)
            metrics.RECONCILES.labels(key.kind, "ok").inc()
            if delay is not None:
                self.add(key, delay)
        finally:
            metrics.SECONDS.labels(key.kind).observe(time.perf_counter() - began)
