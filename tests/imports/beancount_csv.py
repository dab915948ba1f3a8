"""A household's years as a bank would export them, made by beancount's example generator."""

import csv
import io
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from beancount import loader
from beancount.core.data import Transaction
from beancount.scripts.example import write_example_file

HEADER = ("Date", "Account", "Description", "Category", "Amount", "Currency", "Tags", "Reference")
PAID_FROM = {
    "Assets:US:BofA:Checking": "Checking",
    "Liabilities:US:Chase:Slate": "Card",
}
BORN = date(1980, 5, 12)
FIRST_DAY = date(2014, 1, 1)


class Example(NamedTuple):
    """What the file holds: rows, and sums in minor units by the sign of the amount."""

    rows: int
    spent: int
    received: int
    first: tuple[str, ...]
    last: tuple[str, ...]


def write_example_csv(path: Path, years: int = 10, seed: int = 20240101) -> Example:
    """Write `years` of one household's postings to `path`; equal seeds give equal files."""
    rows = _rows(_ledger(years, seed))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)
    minors = [int(Decimal(row[4]) * 100) for row in rows]
    return Example(
        rows=len(rows),
        spent=-sum(minor for minor in minors if minor < 0),
        received=sum(minor for minor in minors if minor > 0),
        first=rows[0],
        last=rows[-1],
    )


def _ledger(years: int, seed: int) -> list[Transaction]:
    text = io.StringIO()
    state = random.getstate()
    random.seed(seed)
    try:
        write_example_file(
            BORN,
            FIRST_DAY,
            FIRST_DAY.replace(year=FIRST_DAY.year + years),
            reformat=False,
            file=text,
        )
    finally:
        random.setstate(state)
    entries, errors, _ = loader.load_string(text.getvalue())
    assert not errors, errors[:3]
    return [entry for entry in entries if isinstance(entry, Transaction)]


def _rows(ledger: list[Transaction]) -> list[tuple[str, ...]]:
    return [
        _row(entry, posting, number)
        for number, entry in enumerate(ledger)
        for posting in entry.postings
        if posting.account in PAID_FROM and posting.units.number
    ]


def _row(entry, posting, number: int) -> tuple[str, ...]:
    text = f"{entry.payee} {entry.narration}" if entry.payee else entry.narration
    others = [
        other
        for other in entry.postings
        if other.account.startswith(("Expenses:", "Income:")) and other.units.currency == "USD"
    ]
    largest = max(others, key=lambda other: abs(other.units.number), default=None)
    return (
        entry.date.isoformat(),
        PAID_FROM[posting.account],
        text,
        largest.account.rpartition(":")[2] if largest else "",
        str(posting.units.number),
        posting.units.currency,
        ",".join(sorted(entry.tags)),
        f"BC{number:08d}",
    )
