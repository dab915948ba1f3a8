"""One task with one connection of its own: hears other processes, tells them, reads what changed.

NOTIFY takes a lock of the whole database until its transaction ends, so it never is part of a
writing transaction: it is sent from here, after the commit, at most once a pace.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import random
from typing import Any, Final

from outlay import metrics
from outlay.db import Direct
from outlay.events import store, wire
from outlay.events.frames import batches
from outlay.events.hub import EventHub

log = logging.getLogger("outlay.events")

# A plan for hundreds of ledgers looks dear enough to be compiled, which would take longer than it.
_SESSION: Final = "set application_name = 'outlay events'; set jit = off"
_NOTIFY: Final = "select pg_catalog.pg_notify($1, $2)"


class Listener:
    """Does the hub's work until `stop`; a lost connection is opened again, sooner at first."""

    def __init__(self, hub: EventHub, connect: Callable[[], Awaitable[Direct]]) -> None:
        self.hub = hub
        self.tempo = hub.tempo
        self._connect = connect
        self._stopping = asyncio.Event()
        self._next_poll = 0.0
        self._next_check = 0.0

    def stop(self) -> None:
        """End after a last round, which tells what is still untold."""
        self._stopping.set()
        self.hub.work.set()

    async def run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            started = asyncio.get_running_loop().time()
            try:
                await self._connected()
            # Whatever goes wrong here, live updates must come back without a restart.
            except Exception as error:  # noqa: BLE001
                log.warning("live updates lost the database: %r", error)
            finally:
                metrics.LISTENER_UP.set(0)
            lasted = asyncio.get_running_loop().time() - started
            failures = 0 if lasted > self.tempo.last_retry else failures + 1
            await self._pause(self._backoff(failures))

    async def _connected(self) -> None:
        db = await self._connect()
        try:
            await db.execute(_SESSION)
            db.add_termination_listener(lambda _: self.hub.work.set())
            await db.add_listener(wire.CHANNEL, self._heard)
            await self._poll(db)
            metrics.LISTENER_UP.set(1)
            while not self._stopping.is_set():
                await self._until_due()
                await self._round(db)
            await self._tell_others(db)
            await db.close(timeout=1)
        finally:
            db.terminate()

    async def _until_due(self) -> None:
        due = min(self._next_poll, self._next_check)
        try:
            async with asyncio.timeout_at(due):
                await self.hub.work.wait()
        except TimeoutError:
            pass

    async def _round(self, db: Direct) -> None:
        started = asyncio.get_running_loop().time()
        if db.is_closed():
            raise ConnectionResetError("the listening connection was cut")
        self.hub.work.clear()
        await self._tell_others(db)
        woken = await self._tell_streams(db)
        if self.hub.poll_is_due or self._next_poll <= started:
            await self._poll(db)
        if self._next_check <= started:
            await self._check(db)
        spent = asyncio.get_running_loop().time() - started
        await self._pause(self.tempo.pace + woken * self.tempo.per_stream - spent)

    async def _tell_others(self, db: Direct) -> None:
        news = self.hub.untold()
        try:
            for payload in wire.payloads(news.revoked, news.ledgers):
                await db.execute(_NOTIFY, wire.CHANNEL, payload, timeout=store.SECONDS)
        except BaseException:
            self.hub.retell(news)
            raise

    async def _tell_streams(self, db: Direct) -> int:
        unread = self.hub.unread()
        if not unread:
            return 0
        try:
            rows = await store.changes(db, unread)
        except BaseException:
            for ledger, _ in unread:
                self.hub.hint(ledger)
            raise
        return self.hub.publish(batches(rows, self.hub.epoch))

    async def _poll(self, db: Direct) -> None:
        self.hub.poll_is_due = False
        asked = list(self.hub.channels.values())
        found = await store.latest(db, [channel.ledger for channel in asked])
        self.hub.observe(asked, *found)
        self._next_poll = asyncio.get_running_loop().time() + self.tempo.poll

    async def _check(self, db: Direct) -> None:
        """Take away what expired, or what this process was not told of."""
        held = self.hub.held()
        wanted = [(stream.credential, ledger) for stream, ledger in held]
        found = await store.standing(db, wanted) if wanted else []
        for (stream, ledger), row in zip(held, found, strict=True):
            if not row["is_in"]:
                stream.end("signed-out")
            elif not row["is_member"]:
                stream.lose(ledger)
        self._next_check = asyncio.get_running_loop().time() + self.tempo.check

    def _heard(self, connection: Any, pid: int, _: str, payload: object) -> None:
        if pid != connection.get_server_pid():
            self.hub.hear(wire.read(str(payload)))

    def _backoff(self, failures: int) -> float:
        """Short at first, then ever longer, and never the same for all replicas."""
        longest = min(self.tempo.last_retry, self.tempo.first_retry * 2.0**failures)
        return longest * (0.5 + random() / 2)  # noqa: S311 - spreads retries, guards nothing

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                await self._stopping.wait()
        except TimeoutError:
            pass
