"""From a write to the events that tell of it: one client, one at another replica, a thousand.

`python -m bench.sse` measures on a PostgreSQL of its own. A time runs from the sending of the
writing request to the arrival of its event, so the write itself is in it. The clients share the
machine with the service and the database.
"""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from uuid import UUID, uuid4

import httpx
import psutil

from bench import house, programs, report
from bench.figures import Figure, at_most, told

PART = "live updates"
LEDGER = 900
WRITES = 200
WRITES_TO_MANY = 60
MANY = 1000
IDLE_MS, LAST_MS = 50, 500
# Long enough between writes for each to find the service idle.
PAUSE = (0.02, 0.12)


async def run(dsn: str, home: Path) -> list[Figure]:
    async with house.connected(dsn) as db:
        ledger = await house.open_ledger(db, LEDGER)
    log = home / "sse.log"
    settings = {"OUTLAY_DATABASE_URL": dsn}
    with programs.service(log, settings) as one, programs.service(log, settings) as two:
        same = await latencies(one.url, one.url, ledger, 1, WRITES)
        other = await latencies(one.url, two.url, ledger, 1, WRITES)
        before = _megabytes(one.pid)
        many = await latencies(one.url, one.url, ledger, MANY, WRITES_TO_MANY)
        after = _megabytes(one.pid)
    return [
        *_figures("one client", same, IDLE_MS),
        *_figures("one client of another replica", other, IDLE_MS),
        *_figures(f"the last of {MANY:,} clients", many, LAST_MS),
        told(PART, f"memory before and after {MANY:,} clients", f"{before:.0f} and {after:.0f} MB"),
    ]


def _figures(who: str, times: list[float], most: float) -> list[Figure]:
    parts = quantiles(times, n=20)
    return [
        told(PART, f"write to event, {who}: p50", f"{parts[9]:.1f} ms"),
        at_most(PART, f"write to event, {who}: p95", parts[18], most, " ms"),
    ]


def _megabytes(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / 2**20


async def latencies(
    write_url: str, read_url: str, ledger: UUID, clients: int, writes: int
) -> list[float]:
    """Milliseconds from each write's sending until the last client was told of it."""
    async with _listening(read_url, ledger, clients) as arrived:
        sent = await _write(write_url, ledger, writes)
    told_of = arrived[0]
    wrong = [name for name in sent if told_of.get(name, [0])[0] != clients]
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {writes} writes did not reach all {clients} clients")
    return [(told_of[name][2] - at) * 1000 for name, at in sent.items()]


@asynccontextmanager
async def _listening(url: str, ledger: UUID, count: int) -> AsyncIterator[list[dict[str, list]]]:
    """Clients that are greeted at the start of the block; what they were told is there after it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.listeners", url, house.TOKEN, str(ledger), str(count),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    arrived: list[dict[str, list]] = []
    assert process.stdout is not None
    try:
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError("The clients could not connect")
        yield arrived
        # What is still under way to a client arrives meanwhile.
        await asyncio.sleep(1)
        output, _ = await process.communicate(b"")
        arrived.append(json.loads(output))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _write(url: str, ledger: UUID, writes: int) -> dict[str, float]:
    sent: dict[str, float] = {}
    headers = {"Authorization": f"Bearer {house.TOKEN}", "If-None-Match": "*"}
    body = {
        "amount": "12.50",
        "description": "Groceries",
        "category_id": str(house.category(ledger, 1)),
    }
    async with httpx.AsyncClient(base_url=url, headers=headers) as client:
        for number in range(-5, writes):
            await asyncio.sleep(random.uniform(*PAUSE))
            name = f"bench-{number:05}" if number >= 0 else f"warming-{-number}"
            path = f"/api/v1/ledgers/{ledger}/expenses/{uuid4()}"
            at = perf_counter()
            answer = await client.put(path, json=body, headers={"X-Request-Id": name})
            answer.raise_for_status()
            if number >= 0:
                sent[name] = at
    return sent


def main() -> None:
    with house.folder(None) as home, house.server(home) as dsn:
        asyncio.run(house.furnish(dsn))
        report.show(asyncio.run(run(dsn, home)))


if __name__ == "__main__":
    main()
