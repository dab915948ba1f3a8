"""`outlay ledgers`."""

from typing import Any

import click
from rich.table import Table

from outlay.cli.ledger_names import ledger_named
from outlay.cli.output import terminal
from outlay.cli.render import cell
from outlay.cli.session import Session, connected
from outlay.cli.things import confirmed, told
from outlay.ids import uuid7


@click.group()
def ledgers() -> None:
    """List, create, choose, change and delete ledgers."""


@ledgers.command("list")
@connected(ledger=False)
def list_ledgers(session: Session) -> None:
    """List your ledgers; the default one is marked."""
    found = session.api.get("/ledgers")
    session.show(found, lambda: terminal().print(_table(found["items"])))


@ledgers.command
@click.argument("name")
@click.option("--currency", required=True, metavar="CODE", help="Such as EUR.")
@click.option("--time-zone", default="UTC", metavar="ZONE", help="Such as Europe/Rome.")
@click.option("--first-day-of-month", type=click.IntRange(1, 31), default=1, show_default=True)
@click.option("--first-day-of-week", type=click.IntRange(1, 7), default=1, help="1 is Monday.")
@click.option("--empty", is_flag=True, help="Without the default categories.")
@connected(ledger=False)
def create(session: Session, currency: str, empty: bool, **given: Any) -> None:
    """Begin a ledger; you are its owner."""
    new = str(uuid7())
    body = {
        **given,
        "id": new,
        "currency": currency.upper(),
        "categories": "none" if empty else "default",
    }
    made = session.api.call("POST", "/ledgers", body=body, headers={"Idempotency-Key": new})
    told(session, made, f"Began {made['name']} ({made['id']})")


@ledgers.command
@click.argument("ledger")
@connected(ledger=False)
def use(session: Session, ledger: str) -> None:
    """Make a ledger your default one, here and in the browser."""
    row = ledger_named(session.api, ledger)
    mine = session.api.get("/me")
    changed = session.api.call(
        "PATCH", "/me", body={"default_ledger_id": row["id"]}, headers={"If-Match": mine["etag"]}
    )
    told(session, changed, f"{row['name']} is your default ledger")


@ledgers.command
@click.argument("ledger")
@click.option("--name")
@click.option("--currency", metavar="CODE", help="For new expenses; old ones keep theirs.")
@click.option("--time-zone", metavar="ZONE")
@click.option("--first-day-of-month", type=click.IntRange(1, 31))
@click.option("--first-day-of-week", type=click.IntRange(1, 7), help="1 is Monday.")
@connected(ledger=False)
def edit(session: Session, ledger: str, **given: Any) -> None:
    """Change a ledger."""
    body = {name: value for name, value in given.items() if value is not None}
    if not body:
        raise click.UsageError("Say what to change, such as --name")
    row = ledger_named(session.api, ledger)
    changed = session.api.call(
        "PATCH", f"/ledgers/{row['id']}", body=body, headers={"If-Match": row["etag"]}
    )
    told(session, changed, f"Changed {changed['name']}")


@ledgers.command
@click.argument("ledger")
@click.option("--confirm", metavar="NAME", help="Its name, instead of being asked for it.")
@connected(ledger=False)
def delete(session: Session, ledger: str, confirm: str | None) -> None:
    """Delete a ledger with its history for good; nothing but a backup brings it back."""
    row = ledger_named(session.api, ledger)
    if confirm is None:
        confirmed(session, f"Delete {row['name']} with everything in it?", yes=False)
        confirm = str(click.prompt("Write its name to go on", err=True))
    done = session.api.call(
        "DELETE",
        f"/ledgers/{row['id']}",
        params={"confirm": confirm},
        headers={"If-Match": row["etag"]},
    )
    told(session, done, f"Deleted {row['name']}")


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("Ledger", "Currency", "Role", box=None, pad_edge=False, header_style="bold")
    for heading in ("Time zone", "Month begins", "Id"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        name = f"{row['name']} (default)" if row["is_default"] else row["name"]
        begins = f"day {row['first_day_of_month']}"
        cells = (name, row["currency"], row["role"], row["time_zone"], begins, row["id"])
        table.add_row(*(cell(each) for each in cells))
    return table
