"""Money as whole minor units and an ISO 4217 code; the API speaks plain decimal text."""

import re

from outlay.money.currencies import EXPONENTS

MAX_MINOR = 10**15
# By currency: minor units in one whole, and how whole and part are written.
_SHAPES: dict[str, tuple[int, str]] = {code: (10**n, f"%d.%0{n}d") for code, n in EXPONENTS.items()}
_AMOUNT = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]{1,4}))?", re.ASCII)


class MoneyError(ValueError):
    """Says in one sentence what is wrong with an amount or a currency."""


def exponent(currency: str) -> int:
    """Return how many decimals `currency` has (JPY 0, EUR 2, KWD 3)."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise _unknown(currency) from None


def _unknown(currency: str) -> MoneyError:
    return MoneyError(f"{currency!r:.20} is not an ISO 4217 currency code such as EUR")


def parse_amount(text: str, currency: str) -> int:
    """Turn "12.50" into positive minor units; raises MoneyError for anything else."""
    minor = parse_signed(text, currency)
    if minor <= 0:
        raise MoneyError("An amount is above zero; the kind says which way it goes")
    return minor


def parse_signed(text: str, currency: str) -> int:
    """Turn "-12.50" into minor units, which may be zero or negative."""
    decimals = exponent(currency)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise MoneyError('Write the amount as plain decimal digits, such as "12.50"')
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if len(fraction) > decimals:
        raise MoneyError(f"{currency} has {decimals} decimals; {text} has {len(fraction)}")
    minor = int(whole + fraction.ljust(decimals, "0"))
    if minor > MAX_MINOR:
        raise MoneyError(f"The largest amount is {format_amount(MAX_MINOR, currency)} {currency}")
    return -minor if sign else minor


def format_amount(minor: int, currency: str) -> str:
    """Turn minor units into "12.50", with all the decimals of the currency."""
    try:
        unit, pattern = _SHAPES[currency]
    except KeyError:
        raise _unknown(currency) from None
    if unit == 1:
        return str(minor)
    return pattern % divmod(minor, unit) if minor >= 0 else "-" + pattern % divmod(-minor, unit)
