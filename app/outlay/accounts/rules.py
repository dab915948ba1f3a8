"""What makes an account right, and how its balance runs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from msgspec import UNSET

from outlay.accounts.model import (
    Account,
    AccountInput,
    AccountPatch,
    AccountRow,
    AccountWithBalance,
    Balances,
    DayBalance,
)
from outlay.errors import FieldError, InvalidInput
from outlay.etags import etag
from outlay.expenses.model import FIRST_DATE, LAST_DATE
from outlay.money.rules import MoneyError, exponent, format_amount, parse_signed
from outlay.rows import Row
from outlay.texts import check_text

MOST_ACCOUNTS: Final = 500
MOST_POSITION: Final = 1_000_000
MOST_DAYS: Final = 3700
"""Days that one answer of running balances covers: ten years and a little."""


def check(given: AccountInput, ledger_currency: str) -> AccountRow:
    """Turn what a person said into a row; raises InvalidInput with every mistake."""
    errors = check_text("/name", given.name, most=100, least=1)
    if not 0 <= given.position <= MOST_POSITION:
        errors.append(FieldError("/position", f"Give a whole number from 0 to {MOST_POSITION}"))
    currency = given.currency or ledger_currency
    balance = _opening_balance(errors, given.opening_balance, currency)
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)
    return AccountRow(
        name=given.name.strip(),
        kind=given.kind,
        currency=currency,
        opening_balance=balance,
        position=given.position,
    )


def _opening_balance(errors: list[FieldError], text: str, currency: str) -> int:
    try:
        exponent(currency)
    except MoneyError as error:
        errors.append(FieldError("/currency", str(error)))
        return 0
    try:
        return parse_signed(text, currency)
    except MoneyError as error:
        errors.append(FieldError("/opening_balance", str(error)))
        return 0


def patched(current: Row, patch: AccountPatch) -> AccountInput:
    """The account that a patch asks for, ready to be checked like any other.

    With another currency the opening balance keeps its figures, not its worth.
    """
    names = AccountRow.__struct_fields__
    changes = {name: value for name in names if (value := getattr(patch, name)) is not UNSET}
    kept = {name: current[name] for name in names}
    kept["opening_balance"] = format_amount(current["opening_balance"], current["currency"])
    return AccountInput(**{**kept, **changes})


def row_of(record: Row) -> AccountRow:
    return AccountRow(**{name: record[name] for name in AccountRow.__struct_fields__})


def to_api(record: Row, epoch: str) -> Account:
    """A row of the database, or its image in the change log, as the API shows it."""
    return Account(**_fields(record, epoch))


def with_balance(record: Row, epoch: str) -> AccountWithBalance:
    """The same with its balance, from a row that has the sum of its entries as `moved`."""
    balance = record["opening_balance"] + int(record["moved"])
    return AccountWithBalance(
        **_fields(record, epoch),
        balance=format_amount(balance, record["currency"]),
        entries=record["entries"],
    )


def _fields(record: Row, epoch: str) -> dict[str, Any]:
    names = set(Account.__struct_fields__) - {"etag", "archived", "opening_balance"}
    return {
        **{name: record[name] for name in names},
        "opening_balance": format_amount(record["opening_balance"], record["currency"]),
        "archived": record["archived_at"] is not None,
        "etag": etag(epoch, record["version"]),
    }


def period(first: dt.date | None, last: dt.date | None, today: dt.date) -> tuple[dt.date, dt.date]:
    """The days asked for, by default the year up to today; raises InvalidInput for too many."""
    for name, day in (("from", first), ("to", last)):
        if day is not None and not FIRST_DATE <= day <= LAST_DATE:
            raise InvalidInput.field(f"/{name}", "Dates run from 1900-01-01 to 2200-12-31")
    to = last or max(today, first or today)
    from_ = first or to - dt.timedelta(days=365)
    if from_ > to:
        raise InvalidInput.field("/from", "The first day is after the last")
    if (to - from_).days >= MOST_DAYS:
        raise InvalidInput.field("/from", f"At most {MOST_DAYS} days at once")
    return from_, to


def running(record: Row, before: int, days: Iterable[Row], from_: dt.date, to: dt.date) -> Balances:
    """Balances day by day: `before` is what moved before `from_`, `days` what moved on each day."""
    account, currency = record["id"], record["currency"]
    at = start = record["opening_balance"] + before
    rows = []
    for day in days:
        at += int(day["amount"])
        change, balance = (format_amount(n, currency) for n in (int(day["amount"]), at))
        rows.append(DayBalance(day["day"], change, day["entries"], balance))
    return _balances(account, currency, (from_, to), (start, at), rows)


def _balances(
    account: UUID,
    currency: str,
    dates: tuple[dt.date, dt.date],
    amounts: tuple[int, int],
    days: list[DayBalance],
) -> Balances:
    start, end = (format_amount(amount, currency) for amount in amounts)
    return Balances(
        account_id=account, currency=currency, from_=dates[0], to=dates[1],
        start=start, end=end, days=days,
    )  # fmt: skip
