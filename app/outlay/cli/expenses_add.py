"""`outlay add`."""

from typing import Any

import click

from outlay.cli import transfers
from outlay.cli.api import CREATE
from outlay.cli.names import Names
from outlay.cli.output import terminal
from outlay.cli.references import find_expense
from outlay.cli.render import expense_table
from outlay.cli.session import Session, connected
from outlay.cli.typed import typed_amount, typed_date
from outlay.ids import uuid7


@click.command
@click.argument("amount")
@click.argument("description", nargs=-1)
@click.option("--category", "-c", metavar="NAME", help="Such as Food, or Food:Coffee.")
@click.option("--date", "-d", metavar="DATE", help="2026-11-02, yesterday, monday, 3d; else today.")
@click.option("--account", "-a", metavar="NAME", help="Account it was paid from.")
@click.option("--to", metavar="NAME", help="Account it went to: a transfer.")
@click.option(
    "--to-amount",
    metavar="AMOUNT",
    help="What arrives there, in its currency: needed where the accounts' currencies differ.",
)
@click.option(
    "--tag",
    "-t",
    "tags",
    multiple=True,
    metavar="NAME",
    help="May be given again; a new word is a new tag.",
)
@click.option("--income", is_flag=True, help="Money that came in.")
@click.option("--refund-of", metavar="ID", help="The expense that this money pays back.")
@click.option("--note", "-n", default="", help="A longer text.")
@click.option("--currency", metavar="CODE", help="Else the account's, or the ledger's.")
@click.option(
    "--create", is_flag=True, help="Make the category if it is not there yet, and any tag."
)
@connected()
def add(session: Session, **given: Any) -> None:
    """Record an expense: `outlay add 12.50 coffee -c Food`.

    The amount takes either decimal mark and sums: 12,50+3*2 is 18.50.
    """
    names = Names(session)
    body = expense_body(session, names, given)
    path = f"{session.path}/expenses/{uuid7()}"
    made = session.api.call("PUT", path, body=body, headers=CREATE)
    session.show(made, lambda: terminal().print(expense_table([made], names)))


def expense_body(session: Session, names: Names, given: dict[str, Any]) -> dict[str, Any]:
    """Turn the options of `add` into the API's expense; what was not given is left out."""
    kind = _kind(given)
    category, refunded = given["category"], given["refund_of"]
    body = {
        "amount": typed_amount(given["amount"]),
        "kind": kind,
        "currency": given["currency"] and given["currency"].upper(),
        "date": _date(session, given["date"]),
        "description": " ".join(given["description"]),
        "note": given["note"],
        "category_id": category
        and names.category(category, kind=None if refunded else kind, make=given["create"]),
        "tag_ids": [
            names.tag(each, make=given["create"], make_if_unlike=True) for each in given["tags"]
        ],
        "account_id": given["account"] and names.account(given["account"]),
        "to_account_id": given["to"] and names.account(given["to"]),
        "refund_of": refunded and find_expense(session, refunded)["id"],
        "source": "cli",
    }
    body |= transfers.arrival(names, body, given["to_amount"])
    return {name: value for name, value in body.items() if value is not None and value != ""}


def _kind(given: dict[str, Any]) -> str:
    if given["to"]:
        return "transfer"
    return "income" if given["income"] or given["refund_of"] else "expense"


def _date(session: Session, text: str | None) -> str | None:
    """Leave "today" to the service, which knows the ledger's time zone."""
    if text is None or text.strip().lower() == "today":
        return None
    return typed_date(session, text)
