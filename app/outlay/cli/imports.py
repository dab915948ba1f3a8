"""`outlay imports`."""

from typing import Any

import click
from rich.table import Table

from outlay.cli.api import LONG_PATIENCE
from outlay.cli.errors import ConflictError
from outlay.cli.import_file import commit as commit_preview
from outlay.cli.output import counted, note, terminal
from outlay.cli.render import cell
from outlay.cli.session import Session, connected
from outlay.cli.things import told
from outlay.ids import uuid7


@click.group()
def imports() -> None:
    """List imports, commit or discard previews, take committed ones back."""


@imports.command("list")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@connected()
def list_imports(session: Session, limit: int) -> None:
    """List imports, newest first."""
    found = session.api.get(f"{session.path}/imports", {"limit": limit})
    session.show(found, lambda: terminal().print(_table(found["items"])))


@imports.command
@click.argument("id")
@click.option("--create", is_flag=True, help="Make categories and tags that the file names.")
@connected()
def commit(session: Session, id: str, create: bool) -> None:
    """Add the rows of a preview, such as one that `outlay import --json` left."""
    commit_preview(session, {"id": id}, create=create)


@imports.command
@click.argument("id")
@connected()
def discard(session: Session, id: str) -> None:
    """Remove a preview with its file."""
    done = session.api.call("DELETE", f"{session.path}/imports/{id}", patience=LONG_PATIENCE)
    told(session, done, "Discarded")


@imports.command
@click.argument("id")
@click.option("--force", is_flag=True, help="Rows that were changed since, too.")
@connected()
def revert(session: Session, id: str, force: bool) -> None:
    """Move all rows of an import to the trash; those changed since stay (exit code 5)."""
    done = session.api.call(
        "POST",
        f"{session.path}/imports/{id}/revert",
        body={"force": force},
        headers={"Idempotency-Key": str(uuid7())},
        patience=LONG_PATIENCE,
    )
    session.show(done, lambda: note(f"In the trash: {done['trashed']}"))
    if done["kept_count"]:
        raise ConflictError(
            f"{counted(done['kept_count'], 'row')} changed since and stay; see --force"
        )


@imports.command
@connected()
def profiles(session: Session) -> None:
    """List saved layouts."""
    found = session.api.get(f"{session.path}/import-profiles")
    session.show(found, lambda: terminal().print(_profiles(found["items"])))


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("When", "File", "State", box=None, pad_edge=False, header_style="bold")
    for heading in ("New", "Double", "Wrong"):
        table.add_column(heading, justify="right")
    table.add_column("Id", overflow="fold")
    for row in rows:
        counts = [str(row["counts"][name]) for name in ("new", "duplicate", "error")]
        cells = (row["created_at"][:10], row["name"], row["status"], *counts, row["id"])
        table.add_row(*(cell(each) for each in cells))
    return table


def _profiles(rows: list[dict[str, Any]]) -> Table:
    table = Table("Profile", "Columns", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(cell(row["name"]), cell(", ".join(row["layout"]["header"])))
    return table
