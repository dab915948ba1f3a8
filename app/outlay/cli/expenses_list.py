"""`outlay list`."""

from typing import Any, Final

import click

from outlay.cli.filters import filter_options, query
from outlay.cli.names import Names
from outlay.cli.output import note, terminal
from outlay.cli.render import expense_table
from outlay.cli.session import Session, connected

LARGEST_PAGE: Final = 500
DEFAULT: Final = 50


@click.command("list")
@click.argument("period", required=False)
@filter_options
@click.option("--trashed", is_flag=True, help="The trash instead of the ledger.")
@click.option("--sort", type=click.Choice(["date", "amount"]), default="date", show_default=True)
@click.option("--limit", type=click.IntRange(1), help=f"Rows at most.  [default: {DEFAULT}]")
@click.option("--all", "everything", is_flag=True, help="Every row that matches.")
@click.option("--ids", is_flag=True, help="Show whole ids.")
@connected()
def list_expenses(session: Session, everything: bool, ids: bool, **given: Any) -> None:
    """List expenses, newest first.

    PERIOD is this-month, last-month, this-week, 2026-03, 2026, a date, or from..to.
    """
    names = Names(session)
    params = query(session, names, given)
    params |= {"sort": given["sort"], "trashed": "true" if given["trashed"] else None}
    most = None if everything else given["limit"] or DEFAULT
    page = load(session, params, most)
    session.show(page, lambda: _print(page, names, whole_ids=ids))


def load(session: Session, params: dict[str, Any], most: int | None) -> dict[str, Any]:
    """Read page after page, up to `most` rows; the pages come back as one."""
    whole: dict[str, Any] = {}
    cursor = None
    while True:
        left = LARGEST_PAGE if most is None else most - len(whole.get("items", ()))
        page = session.api.get(
            f"{session.path}/expenses",
            {**params, "limit": min(left, LARGEST_PAGE), "cursor": cursor},
        )
        whole = _joined(whole, page)
        cursor = page["next"]
        if cursor is None or len(whole["items"]) == most:
            return whole


def _joined(whole: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
    if not whole:
        return page
    known = {(day["date"], day["currency"]) for day in whole["days"]}
    days = [day for day in page["days"] if (day["date"], day["currency"]) not in known]
    return {
        **whole,
        "items": [*whole["items"], *page["items"]],
        "days": [*whole["days"], *days],
        "next": page["next"],
    }


def _print(page: dict[str, Any], names: Names, *, whole_ids: bool) -> None:
    rows, count = page["items"], page["count"]
    if not rows:
        note("Nothing found")
        return
    terminal().print(expense_table(rows, names, whole_ids=whole_ids))
    if page["next"] is not None:
        total = f"{'' if count['exact'] else 'at least '}{count['value']}"
        note(f"{len(rows)} of {total}; --all or --limit shows more")
