"""The preview of an import: how the file was read, and what would become of its rows."""

from typing import Any, Final

from rich.table import Table
from rich.text import Text

from outlay.cli.output import counted, terminal
from outlay.cli.render import cell
from outlay.cli.session import Session

_VERDICTS: Final = {
    "new": "new",
    "duplicate": "already in the ledger",
    "error": "cannot be read",
    "skipped": "no bookings",
}
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_ORDERS: Final = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
_COLUMNS: Final = (
    "date", "amount", "debit", "credit", "sign", "fee", "currency_column", "payee", "description",
    "note", "category", "account", "tags", "reference", "status", "balance",
)  # fmt: skip


def print_preview(session: Session, found: dict[str, Any], most: int) -> None:
    """Tell the layout, its doubts, the counts, and up to `most` rows of each verdict."""
    console = terminal()
    console.print(Text(_reading(found)))
    for notice in found["found"]["notices"]:
        where = f" (line {notice['line']})" if notice["line"] else ""
        console.print(Text(f"! {notice['message']}{where}", style="yellow"))
    for verdict, words in _VERDICTS.items():
        count = found["counts"][verdict]
        if count:
            console.print(Text(f"\n{count} {words}", style="bold"))
            _print_rows(session, found, verdict, most)
    console.print(Text(f"\n{_outcome(found)}", style="bold"))


def _reading(found: dict[str, Any]) -> str:
    layout = found["layout"]
    header = layout["header"]
    parts = [
        f"Read as {layout['encoding']}, separated by {_DELIMITERS[layout['delimiter']]}",
        f"decimal {'comma' if layout['decimal'] == ',' else 'point'}",
        f"dates {_ORDERS[layout['date_order']]}",
    ]
    if found["profile"]:
        parts.append(f"by the profile {found['profile']['name']}")
    used = [
        f"{field.replace('_column', '')}: {_column_names(layout[field], header)}"
        for field in _COLUMNS
        if layout[field] not in (None, [])
    ]
    return f"{', '.join(parts)}\n{'; '.join(used)}"


def _column_names(value: int | list[int], header: list[str]) -> str:
    numbers = value if isinstance(value, list) else [value]
    return " + ".join(
        header[n] if n < len(header) and header[n] else f"column {n + 1}" for n in numbers
    )


def _print_rows(session: Session, found: dict[str, Any], verdict: str, most: int) -> None:
    if most == 0:
        return
    path = f"{session.path}/imports/{found['id']}/rows"
    page = session.api.get(path, {"verdict": verdict, "limit": most})
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", no_wrap=True, style="dim")
    for row in page["items"]:
        table.add_row(cell(str(row["line"])), *_cells(row))
    terminal().print(table)
    if page["next"] is not None:
        terminal().print(Text(f"  ... {found['counts'][verdict] - most} more", style="dim"))


def _cells(row: dict[str, Any]) -> list[Text]:
    if row["problem"] is not None:
        return [cell(_problem(row["problem"]))]
    expense = row["expense"]
    if expense is None:
        return [cell(row["why"])]
    sign = "+" if expense["kind"] == "income" else ""
    cells = [
        cell(expense["date"]),
        cell(f"{sign}{expense['amount']} {expense['currency']}"),
        cell(expense["description"]),
    ]
    if row["verdict"] == "new":
        return [*cells, cell(expense["category_name"])]
    return [*cells, cell(row["why"])]


def _problem(problem: dict[str, Any]) -> str:
    where = f"{problem['column']}: " if problem["column"] else ""
    wanted = f"; expected {problem['expected']}" if problem["expected"] else ""
    return f"{where}{problem['message']}{wanted}"


def _outcome(found: dict[str, Any]) -> str:
    if not found["selected"]:
        return "Nothing of it would be added"
    sums = "; ".join(
        f"{counted(each['count'], 'row')}: spent {each['spent']}, income {each['income']} {each['currency']}"
        for each in found["sums"]
    )
    return f"Would be added, {found['first_date']} to {found['last_date']}: {sums}"
