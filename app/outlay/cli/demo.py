"""`outlay demo`."""

from typing import Any

import click

from outlay.cli.errors import NotFoundError
from outlay.cli.session import Session, connected
from outlay.cli.things import confirmed, told, yes_option
from outlay.ids import uuid7


@click.command
@click.option("--remove", is_flag=True, help="Delete it, with everything in it.")
@yes_option
@connected(ledger=False)
def demo(session: Session, remove: bool, yes: bool) -> None:
    """Make a ledger called Demo, with two years of an invented household, to look around in.

    It has the currency, the time zone and the calendar of your default ledger, which stays as it
    is. Everybody can have one; `outlay demo --remove` deletes it for good.
    """
    if remove:
        _remove(session, yes=yes)
        return
    headers = {"Idempotency-Key": str(uuid7())}
    made = session.api.call("POST", "/demo", headers=headers)
    told(session, made, f"Made {made['name']} ({made['id']}). {_NEXT.format(**made)}")


_NEXT = (
    "Look at it with `outlay summary last-month --ledger {name}`; `outlay demo --remove` deletes it"
)


def _remove(session: Session, *, yes: bool) -> None:
    found: list[dict[str, Any]] = session.api.get("/ledgers")["items"]
    mine = [row for row in found if row["is_demo"] and row["role"] == "owner"]
    if not mine:
        raise NotFoundError("You have no demo ledger; `outlay demo` makes one")
    for row in mine:
        confirmed(session, f"Delete {row['name']} with everything in it?", yes=yes)
        done = session.api.call(
            "DELETE",
            f"/ledgers/{row['id']}",
            params={"confirm": row["name"]},
            headers={"If-Match": row["etag"]},
        )
        told(session, done, f"Deleted {row['name']}")
