"""Sixteen writers on one ledger, and spread over twenty, beside pgbench over twenty."""

from pathlib import Path
from statistics import median

from bench import client, house, pgbench, programs, requests
from bench.figures import Figure, at_least, spread, told

PART = "writers"
ONE, FIRST, LEDGERS = 700, 701, 20
ENOUGH = 1500
SHARE_ON_ONE, SHARE_ON_MANY = 0.30, requests.TARGETS["create"]


async def run(dsn: str, home: Path, seconds: float, rounds: int) -> list[Figure]:
    async with house.connected(dsn) as db:
        for number in range(ONE, FIRST + LEDGERS):
            await house.open_ledger(db, number)
        on_one = await requests.creating(db, home, ONE, 1)
        on_many = await requests.creating(db, home, FIRST, LEDGERS)
    with programs.service(home / "writers.log", {"OUTLAY_DATABASE_URL": dsn}) as service:

        def created(first: int, ledgers: int) -> float:
            return client.run(service.url, "create", seconds, first=first, ledgers=ledgers).rate

        def inserted(script: requests.Script) -> float:
            return pgbench.run(dsn, script.file, script.variables, seconds)

        rates = requests.compared(
            {
                "pgbench, twenty ledgers": lambda: inserted(on_many),
                "pgbench, one ledger": lambda: inserted(on_one),
                "outlay, one ledger": lambda: created(ONE, 1),
                "outlay, twenty ledgers": lambda: created(FIRST, LEDGERS),
            },
            rounds,
        )
    return _figures(rates)


def _figures(rates: dict[str, list[float]]) -> list[Figure]:
    middle = {name: median(values) for name, values in rates.items()}
    most = middle["pgbench, twenty ledgers"]
    least = min(ENOUGH, SHARE_ON_ONE * most)
    return [
        *(told(PART, f"{name}, a second", spread(values)) for name, values in rates.items()),
        at_least(PART, "creates a second on one ledger", middle["outlay, one ledger"], least),
        at_least(
            PART,
            "twenty ledgers: share of pgbench",
            middle["outlay, twenty ledgers"] / most,
            SHARE_ON_MANY,
        ),
    ]
