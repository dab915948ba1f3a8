"""`outlay categories`."""

from typing import Any

import click
from rich.table import Table

from outlay.cli import things
from outlay.cli.names import Names
from outlay.cli.output import counted, terminal
from outlay.cli.render import cell
from outlay.cli.session import Session, connected
from outlay.cli.things import told, yes_option

MANY = "categories"


@click.group()
def categories() -> None:
    """List, add, rename, merge, archive and remove categories."""


@categories.command("list")
@click.option("--archived", is_flag=True, help="Archived ones too.")
@connected()
def list_categories(session: Session, archived: bool) -> None:
    """List categories with the number of their expenses."""
    found = session.api.get(f"{session.path}/{MANY}")
    rows = [row for row in found["items"] if archived or not row["archived"]]
    session.show(found, lambda: terminal().print(_table(rows)))


@categories.command
@click.argument("name")
@click.option("--parent", "-p", metavar="NAME", help="The category it lies under.")
@click.option("--income", is_flag=True, help="For money that comes in.")
@click.option("--icon", default="", help="One sign, such as an emoji.")
@click.option("--hue", type=click.IntRange(0, 7), default=0, help="One of eight colours.")
@connected()
def add(session: Session, name: str, parent: str | None, income: bool, **look: Any) -> None:
    """Add a category, such as `outlay categories add Coffee --parent Food`."""
    kind = "income" if income else "expense"
    parent_id = None if parent is None else Names(session).category(parent, kind=kind)
    body = {"name": name, "kind": kind, "parent_id": parent_id, **look}
    made = things.create(session, MANY, body)
    told(session, made, f"Added {made['name']}")


@categories.command
@click.argument("category")
@click.argument("name")
@connected()
def rename(session: Session, category: str, name: str) -> None:
    """Give a category another name."""
    row = _row(session, category)
    changed = things.change(session, MANY, row, {"name": name})
    told(session, changed, f"{row['name']} is now {changed['name']}")


@categories.command
@click.argument("category")
@click.argument("into")
@yes_option
@connected()
def merge(session: Session, category: str, into: str, yes: bool) -> None:
    """Move everything of a category into another one and remove it; `outlay undo` takes it back."""
    names = Names(session)
    row, target = _row(session, category, names), _row(session, into, names)
    plan = session.api.get(f"{session.path}/{MANY}/{row['id']}/merge", {"into": target["id"]})
    what = f"{counted(plan['expenses'], 'expense')}, {plan['trashed']} in the trash"
    things.confirmed(session, f"Merge {row['name']} into {target['name']}: {what}?", yes=yes)
    done = things.merge(session, MANY, row, target)
    told(session, done, f"Merged {row['name']} into {target['name']}: {what}")


@categories.command
@click.argument("category")
@click.option("--undo", "back", is_flag=True, help="Take it out of the archive.")
@connected()
def archive(session: Session, category: str, back: bool) -> None:
    """Put a category away; its expenses keep it."""
    row = _row(session, category, archived=back)
    changed = things.change(session, MANY, row, {"archived": not back})
    told(session, changed, f"{row['name']} is {'back' if back else 'archived'}")


@categories.command("remove")
@click.argument("category")
@yes_option
@connected()
def remove_category(session: Session, category: str, yes: bool) -> None:
    """Remove a category; its expenses stay, without one. `outlay undo` takes it back."""
    row = _row(session, category, archived=None)
    things.confirmed(
        session, f"Remove {row['name']}, of {counted(row['entries'], 'expense')}?", yes=yes
    )
    done = things.remove(session, MANY, row)
    told(session, done, f"Removed {row['name']}")


def _row(
    session: Session, name: str, names: Names | None = None, *, archived: bool | None = False
) -> dict[str, Any]:
    names = names or Names(session)
    return names.categories[names.category(name, archived=archived)]


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("Category", box=None, pad_edge=False, header_style="bold")
    table.add_column("For")
    table.add_column("Expenses", justify="right")
    for row in rows:
        name = ("  " if row["parent_id"] else "") + f"{row['icon']} {row['name']}".strip()
        shown = f"{name} (archived)" if row["archived"] else name
        table.add_row(cell(shown), cell(row["kind"]), cell(str(row["entries"])))
    return table
