"""The tables: on the terminal, and in RESULTS.md with what every part measured last.

A part that is measured alone replaces its own table; the figures of the others wait in results.json.
"""

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import asyncpg
import msgspec
import psutil
from rich.table import Table

from bench import house
from bench.figures import Figure
from bench.house import console
from bench.notes import NOTES

_KEPT: Final = Path(__file__).with_name("results.json")
_RESULTS: Final = Path(__file__).with_name("RESULTS.md")
_HEAD: Final = """# What was measured

`make bench` measures and writes this file; the sentences under the tables come from
[notes.py](notes.py). Every program and the database share one machine, and what else the machine
does weighs on all of them: ratios within one run say more than seconds.
"""


class Measured(msgspec.Struct, frozen=True):
    """One part's figures, and where they come from."""

    date: str
    command: str
    machine: str
    figures: list[Figure]


def show(figures: Sequence[Figure]) -> None:
    for part in dict.fromkeys(figure.part for figure in figures):
        table = Table(title=part, title_justify="left", title_style="bold")
        for heading in ("figure", "measured", "target", ""):
            table.add_column(heading, justify="left" if heading == "figure" else "right")
        for figure in figures:
            if figure.part == part:
                style = "red" if figure.met is False else ""
                table.add_row(figure.what, figure.measured, figure.target, figure.mark, style=style)
        console.print(table)


async def machine(db: asyncpg.Connection) -> str:
    """Processor, memory, versions, and how busy the machine is with other things."""
    server = await db.fetchval("show server_version")
    return host(server.split()[0])


def host(postgresql: str) -> str:
    """As `machine`, for a PostgreSQL of that version."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} processors, {memory:.0f} GB, "
        f"Python {platform.python_version()}, PostgreSQL {postgresql}, "
        f"load average at the end {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def keep(figures: Sequence[Figure], machine: str, command: str) -> None:
    """Write RESULTS.md anew: these figures, and the last ones of the parts not among them."""
    kept: dict[str, Measured] = {}
    if _KEPT.exists():
        kept = msgspec.json.decode(_KEPT.read_bytes(), type=dict[str, Measured])
    date = house.today().isoformat()
    for part in dict.fromkeys(figure.part for figure in figures):
        own = [figure for figure in figures if figure.part == part]
        kept[part] = Measured(date, command, machine, own)
    _KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    _RESULTS.write_text(as_markdown(kept, NOTES), encoding="utf-8")


def as_markdown(kept: Mapping[str, Measured], notes: Mapping[str, str]) -> str:
    return "\n".join([_HEAD, *(_section(part, kept[part], notes.get(part, "")) for part in kept)])


def _section(part: str, measured: Measured, note: str) -> str:
    rows = (
        f"| {figure.what} | {figure.measured} | {figure.target} | {_reached(figure)} |"
        for figure in measured.figures
    )
    return "\n".join(
        [
            f"## {part.capitalize()}\n",
            f"{measured.date}, `{measured.command}`: {measured.machine}.\n",
            "| what | measured | target | reached |",
            "| --- | ---: | ---: | --- |",
            *rows,
            f"\n{note.strip()}\n" if note else "",
        ]
    )


def _reached(figure: Figure) -> str:
    return {True: "yes", False: "**no**", None: ""}[figure.met]
