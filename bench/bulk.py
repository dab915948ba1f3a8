"""A hundred thousand rows by the bulk route, ten thousand a request, beside a raw COPY of them."""

import time
from pathlib import Path
from statistics import median

import httpx
import msgspec

from bench import imports, programs
from bench.figures import Figure, at_least, told
from bench.house import (
    TOKEN,
    account,
    category,
    connected,
    console,
    ledger_id,
    numbered,
    open_ledger,
)
from bench.imports import _copy

PART = "bulk"
FIRST_LEDGER = 800
ROWS, A_REQUEST = imports.ROWS, 10_000
SHARE = 0.25


async def run(dsn: str, home: Path, rounds: int) -> list[Figure]:
    with programs.service(home / "bulk.log", {"OUTLAY_DATABASE_URL": dsn}) as program:
        taken = [await _round(dsn, program, number) for number in range(rounds)]
    copy, bulk = (median(each[n] for each in taken) for n in range(2))
    return [
        told(PART, f"raw COPY of {ROWS:,} rows", f"{copy:.2f} s, {ROWS / copy:,.0f} rows/s"),
        told(PART, "bulk creates of them", f"{bulk:.2f} s, {ROWS / bulk:,.0f} rows/s"),
        at_least(PART, "bulk, of raw COPY", median(c / b for c, b in taken), SHARE),
    ]


async def _round(dsn: str, program: programs.Program, number: int) -> tuple[float, float]:
    first = FIRST_LEDGER + 2 * number
    async with connected(dsn) as db:
        copied = await _copy(db, await open_ledger(db, first))
        await open_ledger(db, first + 1)
    created = await _created(program, first + 1)
    console.print(f"  COPY {copied:.2f} s, bulk {created:.2f} s")
    return copied, created


async def _created(program: programs.Program, ledger: int) -> float:
    """Seconds that the requests took; their bodies are made before."""
    rows = [_row(ledger, booking) for booking in imports.bookings(ROWS)]
    bodies = [
        msgspec.json.encode({"create": rows[start : start + A_REQUEST]})
        for start in range(0, ROWS, A_REQUEST)
    ]
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    url = f"{program.url}/api/v1/ledgers/{ledger_id(ledger)}/expenses/bulk"
    async with httpx.AsyncClient(headers=headers, timeout=120) as client:
        started = time.perf_counter()
        for body in bodies:
            (await client.post(url, content=body)).raise_for_status()
        return time.perf_counter() - started


def _row(ledger: int, booking: imports.Booking) -> dict[str, object]:
    return {
        "id": numbered("b01c", ledger << 24 | booking.number),
        "kind": "expense" if booking.amount < 0 else "income",
        "amount": f"{abs(booking.amount) // 100}.{abs(booking.amount) % 100:02}",
        "currency": "EUR",
        "date": booking.date,
        "description": booking.text,
        "category_id": category(ledger_id(ledger), booking.category),
        "account_id": account(ledger_id(ledger), booking.account),
    }
