"""Create, list and month summary: the service beside pgbench and beside the bare program."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import client, data, house, pgbench, programs, statements
from bench.figures import Figure, at_least, spread, told
from bench.house import console

PART = "requests"
LEDGERS = 20
# Ten years of a household that writes down everything.
ROWS = 100_000
# The first ledger is read, the others are written to.
READ, WRITTEN = 1, 2
TARGETS = {"create": 0.35, "list": 0.15, "summary": 0.30}
OF_BARE = 0.70
NAMES = {"create": "create (PUT)", "list": "list of 50", "summary": "month summary"}


@dataclass(frozen=True)
class Script:
    file: Path
    variables: dict[str, str]


async def prepare(dsn: str, home: Path) -> dict[str, Script]:
    """Fill the ledgers, and write pgbench's scripts of the same statements."""
    async with house.connected(dsn) as db:
        read = await house.open_ledger(db, READ)
        await data.fill(db, read, ROWS)
        for number in range(WRITTEN, WRITTEN + LEDGERS):
            await house.open_ledger(db, number)
        entering = statements.authentication(read)
        made = {
            "list": [
                entering,
                *await statements.record(db, lambda to: statements.list_page(to, read)),
            ],
            "summary": [
                entering,
                *await statements.record(
                    db, lambda to: statements.summarized(to, read, statements.this_month())
                ),
            ],
        }
        scripts = {}
        for kind, wanted in made.items():
            scripts[kind] = _written(home, kind, *await pgbench.script(db, wanted))
        return {"create": await creating(db, home, WRITTEN, LEDGERS), **scripts}


async def creating(db: house.asyncpg.Connection, home: Path, first: int, ledgers: int) -> Script:
    """pgbench's script that creates in `ledgers` ledgers: the same values as wrk.lua's."""
    ledger = "('0197b1a0-1ed0-7000-8000-' || lpad(to_hex(:l::integer), 12, '0'))"
    text, variables = await pgbench.script(
        db,
        [
            statements.authentication(house.ledger_id(first)),
            statements.creation(house.ledger_id(first), house.USER),
        ],
        first=[
            f"\\set l random({first}, {first + ledgers - 1})",
            "\\set made :made + 1",
            "\\set a random(0, 1000000000)",
            "\\set amount random(101, 20099)",
            "\\set back random(0, 365)",
            "\\set w random(1, 500)",
            "\\set c random(0, 35)",
            "\\set p random(0, 3)",
        ],
        instead={
            (1, 2): ledger,
            (2, 1): ledger,
            (2, 3): "(lpad(to_hex(:base::bigint + :made::bigint), 12, '0') || '7000'"
            " || '8' || lpad(to_hex(:a::bigint), 15, '0'))",
            (2, 5): "(current_date - :back::integer)",
            (2, 6): ":amount",
            (2, 8): "('Groceries number' || :w::text)",
            (
                2,
                10,
            ): "('0197b1a0-ca7e-7000-8000-' || lpad(to_hex(:l::bigint * 256 + :c::bigint), 12, '0'))",
            (
                2,
                12,
            ): "('0197b1a0-acc0-7000-8000-' || lpad(to_hex(:l::bigint * 256 + :p::bigint), 12, '0'))",
        },
    )
    now = await db.fetchval("select (extract(epoch from now()) * 1000)::bigint")
    return _written(home, f"create{ledgers}", text, variables | {"made": "0", "base": str(now)})


def _written(home: Path, name: str, text: str, variables: dict[str, str]) -> Script:
    file = home / f"{name}.pgbench.sql"
    file.write_text(text)
    return Script(file, variables)


async def run(dsn: str, home: Path, seconds: float, rounds: int) -> list[Figure]:
    scripts = await prepare(dsn, home)
    figures = [told(PART, "client", client.client_name())]
    log = home / "service.log"
    with (
        programs.service(log, {"OUTLAY_DATABASE_URL": dsn}) as service,
        programs.bare(home / "bare.log", dsn) as bare,
    ):
        for kind, script in scripts.items():
            figures += _figures(
                kind, _rates(dsn, kind, script, service.url, bare.url, seconds, rounds)
            )
    return figures


def _rates(
    dsn: str, kind: str, script: Script, service: str, bare: str, seconds: float, rounds: int
) -> dict[str, list[float]]:
    first, ledgers = (WRITTEN, LEDGERS) if kind == "create" else (READ, 1)

    def loaded(url: str) -> float:
        return client.run(url, kind, seconds, first=first, ledgers=ledgers).rate

    return compared(
        {
            "pgbench": lambda: pgbench.run(dsn, script.file, script.variables, seconds),
            "bare": lambda: loaded(bare),
            "outlay": lambda: loaded(service),
        },
        rounds,
    )


def compared(measures: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measure in turns, so that what else the machine does weighs on all alike; one to warm up."""
    rates: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            rate = measure()
            if number:
                rates[name].append(rate)
                console.print(f"  {name} {rate:,.0f}/s")
    return rates


def _figures(kind: str, rates: dict[str, list[float]]) -> list[Figure]:
    name = NAMES[kind]
    middle = {program: median(values) for program, values in rates.items()}
    return [
        *(told(PART, f"{name}: {program}, a second", spread(v)) for program, v in rates.items()),
        at_least(
            PART, f"{name}: share of pgbench", middle["outlay"] / middle["pgbench"], TARGETS[kind]
        ),
        at_least(PART, f"{name}: share of bare", middle["outlay"] / middle["bare"], OF_BARE),
    ]
