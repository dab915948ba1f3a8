"""`outlay tokens`."""

import datetime as dt
import re
from typing import Any, Final

import click
from rich.table import Table

from outlay.cli.errors import CommandError, NotFoundError
from outlay.cli.ledger_names import ledger_id
from outlay.cli.output import note, terminal
from outlay.cli.render import cell
from outlay.cli.session import Session, connected
from outlay.cli.things import confirmed, told, yes_option

SCOPES: Final = click.Choice(["read", "write", "admin"])
_DAYS: Final = re.compile(r"(\d{1,4})d", re.ASCII)


@click.group()
def tokens() -> None:
    """List, create and revoke API tokens."""


@tokens.command("list")
@connected(ledger=False)
def list_tokens(session: Session) -> None:
    """List your tokens; their secrets are not kept anywhere."""
    found = session.api.get("/tokens")
    session.show(found, lambda: terminal().print(_table(found["items"])))


@tokens.command
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=SCOPES, help="May be given again.")
@click.option("--only", "ledgers", multiple=True, metavar="LEDGER", help="Reach no other ledger.")
@click.option("--expires", metavar="WHEN", help="2030-01-31, or 90d for days from now.")
@connected(ledger=False)
def create(
    session: Session, name: str, scopes: tuple[str, ...], ledgers: tuple[str, ...], expires: str
) -> None:
    """Make a token and print its secret, which is shown this once.

    Without --scope it may only read.
    """
    body: dict[str, Any] = {"name": name, "scopes": scopes or ("read",)}
    if ledgers:
        body["ledger_ids"] = [ledger_id(session.api, each) for each in ledgers]
    if expires:
        body["expires_at"] = _moment(expires)
    made = session.api.call("POST", "/tokens", body=body)
    session.show(made, lambda: _print_secret(made))


@tokens.command
@click.argument("token")
@yes_option
@connected(ledger=False)
def revoke(session: Session, token: str, yes: bool) -> None:
    """End a token by its name or id, at once, with every token that it made."""
    row = _find(session.api.get("/tokens")["items"], token)
    also = " It is the one you use now." if row["current"] else ""
    confirmed(session, f"Revoke {row['name']} ({row['hint']}...)?{also}", yes=yes)
    done = session.api.call("DELETE", f"/tokens/{row['id']}")
    told(session, done, f"Revoked {row['name']}")


def _find(rows: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    found = [row for row in rows if wanted in {row["id"], row["name"]}]
    match found:
        case [row]:
            return row
        case []:
            raise NotFoundError(f"There is no token {wanted!r}; `outlay tokens list` shows them")
        case _:
            raise CommandError(f"{len(found)} tokens are called {wanted!r}; give the id")


def _moment(text: str) -> str:
    now = dt.datetime.now(dt.UTC)
    if days := _DAYS.fullmatch(text):
        return (now + dt.timedelta(days=int(days[1]))).isoformat()
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC).isoformat()
    except ValueError:
        raise CommandError(f"{text!r} is not a date: write 2030-01-31, or 90d") from None


def _print_secret(made: dict[str, Any]) -> None:
    click.echo(made["secret"])
    note("This is shown once. Use it as OUTLAY_TOKEN, or keep it in a file with mode 600.")


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("Name", "Begins with", "Scopes", box=None, pad_edge=False, header_style="bold")
    for heading in ("Last used", "Ends", "Id"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        scopes = " ".join(row["scopes"]) + ("" if row["ledger_ids"] is None else ", some ledgers")
        used, ends = ((row[name] or "never")[:10] for name in ("last_used_at", "expires_at"))
        name = f"{row['name']} (this one)" if row["current"] else row["name"]
        cells = (name, row["hint"], scopes, used, ends, row["id"])
        table.add_row(*(cell(each) for each in cells))
    return table
