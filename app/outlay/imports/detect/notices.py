"""What a person should look at before a proposed layout is used."""

from collections.abc import Sequence

import msgspec

from outlay.imports.detect.balance import Witness
from outlay.imports.detect.encoding import Guess
from outlay.imports.detect.marks import NumberMarks
from outlay.imports.detect.order import Order
from outlay.imports.detect.sign import Signs
from outlay.imports.detect.table import Row
from outlay.imports.layout import Layout, used_columns
from outlay.money.currencies import EXPONENTS


class Notice(msgspec.Struct, frozen=True):
    """Something a person should look at; `field` is the Layout's field it is about."""

    code: str
    field: str
    message: str
    line: int = 0


def sign_notices(signs: Signs, field: str) -> list[Notice]:
    if not signs.guessed:
        return []
    spent = "above" if signs.layout.spending == "positive" else "below"
    return [
        Notice(
            "sign_guessed",
            field,
            f"Amounts {spent} zero were taken for money spent; turn it round if that is wrong",
        )
    ]


def balance_notices(witness: Witness | None, data: Sequence[Row]) -> list[Notice]:
    if witness is None or not witness.compared:
        return []
    if not witness.speaks or not witness.breaks:
        return []
    return [
        Notice(
            "balance_breaks",
            "balance",
            f"In {len(witness.breaks)} of {witness.compared} rows the balance does not follow "
            "from the amount; rows may be missing from the file",
            data[witness.breaks[0]].line,
        )
    ]


def text_notices(encoding: Guess, text: str) -> list[Notice]:
    if not encoding.bad:
        return []
    line = text[: text.find("\ufffd")].count("\n") + 1
    return [
        Notice(
            "mixed_encoding",
            "encoding",
            f"{encoding.bad} bytes are not UTF-8 although the rest is; their rows will be errors",
            line,
        )
    ]


def order_notices(order: Order) -> list[Notice]:
    found: list[Notice] = []
    if order.ambiguous:
        first = {"dmy": "day", "mdy": "month", "ymd": "year"}[order.order]
        found.append(
            Notice(
                "date_order_ambiguous",
                "date_order",
                f"The dates can be read in more than one order; the {first} was taken to be first",
            )
        )
    if order.unread:
        found.append(
            Notice("dates_unread", "date_order", f"{order.unread} dates cannot be read this way")
        )
    return found


def mark_notices(marks: NumberMarks) -> list[Notice]:
    if marks.ambiguous:
        return [
            Notice(
                "decimal_ambiguous",
                "decimal",
                f"No amount shows for certain which mark is the decimal one; "
                f"{marks.decimal!r} was taken",
            )
        ]
    if marks.contrary:
        return [
            Notice(
                "decimal_mixed",
                "decimal",
                f"{marks.contrary} amounts seem to have another decimal mark than "
                f"{marks.decimal!r}; they will be errors",
            )
        ]
    return []


def missing_notices(layout: Layout) -> list[Notice]:
    fields = {field for field, _ in used_columns(layout)}
    found: list[Notice] = []
    if "date" not in fields:
        found.append(Notice("no_date", "date", "No column of dates was found; choose it"))
    if not fields & {"amount", "debit", "credit"}:
        found.append(Notice("no_amount", "amount", "No column of amounts was found; choose it"))
    if not fields & {"payee", "description", "fallback"}:
        found.append(
            Notice("no_description", "description", "No column of texts was found; choose one")
        )
    if not EXPONENTS.get(layout.currency, 0) and layout.currency not in EXPONENTS:
        found.append(Notice("no_currency", "currency", "Choose the currency of the amounts"))
    return found
