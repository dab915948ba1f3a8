"""How rows, amounts and bars look in a terminal."""

import unicodedata
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from outlay.cli.names import Names
from outlay.cli.output import terminal
from outlay.cli.references import short

NARROW: Final = 60
# They join letters and emoji, and do nothing else.
_JOINERS: Final = "\u200c\u200d"
_SIGNS: Final = {"expense": "", "income": "+", "transfer": "⇄"}


def clean(text: str) -> str:
    """Take out what a terminal would obey instead of show."""
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in "\n\t":
        return " "
    is_obeyed = unicodedata.category(char) in {"Cc", "Cf"} and char not in _JOINERS
    return "\ufffd" if is_obeyed else char


def cell(text: str, style: str = "") -> Text:
    return Text(clean(text), style=style)


def amount(row: dict[str, Any]) -> Text:
    """Show `+12.50 EUR` for income; the sign carries the meaning, the colour repeats it."""
    style = "green" if row["kind"] == "income" else ""
    return Text(f"{_SIGNS[row['kind']]}{row['amount']} {row['currency']}", style=style)


def expense_table(rows: list[dict[str, Any]], names: Names, *, whole_ids: bool = False) -> Table:
    """Lay out expenses; a narrow terminal gets the date, the amount and the text."""
    narrow = terminal().width < NARROW
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Date", no_wrap=True)
    table.add_column("Amount", justify="right", no_wrap=True)
    table.add_column("Description", ratio=2 if narrow else None, overflow="fold")
    if not narrow:
        table.add_column("Category", overflow="fold")
        table.add_column("Account", overflow="fold")
        table.add_column("Tags", overflow="fold")
    table.add_column("Id", no_wrap=True, style="dim")
    for row in rows:
        table.add_row(*_cells(row, names, narrow=narrow, whole_ids=whole_ids))
    return table


def _cells(row: dict[str, Any], names: Names, *, narrow: bool, whole_ids: bool) -> list[Text]:
    style = "dim" if row["deleted_at"] else ""
    cells = [cell(row["date"], style), amount(row), cell(row["description"], style)]
    if not narrow:
        category = names.category_label(row["category_id"]) if row["category_id"] else ""
        tags = names.tag_labels(row["tag_ids"]) if row["tag_ids"] else ""
        cells += [cell(category), cell(accounts(row, names)), cell(tags)]
    return [*cells, cell(row["id"] if whole_ids else short(row["id"]))]


def accounts(row: dict[str, Any], names: Names) -> str:
    """Show `Bank`, or `Bank → Cash` for a transfer."""
    if row["account_id"] is None:
        return ""
    source = names.account_label(row["account_id"])
    if row["to_account_id"] is None:
        return source
    return f"{source} → {names.account_label(row['to_account_id'])}"


def bar(share: float, width: int) -> str:
    """Draw a bar of `width` cells at most, in eighths of a cell; `share` is from 0 to 1."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]


def facts(pairs: list[tuple[str, str]]) -> Table:
    """Lay out one thing, a fact a line; empty ones are left out."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            table.add_row(name, cell(value))
    return table
