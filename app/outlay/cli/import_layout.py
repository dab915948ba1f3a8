"""What a person says of a file's layout, as the API takes it."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from outlay.cli.errors import CommandError

F = TypeVar("F", bound=Callable[..., Any])
_DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_MARKS: Final = {"comma": ",", "dot": "."}
_SINGLE: Final = (
    "date", "amount", "debit", "credit", "sign", "fee", "balance", "currency_column", "status",
    "payee", "payer", "fallback", "category", "account", "tags", "reference",
)  # fmt: skip
_SEVERAL: Final = ("description", "note")

_OPTIONS: Final = (
    click.option("--encoding", metavar="NAME", help="Such as utf-8, cp1252 or iso-8859-15."),
    click.option("--delimiter", type=click.Choice(list(_DELIMITERS))),
    click.option("--decimal", type=click.Choice(list(_MARKS)), help="The decimal mark."),
    click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"])),
    click.option("--skip-lines", type=click.IntRange(0), metavar="N", help="Before the header."),
    click.option("--currency", metavar="CODE", help="Of amounts without one."),
    click.option(
        "--spending",
        type=click.Choice(["negative", "positive"]),
        help="The sign of money spent in the amount column.",
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="FIELD=COLUMN",
        help="Read a field from a column, by its header or number from 1: date=Buchungstag,"
        " description=4,5 or balance=none. May be given again. Fields: "
        + ", ".join((*_SINGLE, *_SEVERAL))
        + ".",
    ),
)


def layout_options(command: F) -> F:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def fixed(given: dict[str, Any]) -> dict[str, Any]:
    """Return what is known before the columns are: it goes with the upload."""
    layout = {
        name: given[name]
        for name in ("encoding", "date_order", "skip_lines", "spending")
        if given[name] is not None
    }
    if given["delimiter"]:
        layout["delimiter"] = _DELIMITERS[given["delimiter"]]
    if given["decimal"]:
        layout["decimal"] = _MARKS[given["decimal"]]
        layout["thousands"] = ""
    if given["currency"]:
        layout["currency"] = given["currency"].upper()
    return layout


def columns(given: dict[str, Any], header: list[str], width: int) -> dict[str, Any]:
    """Return the fields of `--column` with the numbers of their columns, counted from 0."""
    layout: dict[str, Any] = {}
    for text in given["columns"]:
        field, sign, wanted = text.partition("=")
        if not sign or field not in {*_SINGLE, *_SEVERAL}:
            raise CommandError(f"{text!r} names no field; write date=Buchungstag, for example")
        found = [] if wanted == "none" else _numbers(wanted, header, width)
        if field in _SEVERAL:
            layout[field] = found
        elif len(found) > 1:
            raise CommandError(f"{field} is read from one column, not from {len(found)}")
        else:
            layout[field] = found[0] if found else None
    return layout


def _numbers(text: str, header: list[str], width: int) -> list[int]:
    known = {name.casefold(): place for place, name in enumerate(header)}
    if text.casefold() in known:
        return [known[text.casefold()]]
    return [_number(each.strip(), known, header, width) for each in text.split(",")]


def _number(name: str, known: dict[str, int], header: list[str], width: int) -> int:
    if name.casefold() in known:
        return known[name.casefold()]
    if name.isdecimal() and 1 <= int(name) <= width:
        return int(name) - 1
    shown = ", ".join(header) or f"the numbers 1 to {width}"
    raise CommandError(f"There is no column {name!r}; the file has {shown}")
