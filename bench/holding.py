"""What an import's commit keeps others from, and what taking it back costs."""

import asyncio
import time
from pathlib import Path
from uuid import UUID, uuid4

import httpx

from bench import imports, programs
from bench.figures import Figure, told
from bench.house import TOKEN, connected, open_ledger

PART = "undo"
FIRST_LEDGER = 560
PAUSE_SECONDS = 0.02
EXPENSE, NEW = {"amount": "4.20", "description": "coffee"}, {"If-None-Match": "*"}


async def run(dsn: str, home: Path) -> list[Figure]:
    async with connected(dsn) as db:
        own = await open_ledger(db, FIRST_LEDGER)
        other = await open_ledger(db, FIRST_LEDGER + 1)
    settings = {"OUTLAY_DATABASE_URL": dsn}
    with programs.service(home / "undo.log", settings) as program:
        inside, outside, undo, redo = await _measured(program, own, other)
    rows = f"{imports.ROWS:,} rows"
    return [
        told(PART, "longest create in a ledger while an import commits there", f"{inside:.2f} s"),
        told(PART, "longest create in another ledger meanwhile", f"{outside * 1000:.0f} ms"),
        told(PART, f"undo of {rows}", f"{undo:.2f} s"),
        told(PART, "undo of the undo", f"{redo:.2f} s"),
    ]


async def _measured(
    program: programs.Program, own: UUID, other: UUID
) -> tuple[float, float, float, float]:
    data = imports.as_file(imports.bookings(imports.ROWS))
    async with _client(program) as client:
        preview = await client.post(f"{own}/imports", content=data)
        path = f"{own}/imports/{preview.raise_for_status().json()['id']}/commit"
        committing = asyncio.create_task(client.post(path, json={}))
        inside, outside = await asyncio.gather(
            _longest(client, own, committing), _longest(client, other, committing)
        )
        seq = (await committing).raise_for_status().json()["seq"]
        undo = await _seconds(client, f"{own}/changes/{seq}/undo")
        redo = await _seconds(client, f"{own}/changes/{await _newest(client, own)}/undo")
    return inside, outside, undo, redo


async def _longest(
    client: httpx.AsyncClient, ledger: UUID, until: asyncio.Task[httpx.Response]
) -> float:
    """Seconds of the slowest of many creates, one after the other, until the task is done.

    What is answered with 503 is sent again, as clients do.
    """
    longest = 0.0
    while not until.done():
        started = time.perf_counter()
        path = f"{ledger}/expenses/{uuid4()}"
        while (answer := await client.put(path, json=EXPENSE, headers=NEW)).status_code == 503:
            pass
        answer.raise_for_status()
        longest = max(longest, time.perf_counter() - started)
        await asyncio.sleep(PAUSE_SECONDS)
    return longest


async def _seconds(client: httpx.AsyncClient, path: str) -> float:
    started = time.perf_counter()
    done = (await client.post(path)).raise_for_status().json()
    if done["conflicts"]:
        raise RuntimeError(f"{len(done['conflicts'])} rows were not taken back")
    return time.perf_counter() - started


async def _newest(client: httpx.AsyncClient, ledger: UUID) -> int:
    found = (await client.get(f"{ledger}/changes", params={"limit": 1})).raise_for_status()
    return int(found.json()["items"][0]["seq"])


def _client(program: programs.Program) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"{program.url}/api/v1/ledgers/",
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=600,
    )
