"""What makes a line of an archive right by itself; what lines say of each other is checked in SQL."""

import datetime as dt
from typing import Any, Final, cast

import msgspec

from outlay.archives.model import (
    AccountImage,
    AccountLine,
    AccountRow,
    CategoryImage,
    ChangeLine,
    ChangeSetLine,
    Entity,
    ExpenseImage,
    ExpenseLine,
    ExpenseRow,
    Image,
    LedgerImage,
    Line,
    MemberImage,
    PersonLine,
    ProfileLine,
    TagImage,
)
from outlay.errors import FieldError
from outlay.expenses.model import FIRST_DATE, LAST_DATE
from outlay.imports.layout import Layout
from outlay.imports.layout import mistakes as layout_mistakes
from outlay.ledgers.rules import time_zones
from outlay.money.rules import MoneyError, exponent, parse_amount, parse_signed
from outlay.texts import check_text

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2300
_MOST_OFFSET: Final = dt.timedelta(hours=15, minutes=59)
"""PostgreSQL takes no larger offset from UTC."""
_LAYOUT: Final = msgspec.json.Decoder(Layout)
_IMAGES: Final[dict[Entity, msgspec.json.Decoder[Any]]] = {
    "ledger": msgspec.json.Decoder(LedgerImage | None),
    "member": msgspec.json.Decoder(MemberImage | None),
    "category": msgspec.json.Decoder(CategoryImage | None),
    "account": msgspec.json.Decoder(AccountImage | None),
    "tag": msgspec.json.Decoder(TagImage | None),
    "expense": msgspec.json.Decoder(ExpenseImage | None),
}


def mistakes(line: Line) -> list[FieldError]:
    """Everything wrong with a line that its types do not say; amounts are left to `amounts`."""
    match line:
        case PersonLine():
            return check_text("/name", line.name, most=100, least=1)
        case ChangeSetLine():
            return _change_set(line)
        case ChangeLine():
            return _change(line)
        case ProfileLine():
            return _profile(line)
        case AccountLine() | ExpenseLine():
            return _row(line, "") or amounts(line)[1]
        case _:
            return _row(line, "")


def _profile(line: ProfileLine) -> list[FieldError]:
    errors = check_text("/name", line.name, most=100, least=1) + _times(line, "")
    try:
        layout = _LAYOUT.decode(line.layout)
    except msgspec.MsgspecError as error:
        return [*errors, FieldError("/layout", f"This is no layout of a file: {error}")]
    return errors + [FieldError(f"/layout{e.pointer}", e.detail) for e in layout_mistakes(layout)]


def amounts(line: AccountLine | ExpenseLine) -> tuple[dict[str, int | None], list[FieldError]]:
    """The line's amounts in minor units by column, and what is wrong with them."""
    found: dict[str, int | None] = {}
    errors: list[FieldError] = []
    for column, text, currency in _texts_of_amounts(line):
        read = parse_signed if column == "opening_balance" else parse_amount
        try:
            found[column] = None if text is None else read(text, currency or "")
        except MoneyError as error:
            errors.append(FieldError(f"/{column}", str(error)))
    return found, errors


def _texts_of_amounts(
    line: AccountLine | ExpenseLine,
) -> list[tuple[str, str | None, str | None]]:
    if isinstance(line, AccountLine):
        return [("opening_balance", line.opening_balance, line.currency)]
    return [
        ("amount", line.amount, line.currency),
        ("to_amount", line.to_amount, line.to_currency),
    ]


def _row(row: Image | AccountRow | ExpenseRow, at: str) -> list[FieldError]:
    errors = _times(row, at)
    match row:
        case LedgerImage():
            errors += check_text(f"{at}/name", row.name, most=100, least=1)
            errors += _currency(f"{at}/currency", row.currency)
            if row.time_zone not in time_zones():
                errors.append(FieldError(f"{at}/time_zone", "This is no time zone"))
        case CategoryImage():
            errors += check_text(f"{at}/name", row.name, most=100, least=1)
            errors += check_text(f"{at}/icon", row.icon, most=16)
        case AccountRow():
            errors += check_text(f"{at}/name", row.name, most=100, least=1)
            errors += _currency(f"{at}/currency", row.currency)
        case TagImage():
            errors += check_text(f"{at}/name", row.name, most=50, least=1)
        case ExpenseRow():
            errors += _expense(row, at)
        case MemberImage():
            pass
    return errors


def _expense(row: ExpenseRow, at: str) -> list[FieldError]:
    errors = _currency(f"{at}/currency", row.currency)
    if row.to_currency is not None:
        errors += _currency(f"{at}/to_currency", row.to_currency)
    if not FIRST_DATE <= row.date <= LAST_DATE:
        errors.append(FieldError(f"{at}/date", "Dates run from 1900-01-01 to 2200-12-31"))
    errors += check_text(f"{at}/description", row.description, most=500)
    errors += check_text(f"{at}/note", row.note, most=10_000, lines=True)
    errors += check_text(f"{at}/reference", row.reference, most=200)
    if not _has_shape(row):
        errors.append(
            FieldError(
                f"{at}/kind", "A transfer, and only one, says where it goes and what arrives"
            )
        )
    if row.refund_of is not None and row.kind != "income":
        errors.append(FieldError(f"{at}/refund_of", "Only a row of kind income can be a refund"))
    return errors


def _has_shape(row: ExpenseRow) -> bool:
    to_amount = row.to_amount if isinstance(row, ExpenseLine | ExpenseImage) else None
    arriving = (row.to_account_id, to_amount, row.to_currency)
    if row.kind != "transfer":
        return arriving == (None, None, None)
    return (
        None not in arriving
        and row.account_id is not None
        and row.account_id != row.to_account_id
        and row.category_id is None
    )


def _currency(pointer: str, code: str) -> list[FieldError]:
    try:
        exponent(code)
    except MoneyError as error:
        return [FieldError(pointer, str(error))]
    return []


def _times(row: msgspec.Struct, at: str) -> list[FieldError]:
    return [
        FieldError(f"{at}/{name}", f"Times run from {_FIRST_YEAR} to {_LAST_YEAR}")
        for name in ("created_at", "updated_at", "archived_at", "deleted_at", "at")
        if not _is_fit(getattr(row, name, None))
    ]


def _is_fit(time: dt.datetime | None) -> bool:
    return time is None or (
        _FIRST_YEAR <= time.year <= _LAST_YEAR
        and (time.tzinfo is dt.UTC or abs(time.utcoffset() or dt.timedelta()) <= _MOST_OFFSET)
    )


def _change_set(line: ChangeSetLine) -> list[FieldError]:
    errors = _times(line, "")
    errors += check_text("/source", line.source, most=50, least=1)
    errors += check_text("/action", line.action, most=100, least=1)
    errors += check_text("/request_id", line.request_id, most=100)
    if line.entities < 0:
        errors.append(FieldError("/entities", "A set has no fewer than 0 rows"))
    return errors


def _change(line: ChangeLine) -> list[FieldError]:
    """Images are checked like rows: an undo may bring any of them back."""
    decoder = _IMAGES[line.entity]
    errors: list[FieldError] = []
    for side in ("before", "after"):
        try:
            image = cast("Image | None", decoder.decode(getattr(line, side)))
        except msgspec.MsgspecError as error:
            errors.append(FieldError(f"/{side}", f"This is no {line.entity}: {error}"))
            continue
        if image is not None:
            errors += _row(image, f"/{side}")
    return errors
