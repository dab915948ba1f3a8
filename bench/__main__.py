"""`python -m bench [part...]`: measure on one embedded PostgreSQL, print the table, keep it."""

import asyncio
from pathlib import Path

import click

from bench import house, report, requests
from bench.figures import Figure

PARTS = ("requests",)


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
    with house.folder(folder) as home:
        figures: list[Figure] = []
        with house.server(home) as dsn:
            asyncio.run(house.furnish(dsn))
            if not parts or "requests" in parts:
                figures += asyncio.run(requests.run(dsn, home, seconds, rounds))
    report.show(figures)


main()
