"""`outlay tags`."""

from typing import Any

import click
from rich.table import Table

from outlay.cli import things
from outlay.cli.names import Names
from outlay.cli.output import counted, terminal
from outlay.cli.render import cell
from outlay.cli.session import Session, connected
from outlay.cli.things import told, yes_option

MANY = "tags"


@click.group()
def tags() -> None:
    """List, add, rename, merge and remove tags."""


@tags.command("list")
@connected()
def list_tags(session: Session) -> None:
    """List tags with the number of expenses that carry them."""
    found = session.api.get(f"{session.path}/{MANY}")
    session.show(found, lambda: terminal().print(_table(found["items"])))


@tags.command
@click.argument("name")
@connected()
def add(session: Session, name: str) -> None:
    """Add a tag."""
    made = things.create(session, MANY, {"name": name.removeprefix("#")})
    told(session, made, f"Added #{made['name']}")


@tags.command
@click.argument("tag")
@click.argument("name")
@connected()
def rename(session: Session, tag: str, name: str) -> None:
    """Give a tag another name."""
    row = _row(session, tag)
    changed = things.change(session, MANY, row, {"name": name.removeprefix("#")})
    told(session, changed, f"#{row['name']} is now #{changed['name']}")


@tags.command
@click.argument("tag")
@click.argument("into")
@yes_option
@connected()
def merge(session: Session, tag: str, into: str, yes: bool) -> None:
    """Replace a tag by another one everywhere; `outlay undo` takes it back."""
    names = Names(session)
    row, target = (names.tags[names.tag(each)] for each in (tag, into))
    what = f"#{row['name']} into #{target['name']}: {counted(row['entries'], 'expense')}"
    things.confirmed(session, f"Merge {what}?", yes=yes)
    done = things.merge(session, MANY, row, target)
    told(session, done, f"Merged {what}")


@tags.command("remove")
@click.argument("tag")
@yes_option
@connected()
def remove_tag(session: Session, tag: str, yes: bool) -> None:
    """Remove a tag from every expense; `outlay undo` takes it back."""
    row = _row(session, tag)
    things.confirmed(
        session, f"Remove #{row['name']} from {counted(row['entries'], 'expense')}?", yes=yes
    )
    done = things.remove(session, MANY, row)
    told(session, done, f"Removed #{row['name']}")


def _row(session: Session, name: str) -> dict[str, Any]:
    names = Names(session)
    return names.tags[names.tag(name)]


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("Tag", box=None, pad_edge=False, header_style="bold")
    table.add_column("Expenses", justify="right")
    for row in rows:
        table.add_row(cell(f"#{row['name']}"), cell(str(row["entries"])))
    return table
