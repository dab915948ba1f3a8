"""The layout of a CSV file: what detection proposes, a person overrides and a profile keeps."""

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

import msgspec

from outlay.errors import FieldError
from outlay.imports.dates import DateOrder
from outlay.imports.numbers import Decimal, Thousands
from outlay.money.currencies import EXPONENTS

Column: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=512)]
Columns: TypeAlias = Annotated[tuple[Column, ...], msgspec.Meta(max_length=16)]
Words: TypeAlias = Annotated[tuple[str, ...], msgspec.Meta(max_length=64)]
Encoding: TypeAlias = Literal[
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "iso-8859-1",
    "iso-8859-15",
    "cp1250",
    "iso-8859-2",
    "cp850",
    "cp852",
    "cp437",
    "mac-roman",
    "cp1251",
    "cp1253",
    "cp1254",
    "shift_jis",
    "gb18030",
]


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to read one file. Columns are counted from 0; None means the file has no such column.

    `skip_lines` physical lines come before the header (or before the first row where `header` is
    empty). `spending` is the sign of money spent in `amount`; with `sign` the amounts' own signs
    don't count, the words in that column do. `debit` is money out and `credit` money in; a file
    may write either of them negative. `fee` is taken off the amount. `payer` stands in for
    `payee` where money came in; `fallback` describes rows whose other texts are empty.
    """

    encoding: Encoding = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    quote: Literal['"', "'", ""] = '"'
    escape: Literal["", "\\"] = ""
    skip_lines: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    header: Annotated[tuple[str, ...], msgspec.Meta(max_length=512)] = ()
    width: Annotated[int, msgspec.Meta(ge=1, le=512)] = 1
    date: Column | None = None
    date_order: DateOrder = "ymd"
    decimal: Decimal = "."
    thousands: Thousands = ""
    currency: str = "EUR"
    amount: Column | None = None
    spending: Literal["negative", "positive"] = "negative"
    debit: Column | None = None
    credit: Column | None = None
    debit_written: Literal["negative", "positive"] = "positive"
    credit_written: Literal["negative", "positive"] = "positive"
    sign: Column | None = None
    out_words: Words = ()
    in_words: Words = ()
    fee: Column | None = None
    balance: Column | None = None
    currency_column: Column | None = None
    status: Column | None = None
    payee: Column | None = None
    payer: Column | None = None
    description: Columns = ()
    fallback: Column | None = None
    note: Columns = ()
    category: Column | None = None
    account: Column | None = None
    tags: Column | None = None
    reference: Column | None = None

    def name(self, column: int) -> str:
        """Return the header of `column`, or "column 3" for the third of a file without one."""
        if 0 <= column < len(self.header) and self.header[column]:
            return self.header[column]
        return f"column {column + 1}" if column >= 0 else ""


SINGLE = (
    "date", "amount", "debit", "credit", "sign", "fee", "balance", "currency_column", "status",
    "payee", "payer", "fallback", "category", "account", "tags", "reference",
)  # fmt: skip
SEVERAL = ("description", "note")


def used_columns(layout: Layout) -> Iterator[tuple[str, int]]:
    """Yield the name of each field that names a column, with the column."""
    for field in SINGLE:
        column = getattr(layout, field)
        if column is not None:
            yield field, column
    for field in SEVERAL:
        for column in getattr(layout, field):
            yield field, column


def mistakes(layout: Layout) -> list[FieldError]:
    """List what keeps `layout` from being used, each with a pointer to its field."""
    found = [
        FieldError(f"/{field}", f"There are only {layout.width} columns; choose one of them")
        for field, column in used_columns(layout)
        if column >= layout.width
    ]
    if layout.date is None:
        found.append(FieldError("/date", "Choose the column that holds the date"))
    if layout.amount is None and layout.debit is None and layout.credit is None:
        found.append(FieldError("/amount", "Choose the column that holds the amount"))
    if layout.amount is not None and (layout.debit is not None or layout.credit is not None):
        found.append(FieldError("/amount", "Choose one amount column, or debit and credit"))
    if layout.header and len(layout.header) != layout.width:
        found.append(FieldError("/header", "The header has another number of columns than width"))
    if layout.decimal == layout.thousands:
        found.append(FieldError("/thousands", "The decimal mark cannot group thousands as well"))
    if layout.quote == "'" and layout.thousands == "'":
        found.append(FieldError("/quote", "The quote cannot group thousands as well"))
    if layout.currency not in EXPONENTS:
        found.append(FieldError("/currency", "Give an ISO 4217 code such as EUR"))
    return found
