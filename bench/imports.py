"""An import of a file beside a raw COPY of its rows into the same tables, triggers included."""

import asyncio
import csv
import datetime as dt
import io
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from uuid import UUID

import asyncpg
import httpx
import psutil

from bench import programs
from bench.figures import Figure, at_least, at_most, told
from bench.house import (
    ACCOUNTS,
    CATEGORIES,
    TOKEN,
    account,
    category,
    connected,
    console,
    ledger_id,
    numbered,
    open_ledger,
)

ROWS = 100_000
LARGE_BYTES = 100 << 20
FIRST_LEDGER = 500
PART = "imports"
SHOPS = (
    "SQ *CORNER BAKERY, LLC", "Trader Joe's #552", "NETFLIX.COM", "CITY TRANSIT", "Shell 5744",
    "Blue Heron Books", "Café Größenwahn", "Northside Hardware", "Rent", "Harbor Grill",
)  # fmt: skip
HEADER = ("Date", "Account", "Description", "Category", "Amount", "Currency", "Reference")
COLUMNS = (
    "ledger_id", "id", "kind", "date", "amount", "currency", "description", "category_id",
    "account_id", "reference", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Booking:
    """One row of a household's file; `amount` in cents, below zero for money spent."""

    number: int
    date: dt.date
    text: str
    category: int
    account: int
    amount: int

    @property
    def cells(self) -> tuple[str, ...]:
        sign = "-" if self.amount < 0 else ""
        whole, cents = divmod(abs(self.amount), 100)
        return (
            self.date.isoformat(), f"Name {self.account + 1}", self.text,
            f"Name {self.category + 1}", f"{sign}{whole}.{cents:02}", "EUR", f"BANK{self.number:09}",
        )  # fmt: skip

    def expense(self, ledger: UUID) -> tuple[object, ...]:
        return (
            ledger, numbered("0b00", self.number), "expense" if self.amount < 0 else "income",
            self.date, abs(self.amount), "EUR", self.text, category(ledger, self.category),
            account(ledger, self.account), f"BANK{self.number:09}", "import",
        )  # fmt: skip


def bookings(rows: int) -> Iterator[Booking]:
    """Ten years of a household, the oldest first; always the same."""
    drawn = random.Random(20260101)
    first = dt.date(2016, 1, 1)
    for number in range(rows):
        yield Booking(
            number,
            first + dt.timedelta(days=number * 3650 // rows),
            f"{drawn.choice(SHOPS)} {drawn.randrange(2000)}",
            int(drawn.paretovariate(1.2)) % CATEGORIES,
            drawn.randrange(ACCOUNTS),
            drawn.randrange(1, 30_000) * (1 if drawn.random() < 0.06 else -1),
        )


def as_file(rows: Iterator[Booking]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(booking.cells for booking in rows)
    return text.getvalue().encode()


def as_copy(ledger: UUID) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(booking.expense(ledger) for booking in bookings(ROWS))
    return text.getvalue().encode()


async def run(dsn: str, home: Path, rounds: int) -> list[Figure]:
    with programs.service(home / "imports.log", {"OUTLAY_DATABASE_URL": dsn}) as program:
        process = psutil.Process(program.pid)
        idle = process.memory_info().rss
        taken = [await _round(dsn, program, number) for number in range(rounds)]
        after = process.memory_info().rss
        small = await _small(program, FIRST_LEDGER + 2 * rounds - 1)
        large = await _large(dsn, program, FIRST_LEDGER + 3 * rounds)
        peak = _peak(program.pid)
    copy, upload, commit = (median(each[n] for each in taken) for n in range(3))
    return [
        told(PART, f"raw COPY of {ROWS:,} rows", f"{copy:.2f} s, {ROWS / copy:,.0f} rows/s"),
        told(PART, "upload and preview", f"{upload:.2f} s"),
        told(PART, "commit", f"{commit:.2f} s"),
        at_least(PART, "import, of raw COPY", median(c / (u + m) for c, u, m in taken), 0.25),
        told(PART, "a month's file beside them, both", f"{small * 1000:.0f} ms"),
        told(PART, "RSS idle", f"{idle >> 20} MB"),
        at_most(PART, "RSS after the imports", after >> 20, 250, " MB"),
        told(PART, f"upload of 100 MB ({large[0]:,} rows)", f"{large[1]:.1f} s"),
        told(PART, "RSS at its highest", f"{peak >> 20} MB"),
    ]


async def _round(dsn: str, program: programs.Program, number: int) -> tuple[float, float, float]:
    async with connected(dsn) as db:
        copied = await _copy(db, await open_ledger(db, FIRST_LEDGER + 2 * number))
        ledger = await open_ledger(db, FIRST_LEDGER + 2 * number + 1)
    upload, commit = await _import(program, ledger, as_file(bookings(ROWS)))
    console.print(f"  COPY {copied:.2f} s, upload {upload:.2f} s, commit {commit:.2f} s")
    return copied, upload, commit


async def _copy(db: asyncpg.Connection, ledger: UUID) -> float:
    data = as_copy(ledger)
    started = time.perf_counter()
    await db.copy_to_table(
        "expenses", schema_name="public", columns=COLUMNS, source=io.BytesIO(data), format="csv"
    )
    return time.perf_counter() - started


async def _import(program: programs.Program, ledger: UUID, data: bytes) -> tuple[float, float]:
    async with _client(program, ledger) as client:
        started = time.perf_counter()
        answer = await client.post("", content=data)
        preview = answer.raise_for_status().json()
        uploaded = time.perf_counter()
        answer = await client.post(f"/{preview['id']}/commit", json={})
        done = answer.raise_for_status().json()
        ended = time.perf_counter()
    if done["created"] != ROWS:
        raise AssertionError(f"of {ROWS} rows {done['created']} were added")
    return uploaded - started, ended - uploaded


async def _small(program: programs.Program, number: int) -> float:
    """A month that overlaps the last import by half: seconds from upload to commit."""
    month = [replace(each, number=ROWS + n) for n, each in enumerate(bookings(ROWS)) if n % 27 == 0]
    data = as_file(iter([*list(bookings(ROWS))[-60:], *month[-60:]]))
    async with _client(program, ledger_id(number)) as client:
        started = time.perf_counter()
        preview = (await client.post("", content=data)).raise_for_status().json()
        answer = await client.post(f"/{preview['id']}/commit", json={})
        answer.raise_for_status()
        ended = time.perf_counter()
    if preview["counts"]["duplicate"] < 60:
        raise AssertionError("the overlap was not found")
    return ended - started


async def _large(dsn: str, program: programs.Program, number: int) -> tuple[int, float]:
    """A file of 100 MB is staged and discarded; gives its rows and the seconds of the upload."""
    async with connected(dsn) as db:
        ledger = await open_ledger(db, number)
    line = b'2026-01-05,Name 1,"%s",Name 2,-%d.50,EUR,\n'
    size = 0

    async def chunks():
        nonlocal size
        yield ",".join(HEADER).encode() + b"\n"
        for n in range(1, 1_000_000):
            piece = line % (b"A long description of what was bought there " * 2, n)
            size += len(piece)
            if size > LARGE_BYTES - 1000:
                return
            yield piece

    async with _client(program, ledger) as client:
        data = b"".join([piece async for piece in chunks()])
        started = time.perf_counter()
        answer = await client.post("", content=data)
        preview = answer.raise_for_status().json()
        ended = time.perf_counter()
        await client.delete(f"/{preview['id']}")
    return preview["counts"]["new"], ended - started


def _client(program: programs.Program, ledger: UUID) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"{program.url}/api/v1/ledgers/{ledger}/imports",
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=600,
    )


def _peak(pid: int) -> int:
    """The highest resident memory that the process ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) << 10


if __name__ == "__main__":
    from bench import house, report

    with house.folder(None) as home, house.server(home) as dsn:
        asyncio.run(house.furnish(dsn))
        report.show(asyncio.run(run(dsn, home, 2)))
