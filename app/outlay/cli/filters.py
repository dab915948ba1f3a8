"""The list's filters as options, shared by `list`, `summary` and `export`."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from outlay.cli.names import Names
from outlay.cli.session import Session
from outlay.cli.typed import typed_date, typed_number, typed_period

F = TypeVar("F", bound=Callable[..., Any])
KINDS: Final = click.Choice(["expense", "income", "transfer"])

_OPTIONS: Final = (
    click.option("--from", "from_", metavar="DATE", help="First date: 2026-11-02, yesterday, 3d."),
    click.option("--to", metavar="DATE", help="Last date, included."),
    click.option(
        "--category", "-c", metavar="NAME", help="Category with those under it, or `none`."
    ),
    click.option("--account", "-a", metavar="NAME", help="Account paid from or to."),
    click.option("--tag", "-t", metavar="NAME", help="Tag, or `none`."),
    click.option("--kind", type=KINDS),
    click.option("--currency", metavar="CODE"),
    click.option("--min", "least", metavar="AMOUNT", help="Least amount; wants --currency."),
    click.option("--max", "most", metavar="AMOUNT", help="Largest amount; wants --currency."),
    click.option("--search", "-q", metavar="WORDS", help="Words of description and note."),
)


def filter_options(command: F) -> F:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def query(session: Session, names: Names, given: dict[str, Any]) -> dict[str, Any]:
    """Turn the options, and `period` where a command has one, into the API's parameters."""
    first, last = _dates(session, given)
    return {
        "from": first,
        "to": last,
        "category": _named(given["category"], lambda text: names.category(text, archived=None)),
        "account": given["account"] and names.account(given["account"], archived=None),
        "tag": _named(given["tag"], names.tag),
        "kind": given["kind"],
        "currency": given["currency"] and given["currency"].upper(),
        "min": given["least"] and typed_number(given["least"]),
        "max": given["most"] and typed_number(given["most"]),
        "q": given["search"],
    }


def _named(text: str | None, find: Callable[[str], str]) -> str | None:
    return text if text in {None, "none"} else find(text or "")


def _dates(session: Session, given: dict[str, Any]) -> tuple[str | None, str | None]:
    first = last = None
    if period := given.get("period"):
        first, last = typed_period(session, period)
    if given["from_"]:
        first = typed_date(session, given["from_"])
    if given["to"]:
        last = typed_date(session, given["to"])
    return first, last
