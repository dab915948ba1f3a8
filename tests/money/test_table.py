"""The table of currencies is the published one, neither more nor less."""

import iso4217

from outlay.money import currencies
from outlay.money.currencies import EXPONENTS

# Metals, units of account and codes for tests have no minor unit: nobody pays with them.
PUBLISHED = {
    code: int(entry["CcyMnrUnts"])
    for code, entry in iso4217.raw_table.items()
    if code is not None and entry["CcyMnrUnts"].isdigit()
}


def test_every_currency_in_use_is_known_with_its_decimals() -> None:
    assert len(PUBLISHED) > 150
    assert EXPONENTS == PUBLISHED


def test_no_code_stands_in_two_lists() -> None:
    lists = (
        currencies._NO_DECIMALS,
        currencies._TWO_DECIMALS,
        currencies._THREE_DECIMALS,
        currencies._FOUR_DECIMALS,
    )
    assert sum(len(text.split()) for text in lists) == len(EXPONENTS)
