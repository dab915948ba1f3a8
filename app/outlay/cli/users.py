"""`outlay users`, for administrators of the installation."""

from typing import Any

import click
from rich.table import Table

from outlay.cli.errors import NotFoundError
from outlay.cli.members import print_link
from outlay.cli.output import terminal
from outlay.cli.render import cell
from outlay.cli.session import Session, connected
from outlay.cli.things import confirmed, told, yes_option

_PAGE = 200


@click.group()
def users() -> None:
    """List, create, change and erase the people of this installation (administrators)."""


@users.command("list")
@click.option("--search", "-q", metavar="TEXT", help="Part of a name or an address.")
@connected(ledger=False)
def list_users(session: Session, search: str | None) -> None:
    """List people."""
    found = {"items": _all(session, search), "next": None}
    session.show(found, lambda: terminal().print(_table(found["items"] or [])))


@users.command
@click.argument("name")
@click.argument("email")
@click.option("--admin", "is_admin", is_flag=True, help="May administer the installation.")
@connected(ledger=False)
def create(session: Session, name: str, email: str, is_admin: bool) -> None:
    """Create a person and print the link with which they set their password."""
    body = {"name": name, "email": email, "is_admin": is_admin}
    made = session.api.call("POST", "/users", body=body)
    session.show(made, lambda: print_link(made["link"]["url"], name))


@users.command("reset-password")
@click.argument("person")
@connected(ledger=False)
def reset_password(session: Session, person: str) -> None:
    """Make a link with which somebody sets a new password; it works once and for a day."""
    row = _find(session, person)
    made = session.api.call("POST", f"/users/{row['id']}/password-reset")
    session.show(made, lambda: print_link(made["url"], row["name"]))


@users.command
@click.argument("person")
@click.option("--name")
@click.option("--email")
@click.option("--admin/--no-admin", "is_admin", default=None)
@click.option("--disable/--enable", "is_disabled", default=None, help="Shut out, or let in again.")
@connected(ledger=False)
def edit(session: Session, person: str, **given: Any) -> None:
    """Change a person, or shut them out."""
    body = {name: value for name, value in given.items() if value is not None}
    if not body:
        raise click.UsageError("Say what to change, such as --disable")
    row = _find(session, person)
    changed = session.api.call(
        "PATCH", f"/users/{row['id']}", body=body, headers={"If-Match": row["etag"]}
    )
    told(session, changed, f"Changed {changed['name']}")


@users.command
@click.argument("person")
@click.option("--delete-ledgers", is_flag=True, help="Delete ledgers that nobody else uses.")
@yes_option
@connected(ledger=False)
def erase(session: Session, person: str, delete_ledgers: bool, yes: bool) -> None:
    """Erase a person; histories keep "Former member". Nothing undoes it."""
    row = _find(session, person)
    confirmed(session, f"Erase {row['name']} <{row['email']}> for good?", yes=yes)
    params = {"confirm": row["name"], "delete_ledgers": "true" if delete_ledgers else None}
    done = session.api.call("DELETE", f"/users/{row['id']}", params=params)
    told(session, done, f"Erased {row['name']}")


def _all(session: Session, search: str | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = session.api.get("/users", {"q": search, "limit": _PAGE, "cursor": cursor})
        rows += page["items"]
        cursor = page["next"]
        if cursor is None:
            return rows


def _find(session: Session, person: str) -> dict[str, Any]:
    wanted = person.casefold()
    found = [
        row
        for row in _all(session, None)
        if wanted in {row["id"], row["name"].casefold(), (row["email"] or "").casefold()}
    ]
    if len(found) != 1:
        raise NotFoundError(
            f"{len(found) or 'No'} people are called {person!r}; `outlay users list` shows them with"
            " their addresses and ids"
        )
    return found[0]


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("Name", "Address", "Ledgers", box=None, pad_edge=False, header_style="bold")
    table.add_column("Last seen")
    table.add_column("Id", overflow="fold")
    for row in rows:
        marks = [
            text for name, text in (("is_admin", "admin"), ("is_disabled", "disabled")) if row[name]
        ]
        name = row["name"] + (f" ({', '.join(marks)})" if marks else "")
        seen = (row["last_seen_at"] or "")[:10]
        cells = (name, row["email"] or "", str(row["ledgers"]), seen, row["id"])
        table.add_row(*(cell(each) for each in cells))
    return table
