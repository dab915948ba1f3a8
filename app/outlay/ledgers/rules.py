"""What makes a ledger right."""

from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from msgspec import UNSET

from outlay.errors import FieldError, InvalidInput
from outlay.etags import etag
from outlay.ledgers.model import Ledger, LedgerInput, LedgerPatch, LedgerRow
from outlay.money.rules import MoneyError, exponent
from outlay.rows import Row
from outlay.texts import check_text

MOST_LEDGERS: Final = 200
"""Ledgers that one person may be a member of."""


def check(row: LedgerRow) -> LedgerRow:
    """Return the row as it is to be kept; raises InvalidInput with every mistake."""
    errors = check_text("/name", row.name, most=100, least=1)
    try:
        exponent(row.currency)
    except MoneyError as error:
        errors.append(FieldError("/currency", str(error)))
    if row.time_zone not in time_zones():
        errors.append(
            FieldError("/time_zone", "This is no time zone; write one such as Europe/Rome")
        )
    if not 1 <= row.first_day_of_month <= 31:
        errors.append(FieldError("/first_day_of_month", "Give a day from 1 to 31"))
    if not 1 <= row.first_day_of_week <= 7:
        errors.append(FieldError("/first_day_of_week", "Give 1 for Monday to 7 for Sunday"))
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)
    return LedgerRow(**{**as_columns(row), "name": row.name.strip()})


@cache
def time_zones() -> frozenset[str]:
    """The names of the IANA time zone database that this machine or the tzdata package has."""
    return frozenset(available_timezones())


def row_of_input(given: LedgerInput) -> LedgerRow:
    return LedgerRow(**as_columns(given))


def patched(current: Row, patch: LedgerPatch) -> LedgerRow:
    """The ledger that a patch asks for, ready to be checked like any other."""
    changes = {name: value for name, value in as_columns(patch).items() if value is not UNSET}
    return LedgerRow(**{**as_columns_of(current), **changes})


def as_columns(source: LedgerInput | LedgerPatch | LedgerRow) -> dict[str, Any]:
    return {name: getattr(source, name) for name in LedgerRow.__struct_fields__}


def as_columns_of(record: Row) -> dict[str, Any]:
    return {name: record[name] for name in LedgerRow.__struct_fields__}


def to_api(record: Row, epoch: str) -> Ledger:
    return Ledger(
        id=record["id"],
        **as_columns_of(record),
        role=record["role"],
        is_default=record["is_default"],
        is_demo=record["is_demo"],
        version=record["version"],
        etag=etag(epoch, record["version"]),
        created_at=record["created_at"],
        updated_at=record["updated_at"],
    )
