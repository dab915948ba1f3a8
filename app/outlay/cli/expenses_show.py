"""`outlay show`."""

from typing import Any

import click

from outlay.cli.names import Names
from outlay.cli.output import terminal
from outlay.cli.references import find_expense
from outlay.cli.render import accounts, facts
from outlay.cli.session import Session, connected


@click.command
@click.argument("id")
@click.option("--trashed", is_flag=True, help="Look for a short id in the trash.")
@connected()
def show(session: Session, id: str, trashed: bool) -> None:
    """Show everything about one expense.

    ID is the whole id, or the end of it that lists show.
    """
    row = find_expense(session, id, trashed=trashed)
    session.show(row, lambda: print_expense(row, Names(session)))


def print_expense(row: dict[str, Any], names: Names) -> None:
    arrived = f"{row['to_amount']} {row['to_currency']}" if row["to_amount"] else ""
    terminal().print(facts([
        ("Amount", f"{row['amount']} {row['currency']}"),
        ("Arrived", arrived),
        ("Kind", "refund" if row["refund_of"] else row["kind"]),
        ("Date", row["date"]),
        ("Description", row["description"]),
        ("Category", names.category_label(row["category_id"]) if row["category_id"] else ""),
        ("Account", accounts(row, names)),
        ("Tags", names.tag_labels(row["tag_ids"]) if row["tag_ids"] else ""),
        ("Note", row["note"]),
        ("Refund of", row["refund_of"] or ""),
        ("Purchase", row["purchase_id"] or ""),
        ("Reference", row["reference"]),
        ("Recorded", f"{row['created_at']} by {row['source']}"),
        ("Changed", row["updated_at"] if row["version"] > 1 else ""),
        ("In the trash", row["deleted_at"] or ""),
        ("Id", row["id"]),
    ]))  # fmt: skip
