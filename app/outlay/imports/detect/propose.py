"""From the first bytes of a file to a proposal: the layout, how sure it is, and what to check."""

import codecs
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from outlay.imports.columns import header_currency
from outlay.imports.detect.balance import Witness
from outlay.imports.detect.encoding import Guess, find_encoding
from outlay.imports.detect.magic import refuse_known
from outlay.imports.detect.marks import find_marks
from outlay.imports.detect.notices import (
    Notice,
    balance_notices,
    mark_notices,
    missing_notices,
    order_notices,
    sign_notices,
    text_notices,
)
from outlay.imports.detect.order import find_order
from outlay.imports.detect.profile import profile_columns
from outlay.imports.detect.roles import assign
from outlay.imports.detect.sign import settle_signs
from outlay.imports.detect.table import DETECTED, Row, Shape, Table, find_table
from outlay.imports.headers import distinct_names
from outlay.imports.layout import Layout
from outlay.imports.model import CellError
from outlay.imports.numbers import currency_of, split_marks
from outlay.money.currencies import EXPONENTS

SAMPLE_BYTES = 256 * 1024
_SHOWN = 10
_PROFILED = 500


class Detection(msgspec.Struct, frozen=True):
    """The proposal: `confidence` from 0 to 1 for each field that was decided."""

    layout: Layout
    confidence: dict[str, float]
    notices: tuple[Notice, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    preamble: tuple[str, ...]


def detect(
    sample: bytes,
    *,
    currency: str,
    complete: bool = True,
    whole_is_utf8: bool | None = None,
    shape: Shape = DETECTED,
) -> Detection:
    """Propose a layout for the file that starts with `sample` (the first 256 KiB are read).

    `currency` is the ledger's, for files that name none; `complete` says that the sample is the
    whole file; `shape` is what is not to be detected. Raises FileRefused for what is no CSV file
    with rows.
    """
    refuse_known(sample)
    complete = complete and len(sample) <= SAMPLE_BYTES
    sample = sample[:SAMPLE_BYTES]
    encoding = (
        Guess(shape.encoding, 1.0)
        if shape.encoding
        else find_encoding(sample, whole_is_utf8=complete or whole_is_utf8)
    )
    text = decode_sample(sample, encoding.encoding, complete=complete)
    return _propose(find_table(text, shape), text, encoding, currency)


def decode_sample(sample: bytes, encoding: str, *, complete: bool) -> str:
    """Decode what can be decoded; the line that the sample cuts through is left out."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = decoder.decode(sample, complete).removeprefix("\ufeff")
    cut = text.rfind("\n") + 1
    return text if complete or not cut else text[:cut]


def _propose(table: Table, text: str, encoding: Guess, ledger_currency: str) -> Detection:
    header = table.rows[table.header] if table.header is not None else None
    names = distinct_names(header.cells, table.width) if header else ()
    data = table.data
    cells = [(row.cells + [""] * table.width)[: table.width] for row in data]
    chosen, confidence = assign(names, profile_columns(cells[:_PROFILED], table.width))
    amounts = _column(cells, chosen, "amount", "debit", "credit")
    marks = find_marks(amounts, table.delimiter)
    code, sure = _currency(names, chosen, cells, amounts, ledger_currency)
    order = find_order(_column(cells, chosen, "date") or ["2000-01-01"], code)
    layout = Layout(
        encoding=encoding.encoding,
        delimiter=table.delimiter,
        quote=table.quote,
        escape=table.escape,
        skip_lines=(header or table.rows[table.first]).line - 1,
        header=names,
        width=table.width,
        date_order=order.order,
        decimal=marks.decimal,
        thousands=marks.thousands,
        currency=code,
        **chosen,
    )
    confidence |= {
        "encoding": encoding.confidence,
        "delimiter": table.confidence,
        "header": _header_confidence(table, confidence),
        "date_order": order.confidence,
        "decimal": marks.confidence,
        "currency": sure,
    }
    notices = [*text_notices(encoding, text), *order_notices(order), *mark_notices(marks)]
    layout, more = _settle(layout, cells, data, confidence)
    return Detection(
        layout,
        {field: round(value, 2) for field, value in confidence.items()},
        (*notices, *more, *missing_notices(layout)),
        tuple(layout.name(at) for at in range(layout.width)),
        tuple(tuple(row) for row in cells[:_SHOWN]),
        tuple(text.splitlines()[: layout.skip_lines][:50]),
    )


def _column(cells: Sequence[Sequence[str]], chosen: dict[str, Any], *fields: str) -> list[str]:
    columns = [chosen[field] for field in fields if field in chosen]
    return [row[at] for at in columns for row in cells if row[at].strip()]


def _header_confidence(table: Table, scores: dict[str, float]) -> float:
    if table.header is None:
        return 0.7
    return 0.95 if scores.get("date", 0) >= 0.9 else 0.6


def _currency(
    names: Sequence[str],
    chosen: dict[str, Any],
    cells: Sequence[Sequence[str]],
    amounts: Sequence[str],
    ledger: str,
) -> tuple[str, float]:
    """Return the currency of rows that name none.

    It is the most frequent of the currency column, the header's, the amounts', or the ledger's.
    """
    codes = Counter(code.strip().upper() for code in _column(cells, chosen, "currency_column"))
    if codes and (code := codes.most_common(1)[0][0]) in EXPONENTS:
        return code, 1.0
    for field in ("amount", "debit", "credit", "balance"):
        named = header_currency(names[chosen[field]]) if field in chosen and names else None
        if named is not None:
            return named, 1.0
    for cell in amounts[:200]:
        marks = split_marks(cell)
        for word in marks.word.split() if marks else ():
            try:
                return currency_of(word, ledger), 0.95
            except CellError:
                continue
    return ledger, 0.7


def _settle(
    layout: Layout,
    cells: Sequence[Sequence[str]],
    data: Sequence[Row],
    confidence: dict[str, float],
) -> tuple[Layout, list[Notice]]:
    """Settle the signs, hear the balance, and say what is still doubtful."""
    if layout.amount is None and layout.debit is None and layout.credit is None:
        return layout, []
    signs = settle_signs(layout, cells)
    layout, witness = _fee(signs.layout, cells, signs.witness)
    field = "spending" if layout.amount is not None else "debit"
    confidence[field] = signs.confidence
    notices = sign_notices(signs, field)
    if witness is not None and witness.compared:
        confidence["balance"] = max(witness.agrees, witness.opposes) / witness.compared
    return layout, [*notices, *balance_notices(witness, data)]


def _fee(
    layout: Layout, cells: Sequence[Sequence[str]], witness: Witness | None
) -> tuple[Layout, Witness | None]:
    """Keep the fee column unless the balance says that the amounts have it in them already."""
    if layout.fee is None:
        return layout, witness
    without = settle_signs(msgspec.structs.replace(layout, fee=None), cells)
    if without.witness and witness and without.witness.agrees > witness.agrees:
        return without.layout, without.witness
    return layout, witness
