"""pgbench from the server's own folder: the yardstick with no program around the statements."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import asyncpg

from bench.house import CONNECTIONS
from bench.statements import Statement
from outlay.embedded import bin_dir

_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


async def script(
    db: asyncpg.Connection,
    statements: Sequence[Statement],
    *,
    first: Sequence[str] = (),
    instead: Mapping[tuple[int, int], str] | None = None,
) -> tuple[str, dict[str, str]]:
    """The statements as a pgbench script, and the variables it wants.

    `first` are its \\set lines; `instead` gives expressions for parameters that change, by the
    places of statement and parameter, both from 1.
    """
    variables: dict[str, str] = {}
    lines = list(first)
    for place, statement in enumerate(statements, 1):
        types = [kind.name for kind in (await db.prepare(statement.sql)).get_parameters()]
        put: dict[str, str] = {}
        for number, (value, kind) in enumerate(zip(statement.values, types, strict=True), 1):
            given = (instead or {}).get((place, number))
            if value == "":
                given = "''"  # pgbench takes no empty variable
            elif given is None and value is not None:
                variables[f"s{place}p{number}"] = _text(value)
                given = f":s{place}p{number}"
            put[str(number)] = f"({given or 'null'})::{kind}"
        sql = re.sub(r"\$(\d+)", lambda found, put=put: put[found[1]], statement.sql)
        lines.append(" ".join(sql.split()) + ";")
    return "\n".join(lines) + "\n", variables


def _text(value: Any) -> str:
    match value:
        case bytes():
            return "\\x" + value.hex()
        case list() | tuple():
            return "{" + ",".join(str(part) for part in value) + "}"
        case _:
            return str(value)


def run(
    dsn: str,
    file: Path,
    variables: Mapping[str, str],
    seconds: float,
    *,
    clients: int = CONNECTIONS,
) -> float:
    """Transactions a second."""
    given = [f"--define={name}={value}" for name, value in variables.items()]
    told = subprocess.run(
        [bin_dir() / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1",
         "-T", str(round(seconds)), "-f", file, *given, dsn],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = _TPS.search(told.stdout)
    if told.returncode != 0 or found is None:
        raise RuntimeError(f"pgbench failed: {told.stderr[-2000:]}")
    return float(found[1])
