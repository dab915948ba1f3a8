"""`outlay history`."""

import datetime as dt
from typing import Any, Final

import click
from rich.table import Table

from outlay.cli.output import note, terminal
from outlay.cli.references import find_expense
from outlay.cli.render import cell
from outlay.cli.session import Session, connected

# What the service keeps for itself, and says nothing to a person.
_SILENT: Final = frozenset({"etag", "version", "updated_at", "created_at", "created_by", "id"})


@click.command
@click.argument("id", required=False)
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--before", type=click.IntRange(1), metavar="SEQ", help="Only before this change.")
@connected()
def history(session: Session, id: str | None, limit: int, before: int | None) -> None:
    """Show who changed what: in the whole ledger, or to one expense with ID.

    The numbers are what `outlay undo` takes.
    """
    params = {"limit": limit, "before": before}
    if id is None:
        found = session.api.get(f"{session.path}/changes", params)
        session.show(found, lambda: _print(_sets(found["items"]), found["next"]))
        return
    row = find_expense(session, id)
    found = session.api.get(f"{session.path}/expenses/{row['id']}/history", params)
    session.show(found, lambda: _print(_versions(found["items"]), found["next"]))


def what(change: dict[str, Any]) -> str:
    """Say what a change set did: its first rows, and how many there are."""
    named = [f"{row['op']} {row['entity']} {_label(row)}".strip() for row in change["summary"]]
    left = change["entities"] - len(named)
    text = "; ".join(named) + (f" and {left} more" if left > 0 else "")
    if change["undoes"] is not None:
        text = f"undo of {change['undoes']}: {text}"
    return f"{text} (undone by {change['undone_by']})" if change["undone_by"] is not None else text


def _label(row: dict[str, Any]) -> str:
    label = f"'{row['label']}'" if row["label"] else ""
    return f"{label} {row['amount']} {row['currency']}".strip() if row["amount"] else label


def _print(table: Table, following: int | None) -> None:
    terminal().print(table)
    if following is not None:
        note(f"Older ones: --before {following}")


def _sets(changes: list[dict[str, Any]]) -> Table:
    table = _table()
    for change in changes:
        table.add_row(*_head(change), cell(what(change)))
    return table


def _versions(entries: list[dict[str, Any]]) -> Table:
    table = _table()
    for entry in entries:
        table.add_row(*_head(entry), cell(_difference(entry)))
    return table


def _table() -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Seq", justify="right", no_wrap=True)
    table.add_column("When", no_wrap=True)
    table.add_column("Who", overflow="fold")
    table.add_column("What", overflow="fold")
    return table


def _head(change: dict[str, Any]) -> list[Any]:
    when = dt.datetime.fromisoformat(change["at"]).astimezone()
    who = change["actor"]["name"] if change["actor"] else change["source"]
    return [cell(str(change["seq"])), cell(f"{when:%Y-%m-%d %H:%M}"), cell(who)]


def _difference(entry: dict[str, Any]) -> str:
    before, after = entry["before"] or {}, entry["after"] or {}
    if not before or not after:
        return str(entry["op"])
    changed = [
        f"{name.replace('_', ' ')}: {_said(before.get(name))} → {_said(value)}"
        for name, value in after.items()
        if name not in _SILENT and before.get(name) != value
    ]
    return f"{entry['op']} {'; '.join(changed)}"


def _said(value: Any) -> str:
    return "nothing" if value in (None, "", []) else str(value)
