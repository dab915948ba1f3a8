"""What makes an expense right, and how a row of the database becomes one of the API."""

import datetime as dt
from operator import itemgetter
from typing import Any, Final, Protocol

import msgspec
from msgspec import UNSET

from outlay.errors import FieldError, InvalidInput
from outlay.etags import etag
from outlay.expenses.model import (
    FIRST_DATE,
    LAST_DATE,
    Expense,
    ExpenseInput,
    ExpensePatch,
    ExpenseRow,
    Source,
)
from outlay.money.rules import MoneyError, exponent, format_amount, parse_amount
from outlay.texts import check_text

MOST_TAGS: Final = 50


class Image(Protocol):
    """A row of the database, or its decoded image in the change log."""

    def __getitem__(self, key: str, /) -> Any: ...


def check(
    given: ExpenseInput, *, today: dt.date, currency: str, source: Source, at: str = ""
) -> ExpenseRow:
    """Turn what a person said into a row; raises InvalidInput with every mistake.

    `currency` is used where none is given; `at` is the JSON pointer of the expense in the body.
    """
    code = currency if given.currency is None else given.currency
    to_code = given.to_currency
    if to_code is None and given.to_account_id is not None:
        to_code = code
    date = given.date or today
    errors: list[FieldError] = []
    amount = _amount(errors, f"{at}/amount", f"{at}/currency", given.amount, code)
    to_amount = None
    if given.to_amount is not None and to_code is not None:
        to_amount = _amount(
            errors, f"{at}/to_amount", f"{at}/to_currency", given.to_amount, to_code
        )
    elif given.to_account_id is not None and to_code == code:
        to_amount = amount
    if not FIRST_DATE <= date <= LAST_DATE:
        errors.append(FieldError(f"{at}/date", "Dates run from 1900-01-01 to 2200-12-31"))
    errors += check_text(f"{at}/description", given.description, most=500)
    errors += check_text(f"{at}/note", given.note, most=10_000, lines=True)
    errors += check_text(f"{at}/reference", given.reference, most=200)
    if len(given.tag_ids) > MOST_TAGS:
        errors.append(FieldError(f"{at}/tag_ids", f"At most {MOST_TAGS} tags"))
    errors += _shape(given, at, to_amount)
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)
    return ExpenseRow(
        kind=given.kind,
        date=date,
        amount=amount,
        currency=code,
        description=given.description.strip(),
        note=given.note,
        category_id=given.category_id,
        tag_ids=tuple(dict.fromkeys(given.tag_ids)),
        account_id=given.account_id,
        to_account_id=given.to_account_id,
        to_amount=to_amount,
        to_currency=to_code if to_amount is not None else None,
        purchase_id=given.purchase_id,
        refund_of=given.refund_of,
        reference=given.reference,
        source=given.source or source,
    )


def _amount(errors: list[FieldError], pointer: str, code_pointer: str, text: str, code: str) -> int:
    try:
        exponent(code)
    except MoneyError as error:
        errors.append(FieldError(code_pointer, str(error)))
        return 0
    try:
        return parse_amount(text, code)
    except MoneyError as error:
        errors.append(FieldError(pointer, str(error)))
        return 0


def _shape(given: ExpenseInput, at: str, to_amount: int | None) -> list[FieldError]:
    if given.kind == "transfer":
        return _transfer_shape(given, at, to_amount)
    errors = [
        FieldError(f"{at}/{name}", "Only a transfer goes to another account")
        for name in ("to_account_id", "to_amount", "to_currency")
        if getattr(given, name) is not None
    ]
    if given.refund_of is not None and given.kind != "income":
        errors.append(FieldError(f"{at}/kind", "A refund is of kind income"))
    return errors


def _transfer_shape(given: ExpenseInput, at: str, to_amount: int | None) -> list[FieldError]:
    errors = []
    if given.account_id is None:
        errors.append(FieldError(f"{at}/account_id", "A transfer says from which account it goes"))
    if given.to_account_id is None:
        errors.append(FieldError(f"{at}/to_account_id", "A transfer says to which account it goes"))
    elif given.to_account_id == given.account_id:
        errors.append(FieldError(f"{at}/to_account_id", "A transfer goes to another account"))
    elif to_amount is None:
        errors.append(
            FieldError(f"{at}/to_amount", "Say how much arrives, as the currencies differ")
        )
    if given.category_id is not None:
        errors.append(FieldError(f"{at}/category_id", "A transfer has no category"))
    if given.refund_of is not None:
        errors.append(FieldError(f"{at}/refund_of", "A transfer refunds nothing"))
    return errors


def patched(current: ExpenseRow, patch: ExpensePatch) -> ExpenseInput:
    """The expense that a patch asks for, ready to be checked like any other."""
    changes = {
        name: value
        for name in ExpensePatch.__struct_fields__
        if (value := getattr(patch, name)) is not UNSET
    }
    kept = {name: getattr(current, name) for name in ExpensePatch.__struct_fields__}
    kept["amount"] = format_amount(current.amount, current.currency)
    if current.to_amount is not None and current.to_currency is not None:
        kept["to_amount"] = format_amount(current.to_amount, current.to_currency)
    if changes.get("kind", current.kind) != "transfer":
        kept.update(to_account_id=None, to_amount=None, to_currency=None)
    return ExpenseInput(**{**kept, **changes})


def row_of(record: Image) -> ExpenseRow:
    """The checked part of a database row."""
    values = {name: record[name] for name in ExpenseRow.__struct_fields__}
    values["tag_ids"] = tuple(values["tag_ids"])
    return ExpenseRow(**values)


_OF_EXPENSE: Final = itemgetter(*(f for f in Expense.__struct_fields__ if f != "etag"))


def to_api(record: Image, epoch: str) -> Expense:
    """A database row, or its image in the change log, as the API shows it."""
    # A page has fifty of them: names looked up one by one would take twice the time.
    (
        id_, kind, date, amount, currency, description, note, category_id, tag_ids, account_id,
        to_account_id, to_amount, to_currency, purchase_id, refund_of, reference, source, import_id,
        version, created_by, created_at, updated_at, deleted_at,
    ) = _OF_EXPENSE(record)  # fmt: skip
    return Expense(
        id=id_,
        kind=kind,
        date=date,
        amount=format_amount(amount, currency),
        currency=currency,
        description=description,
        note=note,
        category_id=category_id,
        tag_ids=tag_ids,
        account_id=account_id,
        to_account_id=to_account_id,
        to_amount=None if to_amount is None else format_amount(to_amount, to_currency),
        to_currency=to_currency,
        purchase_id=purchase_id,
        refund_of=refund_of,
        reference=reference,
        source=source,
        import_id=import_id,
        version=version,
        etag=etag(epoch, version),
        created_by=created_by,
        created_at=created_at,
        updated_at=updated_at,
        deleted_at=deleted_at,
    )


def is_same_request(original: ExpenseRow, given: ExpenseInput) -> bool:
    """Whether a create sent again says what the row said when it was created.

    What it leaves out was decided then: the date, the currency, and a refund's category, which is
    that of what it refunds. Raises InvalidInput for what cannot be an expense at all.
    """
    again = check(given, today=original.date, currency=original.currency, source=original.source)
    if again.refund_of is not None:
        again = msgspec.structs.replace(again, category_id=original.category_id)
    return same_row(original, again)


def same_row(a: ExpenseRow, b: ExpenseRow) -> bool:
    """Whether two rows say the same, whatever way they came."""
    return msgspec.structs.replace(a, source=b.source) == b
