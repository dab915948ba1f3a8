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
    columns: list[tuple[str, list[Text]]] = [
        ("Date", [cell(row["date"], _style(row)) for row in rows]),
        ("Amount", [amount(row) for row in rows]),
        ("Description", [cell(row["description"], _style(row)) for row in rows]),
    ]
    if not narrow:
        columns += _places(rows, names)
    columns.append(("Id", [cell(row["id"] if whole_ids else short(row["id"])) for row in rows]))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, _ in columns:
        _add_column(table, name, narrow=narrow)
    for cells in zip(*(cells for _, cells in columns), strict=True):
        table.add_row(*cells)
    return table


def _style(row: dict[str, Any]) -> str:
    return "dim" if row["deleted_at"] else ""


def _places(rows: list[dict[str, Any]], names: Names) -> list[tuple[str, list[Text]]]:
    """Category, account and tags; a column that would be empty is left out."""
    labels = {
        "Category": [
            names.category_label(r["category_id"]) if r["category_id"] else "" for r in rows
        ],
        "Account": [accounts(row, names) for row in rows],
        "Tags": [names.tag_labels(row["tag_ids"]) if row["tag_ids"] else "" for row in rows],
    }
    return [(name, [cell(text) for text in texts]) for name, texts in labels.items() if any(texts)]


def _add_column(table: Table, name: str, *, narrow: bool) -> None:
    match name:
        case "Amount":
            table.add_column(name, justify="right", no_wrap=True)
        case "Date":
            table.add_column(name, no_wrap=True)
        case "Id":
            table.add_column(name, no_wrap=True, style="dim")
        case _:
            wide = narrow and name == "Description"
            table.add_column(name, ratio=2 if wide else None, overflow="fold")


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
