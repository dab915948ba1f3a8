"""`outlay members` and `outlay invite`."""

from typing import Any, Final

import click
from rich.table import Table

from outlay.cli.errors import NotFoundError
from outlay.cli.output import note, terminal
from outlay.cli.render import cell
from outlay.cli.session import Session, connected
from outlay.cli.things import confirmed, told, yes_option

ROLES: Final = click.Choice(["owner", "editor", "viewer"])


@click.command
@click.option("--role", type=ROLES, default="editor", show_default=True)
@click.option("--note", "-n", "text", default="", help="Whom it is for; only owners see it.")
@connected()
def invite(session: Session, role: str, text: str) -> None:
    """Make a link that lets one person into the ledger; it works once and for a week."""
    body = {"role": role, "note": text}
    made = session.api.call("POST", f"{session.path}/invitations", body=body)
    session.show(made, lambda: print_link(made["url"], "the person you invite"))


@click.group()
def members() -> None:
    """List the people of a ledger, change their roles, remove them."""


@members.command("list")
@connected()
def list_members(session: Session) -> None:
    """List the people of the ledger."""
    found = session.api.get(f"{session.path}/members")
    session.show(found, lambda: terminal().print(_table(found["items"])))


@members.command
@click.argument("person")
@click.argument("role", type=ROLES)
@connected()
def role(session: Session, person: str, role: str) -> None:
    """Give somebody another role."""
    row = _find(session, person)
    changed = session.api.call(
        "PATCH", _path(session, row), body={"role": role}, headers={"If-Match": row["etag"]}
    )
    told(session, changed, f"{row['name']} is {role} now")


@members.command
@click.argument("person")
@yes_option
@connected()
def remove(session: Session, person: str, yes: bool) -> None:
    """Take somebody out of the ledger; what they recorded stays."""
    row = _find(session, person)
    confirmed(session, f"Remove {row['name']} from this ledger?", yes=yes)
    done = session.api.call("DELETE", _path(session, row), headers={"If-Match": row["etag"]})
    told(session, done, f"Removed {row['name']}")


@members.command
@yes_option
@connected()
def leave(session: Session, yes: bool) -> None:
    """Leave the ledger yourself."""
    confirmed(session, f"Leave {session.settings['name']}?", yes=yes)
    done = session.api.call("DELETE", f"{session.path}/members/me")
    told(session, done, "Left")


@members.command("reset-password")
@click.argument("person")
@connected()
def reset_password(session: Session, person: str) -> None:
    """Make a link with which a member sets a new password; it works once and for a day."""
    row = _find(session, person)
    made = session.api.call("POST", f"{_path(session, row)}/password-reset")
    session.show(made, lambda: print_link(made["url"], row["name"]))


@members.command
@connected()
def invitations(session: Session) -> None:
    """List the invitations of the ledger."""
    found = session.api.get(f"{session.path}/invitations")
    session.show(found, lambda: terminal().print(_invitations(found["items"])))


@members.command
@click.argument("invitation")
@connected()
def uninvite(session: Session, invitation: str) -> None:
    """End an invitation by its id."""
    done = session.api.call("DELETE", f"{session.path}/invitations/{invitation}")
    told(session, done, "Ended")


def print_link(url: str, reader: str) -> None:
    """Print a link alone on stdout, and on stderr what it is worth."""
    click.echo(url)
    note(f"Send it to {reader} by a way that only they read: whoever opens it first gets in.")


def _find(session: Session, person: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = session.api.get(f"{session.path}/members")["items"]
    wanted = person.casefold()
    found = [
        row
        for row in rows
        if wanted in {row["user_id"], row["name"].casefold(), (row["email"] or "").casefold()}
    ]
    if len(found) != 1:
        raise NotFoundError(
            f"{len(found) or 'No'} members are called {person!r}; `outlay members list` shows them"
            " with their addresses and ids"
        )
    return found[0]


def _path(session: Session, row: dict[str, Any]) -> str:
    return f"{session.path}/members/{row['user_id']}"


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("Name", "Role", "Address", "Id", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        marks = [
            text
            for name, text in (
                ("is_me", "you"), ("is_placeholder", "no account"), ("is_disabled", "disabled"),
            )
            if row[name]
        ]  # fmt: skip
        name = row["name"] + (f" ({', '.join(marks)})" if marks else "")
        table.add_row(cell(name), cell(row["role"]), cell(row["email"] or ""), cell(row["user_id"]))
    return table


def _invitations(rows: list[dict[str, Any]]) -> Table:
    table = Table("For", "Role", "State", "Id", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        state = (
            f"used {row['used_at'][:10]}" if row["used_at"] else f"ends {row['expires_at'][:10]}"
        )
        table.add_row(cell(row["note"]), cell(row["role"]), cell(state), cell(row["id"]))
    return table
