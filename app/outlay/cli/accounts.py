"""`outlay accounts`."""

from typing import Any

import click
from rich.table import Table

from outlay.cli import things
from outlay.cli.names import Names
from outlay.cli.output import terminal
from outlay.cli.render import cell
from outlay.cli.session import Session, connected
from outlay.cli.things import told, yes_option
from outlay.cli.typed import typed_number

MANY = "accounts"
KINDS = click.Choice(["cash", "bank", "card", "savings", "other"])


@click.group()
def accounts() -> None:
    """List, add, change, archive and remove accounts to pay from."""


@accounts.command("list")
@click.option("--archived", is_flag=True, help="Archived ones too.")
@connected()
def list_accounts(session: Session, archived: bool) -> None:
    """List accounts with their balances."""
    found = session.api.get(f"{session.path}/{MANY}")
    rows = [row for row in found["items"] if archived or not row["archived"]]
    session.show(found, lambda: terminal().print(_table(rows)))


@accounts.command
@click.argument("name")
@click.option("--kind", type=KINDS, default="bank", show_default=True)
@click.option("--currency", metavar="CODE", help="Else the ledger's.")
@click.option("--opening", metavar="AMOUNT", default="0", help="What was on it at the beginning.")
@connected()
def add(session: Session, name: str, kind: str, currency: str | None, opening: str) -> None:
    """Add an account; `--opening=-250` begins below zero."""
    body = {"name": name, "kind": kind, "opening_balance": typed_number(opening)}
    if currency:
        body["currency"] = currency.upper()
    made = things.create(session, MANY, body)
    told(session, made, f"Added {made['name']} with {made['balance']} {made['currency']}")


@accounts.command
@click.argument("account")
@click.option("--name")
@click.option("--kind", type=KINDS)
@click.option("--opening", metavar="AMOUNT", help="Correct what was on it at the beginning.")
@connected()
def edit(session: Session, account: str, **given: str | None) -> None:
    """Change an account's name, kind or opening balance."""
    body = {name: given[name] for name in ("name", "kind") if given[name] is not None}
    if given["opening"] is not None:
        body["opening_balance"] = typed_number(given["opening"])
    if not body:
        raise click.UsageError("Say what to change: --name, --kind or --opening")
    changed = things.change(session, MANY, _row(session, account), body)
    told(session, changed, f"{changed['name']}: {changed['balance']} {changed['currency']}")


@accounts.command
@click.argument("account")
@click.option("--undo", "back", is_flag=True, help="Take it out of the archive.")
@connected()
def archive(session: Session, account: str, back: bool) -> None:
    """Put an account away; its expenses keep it."""
    row = _row(session, account, archived=back)
    changed = things.change(session, MANY, row, {"archived": not back})
    told(session, changed, f"{row['name']} is {'back' if back else 'archived'}")


@accounts.command("remove")
@click.argument("account")
@yes_option
@connected()
def remove_account(session: Session, account: str, yes: bool) -> None:
    """Remove an account that nothing uses; others are archived."""
    row = _row(session, account, archived=None)
    things.confirmed(session, f"Remove {row['name']}?", yes=yes)
    done = things.remove(session, MANY, row)
    told(session, done, f"Removed {row['name']}")


def _row(session: Session, name: str, *, archived: bool | None = False) -> dict[str, Any]:
    names = Names(session)
    return names.accounts[names.account(name, archived=archived)]


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("Account", "Kind", box=None, pad_edge=False, header_style="bold")
    table.add_column("Balance", justify="right", no_wrap=True)
    table.add_column("Entries", justify="right")
    for row in rows:
        name = f"{row['name']} (archived)" if row["archived"] else row["name"]
        balance = f"{row['balance']} {row['currency']}"
        table.add_row(cell(name), cell(row["kind"]), cell(balance), cell(str(row["entries"])))
    return table
