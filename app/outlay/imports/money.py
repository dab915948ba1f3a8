"""From the cells of a row to its signed amount, by the columns that the layout names.

Whatever the file's own convention, the amounts here are below zero for money spent.
"""

from collections.abc import Callable

from outlay.imports.layout import Layout
from outlay.imports.model import CellError
from outlay.imports.numbers import Amount, amount_reader
from outlay.imports.text import fold
from outlay.imports.words import DIRECTIONS, Direction
from outlay.money.currencies import EXPONENTS

Cells = list[str]


class OwnTransferError(CellError):
    """The row says that the money stayed with its owner."""


def money_reader(layout: Layout) -> Callable[[Cells], Amount]:
    """Return a function from a row to minor units (spent: negative) and currency.

    It raises CellError with the column at fault. The layout must be without mistakes.
    """
    number = _number_reader(layout)
    if layout.amount is None:
        read = _two_columns(layout, number)
    elif layout.sign is not None:
        read = _by_word(layout, number, layout.amount, layout.sign)
    else:
        read = _one_column(layout, number, layout.amount)
    return read if layout.fee is None else _less_fee(read, number, layout.fee)


def _number_reader(layout: Layout) -> Callable[[Cells, int], Amount]:
    """Return a function from a row and a column to the amount there, in the row's currency."""
    column, plain = layout.currency_column, _reader(layout, layout.currency)
    if column is None:

        def read(cells: Cells, at: int) -> Amount:
            try:
                return plain(cells[at])
            except CellError as error:
                raise error.at(at) from None

        return read

    by_currency = {"": plain}

    def read_in_currency(cells: Cells, at: int) -> Amount:
        known = by_currency.get(cells[column])
        if known is None:
            known = by_currency[cells[column]] = _reader(layout, _code(cells[column], column))
        try:
            return known(cells[at])
        except CellError as error:
            raise error.at(at) from None

    return read_in_currency


def _reader(layout: Layout, currency: str) -> Callable[[str], Amount]:
    return amount_reader(layout.decimal, layout.thousands, currency)


def _code(cell: str, column: int) -> str:
    code = cell.strip().upper()
    if code not in EXPONENTS:
        code = {"€": "EUR", "£": "GBP", "EURO": "EUR", "ZŁ": "PLN"}.get(code, code)
    if code not in EXPONENTS:
        raise CellError("currency", f"{cell!r:.20} is no currency", "a code such as EUR", column)
    return code


def _one_column(
    layout: Layout, number: Callable[[Cells, int], Amount], at: int
) -> Callable[[Cells], Amount]:
    if layout.spending == "negative":
        return lambda cells: number(cells, at)

    def read(cells: Cells) -> Amount:
        minor, currency = number(cells, at)
        return -minor, currency

    return read


def _by_word(
    layout: Layout, number: Callable[[Cells, int], Amount], at: int, sign: int
) -> Callable[[Cells], Amount]:
    direction = _directions(layout)

    def read(cells: Cells) -> Amount:
        minor, currency = number(cells, at)
        match direction(cells[sign]):
            case "out":
                return -minor, currency
            case "in":
                return minor, currency
            case "own":
                raise OwnTransferError("own_transfer", "Money moved between own accounts", "", sign)
            case None:
                raise CellError(
                    "sign", f"{cells[sign]!r:.30} says neither in nor out", "debit or credit", sign
                )

    return read


def _directions(layout: Layout) -> Callable[[str], Direction | None]:
    own: dict[str, Direction] = {
        **dict.fromkeys(map(fold, layout.in_words), "in"),
        **dict.fromkeys(map(fold, layout.out_words), "out"),
    }
    marks: dict[str, Direction] = {"-": "out", "+": "in"}

    def direction(cell: str) -> Direction | None:
        word = fold(cell)
        return own.get(word) or DIRECTIONS.get(word) or marks.get(cell.strip())

    return direction


def _two_columns(
    layout: Layout, number: Callable[[Cells, int], Amount]
) -> Callable[[Cells], Amount]:
    sides = [
        (column, -1 if out == (written == "positive") else 1)
        for column, written, out in (
            (layout.debit, layout.debit_written, True),
            (layout.credit, layout.credit_written, False),
        )
        if column is not None
    ]

    def read(cells: Cells) -> Amount:
        found = [(number(cells, at), sign, at) for at, sign in sides if cells[at].strip()]
        filled = [side for side in found if side[0][0]] or found[:1]
        if not filled:
            raise CellError("amount_missing", "The amount is missing", "an amount", sides[0][0])
        if len(filled) > 1:
            raise CellError(
                "amount_twice", "There is money out and money in", "one of the two", filled[1][2]
            )
        (minor, currency), sign, _ = filled[0]
        return minor * sign, currency

    return read


def _less_fee(
    read: Callable[[Cells], Amount], number: Callable[[Cells, int], Amount], fee: int
) -> Callable[[Cells], Amount]:
    def net(cells: Cells) -> Amount:
        minor, currency = read(cells)
        if not cells[fee].strip():
            return minor, currency
        charged, of = number(cells, fee)
        if charged and of != currency:
            raise CellError("fee_currency", f"The fee is in {of}", f"a fee in {currency}", fee)
        return minor - abs(charged), currency

    return net
