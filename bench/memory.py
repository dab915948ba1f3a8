"""What the service's processes hold in memory, PostgreSQL apart, and how soon they are ready."""

import asyncio
import time
from pathlib import Path
from statistics import median
from uuid import UUID

import asyncpg
import httpx
import psutil

from bench import house, imports, programs
from bench.figures import Figure, at_most, told
from bench.house import console, numbered

PART = "memory and start"
FIRST_LEDGER = 800
ROWS, ROWS_A_BULK = 100_000, 10_000
IDLE_MB, IMPORT_MB, READY_SECONDS = 120, 250, 1.5
STARTS = 5
SETTLE_SECONDS = 2


async def run(dsn: str, home: Path) -> list[Figure]:
    async with house.connected(dsn) as db:
        ledger = await fresh_ledger(db)
    settings = {"OUTLAY_DATABASE_URL": dsn}
    with programs.service(home / "memory.log", settings) as service:
        await asyncio.sleep(SETTLE_SECONDS)
        idle = megabytes(service.pid)
    peaks = {}
    for name, work in (("a bulk create", bulk_creates), ("an import", import_file)):
        with programs.service(home / "memory.log", settings) as service:
            await work(service, ledger)
            peaks[name] = (megabytes(service.pid), peak(service.pid))
            console.print(f"  after {name} of {ROWS:,} rows: {peaks[name][0]:.0f} MB")
    return [
        at_most(PART, "idle", idle, IDLE_MB, " MB"),
        *(
            at_most(
                PART, f"after {name} of {ROWS:,} rows", after, IMPORT_MB, " MB",
                f", {most:.0f} MB at most",
            )
            for name, (after, most) in peaks.items()
        ),
        *starts(home, settings),
    ]  # fmt: skip


def starts(home: Path, settings: dict[str, str]) -> list[Figure]:
    """From exec to the first /readyz that says so, the database being there."""
    started = [_started(home, settings) for _ in range(STARTS)]
    times, processor = ([each[n] for each in started] for n in range(2))
    first = _started(home, settings | {"PYTHONPYCACHEPREFIX": str(home / f"new-{time.time_ns()}")})
    return [
        at_most(PART, "existing database to ready", median(times), READY_SECONDS, " s"),
        told(PART, "existing database to ready, all starts", ", ".join(f"{t:.2f}" for t in times)),
        told(PART, "of it the service's own processor time", f"{median(processor):.2f} s"),
        told(PART, "the first start of all, without bytecode", f"{first[0]:.2f} s, {first[1]:.2f} s of processor time"),
    ]  # fmt: skip


def _started(home: Path, settings: dict[str, str]) -> tuple[float, float]:
    """Seconds until it was ready, and those that it kept a processor busy."""
    with programs.service(home / "memory.log", settings) as service:
        used = psutil.Process(service.pid).cpu_times()
        return service.ready_seconds, used.user + used.system


async def fresh_ledger(db: asyncpg.Connection) -> UUID:
    """An empty one, also in a database that was measured before."""
    used = await db.fetchval(
        "select count(*) from public.ledgers where id >= $1", house.ledger_id(FIRST_LEDGER)
    )
    return await house.open_ledger(db, FIRST_LEDGER + used)


def family(pid: int) -> list[psutil.Process]:
    """The process and those under it; PostgreSQL is not among them here."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def megabytes(pid: int) -> float:
    return sum(each.memory_info().rss for each in family(pid)) / 2**20


def peak(pid: int) -> float:
    """The most that each process ever held, in MB; Linux's VmHWM."""
    found = 0
    for each in family(pid):
        status = Path(f"/proc/{each.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        found += int(line.split()[1])
    return found / 2**10


async def bulk_creates(service: programs.Program, ledger: UUID) -> None:
    """Ten requests of the largest size, each with a text of its own in every row."""
    run = int(time.time()) << 20
    async with asking_many(service) as client:
        for start in range(0, ROWS, ROWS_A_BULK):
            body = [_row(ledger, run + n, n) for n in range(start, start + ROWS_A_BULK)]
            path = f"/api/v1/ledgers/{ledger}/expenses/bulk"
            answer = await client.post(path, json={"create": body})
            if answer.raise_for_status().json()["counts"] != {"created": ROWS_A_BULK}:
                raise RuntimeError(f"not all rows were added: {answer.text[-500:]}")


def _row(ledger: UUID, id: int, number: int) -> dict[str, object]:
    return {
        "id": str(numbered("b01c", id % (1 << 48))),
        "amount": f"{1 + number % 500}.{number % 100:02}",
        "description": f"Groceries number {number}",
        "category_id": str(house.category(ledger, number % house.CATEGORIES)),
    }


async def import_file(service: programs.Program, ledger: UUID) -> None:
    """A CSV file, uploaded and committed."""
    async with asking_many(service) as client:
        path = f"/api/v1/ledgers/{ledger}/imports"
        given = await client.post(path, content=imports.as_file(imports.bookings(ROWS)))
        id = given.raise_for_status().json()["id"]
        done = await client.post(f"{path}/{id}/commit", json={})
        created = done.raise_for_status().json()["created"]
    if created != ROWS:
        raise RuntimeError(f"of {ROWS} rows {created} were added")


def asking_many(service: programs.Program) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {house.TOKEN}"}
    return httpx.AsyncClient(base_url=service.url, headers=headers, timeout=600)
