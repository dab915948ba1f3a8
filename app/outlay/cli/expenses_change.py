"""`outlay edit`, `outlay delete` and `outlay restore`."""

from typing import Any

import click

from outlay.cli import transfers
from outlay.cli.errors import CommandError
from outlay.cli.names import Names
from outlay.cli.output import note, terminal
from outlay.cli.references import find_expense
from outlay.cli.render import expense_table
from outlay.cli.session import Session, connected
from outlay.cli.typed import typed_amount, typed_date


@click.command
@click.argument("id")
@click.option("--amount", metavar="AMOUNT", help="Either decimal mark, and sums.")
@click.option("--description", metavar="TEXT")
@click.option("--category", "-c", metavar="NAME", help="Or `none`.")
@click.option("--date", "-d", metavar="DATE")
@click.option("--account", "-a", metavar="NAME", help="Or `none`.")
@click.option("--to", metavar="NAME", help="Account that a transfer goes to.")
@click.option(
    "--to-amount",
    metavar="AMOUNT",
    help="What arrives there, in its currency; else what arrived before stays.",
)
@click.option("--tag", "-t", "tags", multiple=True, metavar="NAME", help="Add a tag.")
@click.option("--untag", "untags", multiple=True, metavar="NAME", help="Take a tag away.")
@click.option("--kind", type=click.Choice(["expense", "income", "transfer"]))
@click.option("--note", "-n", metavar="TEXT")
@click.option("--currency", metavar="CODE")
@click.option(
    "--create", is_flag=True, help="Make the category if it is not there yet, and any tag."
)
@connected()
def edit(session: Session, id: str, **given: Any) -> None:
    """Change an expense; what is not named stays."""
    names = Names(session)
    row = find_expense(session, id)
    patch = _patch(session, names, row, given)
    if not patch:
        raise CommandError("Say what to change, such as --amount or --category")
    changed = session.api.call(
        "PATCH", _path(session, row), body=patch, headers={"If-Match": row["etag"]}
    )
    session.show(changed, lambda: terminal().print(expense_table([changed], names)))


@click.command
@click.argument("ids", nargs=-1, required=True)
@click.option("--purge", is_flag=True, help="Remove trashed ones for good; this is not undone.")
@connected()
def delete(session: Session, ids: tuple[str, ...], purge: bool) -> None:
    """Move expenses to the trash; `outlay restore` brings them back."""
    rows = [find_expense(session, each, trashed=purge) for each in ids]
    if purge:
        click.confirm(f"Remove {len(rows)} for good?", abort=True, err=True)
    gone = [
        session.api.call(
            "DELETE",
            _path(session, row),
            params={"purge": "true" if purge else None},
            headers={"If-Match": row["etag"]},
        )
        for row in rows
    ]
    where = "Removed for good" if purge else "In the trash"
    session.show(gone, lambda: note(f"{where}: {len(gone)}"))


@click.command
@click.argument("ids", nargs=-1, required=True)
@connected()
def restore(session: Session, ids: tuple[str, ...]) -> None:
    """Take expenses out of the trash."""
    names = Names(session)
    rows = [find_expense(session, each, trashed=True) for each in ids]
    back = [session.api.call("POST", f"{_path(session, row)}/restore") for row in rows]
    session.show(back, lambda: terminal().print(expense_table(back, names)))


def _path(session: Session, row: dict[str, Any]) -> str:
    return f"{session.path}/expenses/{row['id']}"


def _patch(
    session: Session, names: Names, row: dict[str, Any], given: dict[str, Any]
) -> dict[str, Any]:
    patch: dict[str, Any] = {
        name: given[name] for name in ("description", "note", "kind") if given[name] is not None
    }
    if given["currency"]:
        patch["currency"] = given["currency"].upper()
    if given["amount"]:
        patch["amount"] = typed_amount(given["amount"])
    if given["date"]:
        patch["date"] = typed_date(session, given["date"])
    if category := given["category"]:
        kind = None if row["refund_of"] else given["kind"] or row["kind"]
        patch["category_id"] = _or_none(category) and names.category(
            category, kind=kind, make=given["create"]
        )
    if account := given["account"]:
        patch["account_id"] = _or_none(account) and names.account(account)
    if given["to"]:
        patch["to_account_id"] = names.account(given["to"])
    if given["tags"] or given["untags"]:
        patch["tag_ids"] = _tags(names, row["tag_ids"], given)
    return patch | transfers.new_arrival(names, row, patch, given["to_amount"])


def _or_none(text: str) -> str | None:
    return None if text.lower() == "none" else text


def _tags(names: Names, kept: list[str], given: dict[str, Any]) -> list[str]:
    added = [names.tag(each, make=given["create"], make_if_unlike=True) for each in given["tags"]]
    gone = {names.tag(each) for each in given["untags"]}
    return [each for each in dict.fromkeys([*kept, *added]) if each not in gone]
