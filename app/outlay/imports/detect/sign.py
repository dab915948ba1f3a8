"""Which sign means money spent, from every witness the sample has."""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import msgspec

from outlay.imports.detect.balance import Witness, hear
from outlay.imports.layout import Layout
from outlay.imports.model import CellError
from outlay.imports.numbers import Amount, amount_reader
from outlay.imports.text import fold
from outlay.imports.words import DIRECTIONS, INCOMING

_INCOMING = re.compile(rf" (?:{'|'.join(INCOMING)}) ")
Rows = Sequence[Sequence[str]]


class Signs(NamedTuple):
    layout: Layout
    confidence: float
    guessed: bool
    witness: Witness | None


def settle_signs(layout: Layout, rows: Rows) -> Signs:
    """Return `layout` with its signs settled; `guessed` when no witness was clear.

    In order of trust: separate debit and credit columns; a column of words, when amounts have no
    signs of their own; the running balance, unless the texts clearly say that it counts debt;
    words such as DEBIT beside signed amounts; words for incoming money in the texts; and last
    that a household has more bills than salaries.
    """
    if layout.amount is None:
        return _two_columns(layout, rows)
    signed = _signed(layout, rows)
    if layout.sign is not None and not any(minor < 0 for minor, _ in signed):
        return _with_witness(layout, rows, 0.95)
    beside, texts = _beside(layout, signed), _by_text(signed)
    clear = abs(texts) >= 3 or (abs(texts) > 0 and 10 * abs(texts) >= len(signed))
    layout = msgspec.structs.replace(layout, sign=None)
    witness = hear(layout, rows)
    negative = sum(minor < 0 for minor, _ in signed) / max(len(signed), 1)
    if witness and witness.speaks and not (clear and (texts > 0) != witness.negative_is_spent):
        spent, sure, guessed = witness.negative_is_spent, 0.95, False
    elif beside:
        spent, sure, guessed = beside > 0, 0.9, False
    elif clear:
        spent = texts > 0
        guessed = (negative if spent else 1 - negative) < 0.3
        sure = 0.6 if guessed else 0.9
    else:
        spent = negative >= 0.4
        guessed = negative < 0.6
        sure = 0.5 if guessed else 0.8
    spending: Literal["negative", "positive"] = "negative" if spent else "positive"
    return Signs(msgspec.structs.replace(layout, spending=spending), sure, guessed, witness)


def _with_witness(layout: Layout, rows: Rows, confidence: float) -> Signs:
    witness = hear(layout, rows)
    contradicted = witness is not None and witness.speaks and witness.opposes > witness.agrees
    return Signs(layout, 0.5 if contradicted else confidence, contradicted, witness)


def _two_columns(layout: Layout, rows: Rows) -> Signs:
    """Settle whether debit and credit are written below zero; the usual sign of each tells."""

    def written(column: int | None) -> Literal["negative", "positive"]:
        read = amount_reader(layout.decimal, layout.thousands, layout.currency)
        minors = _minors(read, rows, column)
        return "negative" if 2 * sum(m < 0 for m in minors) > len(minors) else "positive"

    layout = msgspec.structs.replace(
        layout, debit_written=written(layout.debit), credit_written=written(layout.credit)
    )
    signs = _with_witness(layout, rows, 0.95)
    if not layout.header and signs.guessed:
        swapped = msgspec.structs.replace(
            layout,
            debit=layout.credit,
            credit=layout.debit,
            debit_written=layout.credit_written,
            credit_written=layout.debit_written,
        )
        return _with_witness(swapped, rows, 0.9)
    return signs


def _minors(read: Callable[[str], Amount], rows: Rows, column: int | None) -> list[int]:
    found: list[int] = []
    for row in rows:
        try:
            if column is not None and row[column].strip():
                found.append(read(row[column])[0])
        except (CellError, IndexError):
            continue
    return found


def _signed(layout: Layout, rows: Rows) -> list[tuple[int, str]]:
    """Return the amount of each row as written, with the row's words as one folded text."""
    read = amount_reader(layout.decimal, layout.thousands, layout.currency)
    found: list[tuple[int, str]] = []
    for row in rows:
        try:
            minor = read(row[layout.amount or 0])[0]
        except (CellError, IndexError):
            continue
        if minor:
            found.append((minor, _words(layout, row)))
    return found


def _words(layout: Layout, row: Sequence[str]) -> str:
    columns = [layout.payee, *layout.description, layout.fallback, layout.category]
    texts = [row[at] for at in columns if at is not None and at < len(row)]
    mark = DIRECTIONS.get(fold(row[layout.sign]), "") if layout.sign is not None else ""
    return f" {fold(' '.join(texts))} |{mark}"


def _beside(layout: Layout, signed: Sequence[tuple[int, str]]) -> int:
    """Above zero when words such as DEBIT stand beside negative amounts, below when not."""
    if layout.sign is None:
        return 0
    return sum(
        (1 if minor < 0 else -1) * (1 if words.endswith("|out") else -1)
        for minor, words in signed
        if words.endswith(("|out", "|in"))
    )


def _by_text(signed: Sequence[tuple[int, str]]) -> int:
    """Above zero when texts that speak of incoming money stand beside positive amounts."""
    return sum(1 if minor > 0 else -1 for minor, words in signed if _INCOMING.search(words))
