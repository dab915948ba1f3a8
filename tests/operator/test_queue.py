"""The queue: nothing is looked at twice at once, nothing is forgotten, and what fails comes back."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

from outlay_operator import queue
from outlay_operator.queue import Key, Queue

KEY = Key("Backup", "money", "one")
OTHER = Key("Backup", "money", "two")


@asynccontextmanager
async def working(reconcile: Callable[[Key], Awaitable[float | None]]):
    made = Queue(reconcile)
    task = asyncio.create_task(made.work())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_one_key_is_never_looked_at_twice_at_once_and_a_late_change_is_seen() -> None:
    running: Counter[Key] = Counter()
    most: Counter[Key] = Counter()
    looks: Counter[Key] = Counter()
    begun, go_on, over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def reconcile(key: Key) -> None:
        running[key] += 1
        most[key] = max(most[key], running[key])
        looks[key] += 1
        begun.set()
        await go_on.wait()
        running[key] -= 1
        if looks == Counter({KEY: 2, OTHER: 1}) and not running.total():
            over.set()

    async with working(reconcile) as made:
        made.add(KEY)
        await asyncio.wait_for(begun.wait(), 10)
        for _ in range(5):
            made.add(KEY)
        made.add(OTHER)
        go_on.set()
        await asyncio.wait_for(over.wait(), 10)
    assert most == Counter({KEY: 1, OTHER: 1})


async def test_what_fails_is_tried_again_and_holds_nobody_up(monkeypatch) -> None:
    monkeypatch.setattr(queue, "FIRST_PAUSE", 0.01)
    looks: Counter[Key] = Counter()
    done = asyncio.Event()

    async def reconcile(key: Key) -> None:
        looks[key] += 1
        if key == KEY and looks[key] < 4:
            raise RuntimeError("not yet")
        if key == KEY:
            done.set()

    async with working(reconcile) as made:
        made.add(KEY)
        made.add(OTHER)
        await asyncio.wait_for(done.wait(), 10)
    assert looks == Counter({KEY: 4, OTHER: 1})


async def test_one_that_wants_to_be_looked_at_again_is() -> None:
    looks = 0
    done = asyncio.Event()

    async def reconcile(_key: Key) -> float | None:
        nonlocal looks
        looks += 1
        if looks == 3:
            done.set()
            return None
        return 0.01

    async with working(reconcile) as made:
        made.add(KEY)
        await asyncio.wait_for(done.wait(), 10)
    assert looks == 3


async def test_a_sooner_look_takes_the_place_of_a_later_one() -> None:
    looked = asyncio.Event()

    async def reconcile(_key: Key) -> None:
        looked.set()

    async with working(reconcile) as made:
        made.add(KEY, 3600)
        made.add(KEY, 0.01)
        await asyncio.wait_for(looked.wait(), 10)
        looked.clear()
        made.add(KEY, 3600)
        made.add(KEY)
        await asyncio.wait_for(looked.wait(), 10)


async def test_one_that_hangs_is_ended(monkeypatch) -> None:
    monkeypatch.setattr(queue, "TIMEOUT_SECONDS", 0.05)
    looks = 0
    done = asyncio.Event()

    async def reconcile(_key: Key) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            await asyncio.Event().wait()
        done.set()

    monkeypatch.setattr(queue, "FIRST_PAUSE", 0.01)
    async with working(reconcile) as made:
        made.add(KEY)
        await asyncio.wait_for(done.wait(), 10)
    assert looks == 2
