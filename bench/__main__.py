"""`python -m bench [part...]`: measure on one embedded PostgreSQL, print the tables, keep them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from bench import (
    backup,
    bulk,
    holding,
    house,
    imports,
    memory,
    report,
    requests,
    scale,
    searching,
    sse,
    writers,
)
from bench.figures import Figure
from bench.house import console

PARTS = (
    "requests",
    "writers",
    "bulk",
    "imports",
    "undo",
    "memory",
    "sse",
    "scale",
    "searching",
    "backup",
)


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--rows", default=1_000_000, help="Rows of the large ledger.")
@click.option("--seconds", default=3.0, help="Seconds of one measurement under load.")
@click.option("--rounds", default=3, help="Measurements of each thing; the median counts.")
@click.option("--folder", type=Path, help="Keep the database there, and use it again.")
def main(
    parts: tuple[str, ...], rows: int, seconds: float, rounds: int, folder: Path | None
) -> None:
    """Measure all parts, or those named."""
    with house.folder(folder) as home, house.server(home) as dsn:
        works: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
            "requests": lambda: requests.run(dsn, home, seconds, rounds),
            "writers": lambda: writers.run(dsn, home, seconds, rounds),
            "bulk": lambda: bulk.run(dsn, home, rounds),
            "imports": lambda: imports.run(dsn, home, rounds),
            "undo": lambda: holding.run(dsn, home),
            "memory": lambda: memory.run(dsn, home),
            "sse": lambda: sse.run(dsn, home),
            "scale": lambda: scale.run(dsn, home, rows),
            "searching": lambda: searching.run(dsn, rows),
            "backup": lambda: backup.run(dsn, home, rows, rounds),
        }
        options = f"--rows {rows} --seconds {seconds:g} --rounds {rounds}"
        asyncio.run(measure(dsn, {part: works[part] for part in parts or PARTS}, options))


async def measure(
    dsn: str, works: dict[str, Callable[[], Awaitable[list[Figure]]]], options: str
) -> None:
    """One part after the other; each is kept as soon as it is there."""
    await house.furnish(dsn)
    for part, work in works.items():
        console.rule(part)
        figures = await work()
        async with house.connected(dsn) as db:
            report.keep(figures, await report.machine(db), f"python -m bench {part} {options}")
        report.show(figures)


main()
