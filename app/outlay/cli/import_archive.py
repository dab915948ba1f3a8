"""An archive brought in as a new ledger."""

from pathlib import Path
from typing import Any

from rich.table import Table

from outlay.cli.output import note, terminal
from outlay.cli.progress import file_parts
from outlay.cli.render import cell
from outlay.cli.session import Session


def is_archive(path: Path) -> bool:
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def bring_in(session: Session, path: Path, *, copy: bool) -> None:
    """Import the whole ledger of an archive, or nothing of it."""
    made = session.api.upload(
        "/ledgers/import-archive",
        file_parts(path),
        params={"as": "new" if copy else None},
        headers={"Content-Type": "application/octet-stream"},
    )
    session.show(made, lambda: _tell(made))


def _tell(made: dict[str, Any]) -> None:
    counts = ", ".join(f"{count} {name}" for name, count in made["counts"].items() if count)
    note(f"Brought in as the ledger {made['ledger']}: {counts}")
    table = Table("Member", "Role there", "Here", box=None, pad_edge=False, header_style="bold")
    for member in made["members"]:
        table.add_row(cell(member["name"]), cell(member["role"]), cell(member["became"]))
    terminal().print(table)
