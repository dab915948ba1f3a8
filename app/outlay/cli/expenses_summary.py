"""`outlay summary`."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, Final

import click
from rich.table import Table

from outlay.cli.filters import filter_options, query
from outlay.cli.names import Names
from outlay.cli.output import counted, note, terminal
from outlay.cli.render import NARROW, bar, cell
from outlay.cli.session import Session, connected

GROUPS: Final = ("category", "description", "day", "week", "month", "tag", "account", "none")
_NOTHING: Final = {
    "category": "(no category)",
    "tag": "(no tag)",
    "account": "(no account)",
    "description": "(no description)",
}


@click.command
@click.argument("period", default="this-month")
@click.option("--by", type=click.Choice(GROUPS), default="category", show_default=True)
@filter_options
@connected()
def summary(session: Session, by: str, **given: Any) -> None:
    """Sum up a period, with bars and the period before.

    PERIOD is this-month, last-month, this-week, 2026-03, 2026, a date, from..to, or all.
    """
    names = Names(session)
    params = {**query(session, names, given), "group": by}
    found = session.api.get(f"{session.path}/expenses/summary", params)
    session.show(found, lambda: _print(found, names))


def _print(found: dict[str, Any], names: Names) -> None:
    previous = found["previous"]
    console = terminal()
    console.print(f"{found['from']} to {found['to']}", style="bold")
    if not found["totals"]:
        note("Nothing in this period")
        return
    for total in found["totals"]:
        parts = [each for each in found["groups"] if each["currency"] == total["currency"]]
        if parts:
            console.print(_table(_lines(found["group"], parts, names), total["currency"]))
        console.print(_sentence(total))
    console.print(f"Before: {previous['from']} to {previous['to']}", style="dim")


def _sentence(total: dict[str, Any]) -> str:
    currency, before = total["currency"], total["previous"]
    return (
        f"Spent {total['spent']} {currency} ({before['spent']} before), income {total['income']},"
        f" net {total['net']}; {counted(total['count'], 'expense')}, {total['average']} on average,"
        f" {total['per_day']} a day"
    )


Line = tuple[str, Decimal, Decimal, int]


def _lines(group: str, parts: list[dict[str, Any]], names: Names) -> list[Line]:
    """Label, spent, spent before and count of each group; categories lie under their parents."""
    if group == "category":
        return _category_lines(parts, names)
    lines = [_line(_label(group, each["key"], names), each) for each in parts]
    if group in {"tag", "account"}:
        lines.sort(key=lambda line: -line[1])
    return lines


def _line(label: str, part: dict[str, Any]) -> Line:
    return label, Decimal(part["spent"]), Decimal(part["previous_spent"]), part["count"]


def _label(group: str, key: str | None, names: Names) -> str:
    if key is None:
        return _NOTHING.get(group, "")
    match group:
        case "tag":
            return names.tag_labels([key])
        case "account":
            return names.account_label(key)
        case _:
            return key


def _category_lines(parts: list[dict[str, Any]], names: Names) -> list[Line]:
    families: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        row = names.categories.get(part["key"] or "")
        families[(row["parent_id"] or row["id"]) if row else None].append(part)
    heads = {top: _family_head(top, family, names) for top, family in families.items()}
    lines = []
    for top in sorted(heads, key=lambda each: -heads[each][1]):
        lines.append(heads[top])
        children = [
            _line("  " + _name(each["key"], names), each)
            for each in families[top]
            if each["key"] != top
        ]
        lines += sorted(children, key=lambda line: -line[1])
    return lines


def _family_head(top: str | None, family: list[dict[str, Any]], names: Names) -> Line:
    sums = [_line("", part) for part in family]
    label = _NOTHING["category"] if top is None else _name(top, names)
    return (
        label, sum((s[1] for s in sums), Decimal()), sum((s[2] for s in sums), Decimal()),
        sum(s[3] for s in sums),
    )  # fmt: skip


def _name(id: str, names: Names) -> str:
    return str(names.categories.get(id, {}).get("name", "?"))


def _table(lines: list[Line], currency: str) -> Table:
    narrow = terminal().width < NARROW
    largest = max((line[1] for line in lines), default=Decimal()) or Decimal(1)
    width = 12 if narrow else 24
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", overflow="fold")
    table.add_column(f"Spent {currency}", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, style="cyan", min_width=width)
    if not narrow:
        table.add_column("Before", justify="right", no_wrap=True, style="dim")
        table.add_column("Count", justify="right", no_wrap=True)
    for label, spent, before, count in lines:
        cells = [cell(label), cell(f"{spent}"), cell(bar(float(spent / largest), width))]
        table.add_row(*cells, *([] if narrow else [cell(f"{before}"), cell(f"{count}")]))
    return table
