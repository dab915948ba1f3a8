"""What people type, as the API wants it; mistakes become refusals."""

from outlay.cli.amounts import AmountError, parse_amount
from outlay.cli.dates import DateError, is_iso, parse_date, parse_period
from outlay.cli.errors import CommandError
from outlay.cli.session import Session


def typed_amount(text: str) -> str:
    """Read an amount of money that moved: above zero."""
    amount = typed_number(text)
    if amount.startswith("-") or amount == "0":
        raise CommandError(f"{text!r} comes to {amount}; an amount is above zero")
    return amount


def typed_number(text: str) -> str:
    """Read an amount that may be zero or below it."""
    try:
        return parse_amount(text)
    except AmountError as error:
        raise CommandError(str(error)) from error


def typed_date(session: Session, text: str) -> str:
    """Read a date; only words such as `yesterday` ask the service for the ledger's calendar."""
    if is_iso(text):
        return text
    try:
        return parse_date(text, session.calendar).isoformat()
    except DateError as error:
        raise CommandError(str(error)) from error


def typed_period(session: Session, text: str) -> tuple[str | None, str | None]:
    """Read a period into its first and last date; None where it is open."""
    try:
        first, last = parse_period(text, session.calendar)
    except DateError as error:
        raise CommandError(str(error)) from error
    return first.isoformat() if first else None, last.isoformat() if last else None
