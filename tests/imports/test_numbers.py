"""Amounts as banks write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlay.imports.model import CellError
from outlay.imports.numbers import amount_reader, looks_like_number
from outlay.money.currencies import EXPONENTS
from outlay.money.rules import MAX_MINOR, format_amount

EURO = amount_reader(",", ".", "EUR")
DOLLAR = amount_reader(".", ",", "USD")
FRANC = amount_reader(".", "'", "CHF")


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("1.234,56", 123456),
        ("-1.234.567,89", -123456789),
        ("+12,50", 1250),
        ("12,5", 1250),
        ("12", 1200),
        ("12,", 1200),
        (",50", 50),
        ("-,50", -50),
        ("-0,50", -50),
        ("12,50-", -1250),
        ("(12,50)", -1250),
        ("\u22123,20", -320),
        ("\u20133,20", -320),
        ("EUR 12,00", 1200),
        ("12,00 €", 1200),
        ("-12,00\u00a0€", -1200),
        ("1\u202f234,50", 123450),
        ("1 234 567,50", 123456750),
        ("12,50 S", -1250),
        ("12,50 H", 1250),
        ("  12,50  ", 1250),
        ('="12,50"', 1250),
        ("12,500", 1250),
        ("12,-", 1200),
        ("-12,--", -1200),
    ],
)
def test_european_amounts(cell, minor):
    assert EURO(cell) == (minor, "EUR")


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("1,234.56", 123456),
        ("$1,234.56", 123456),
        ("-$5", -500),
        ("$-5.00", -500),
        ("($1,234.56)", -123456),
        ("12.50 CR", 1250),
        ("12.50 DR", -1250),
        ("12.50DR", -1250),
        ("12,34,567.89", 123456789),
        (".5", 50),
        ("'12.50", 1250),
    ],
)
def test_american_amounts(cell, minor):
    assert DOLLAR(cell) == (minor, "USD")


def test_swiss_amounts_group_by_apostrophe():
    assert FRANC("1'234'567.50") == FRANC("1\u2019234\u2019567.50") == (123456750, "CHF")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "amount_missing"),
        ("   ", "amount_missing"),
        ("abc", "amount_format"),
        ("12.50", "amount_format"),
        ("1.23,45", "amount_format"),
        ("1.2345", "amount_format"),
        ("1,234,567", "amount_format"),
        ("1234.567,00", "amount_format"),
        ("--5", "amount_format"),
        ("-5-", "amount_format"),
        ("(5", "amount_format"),
        ("-5,00 S", "amount_format"),
        ("1e5", "amount_format"),
        ("NaN", "amount_format"),
        ("12,50 13,50", "amount_format"),
        ("12,345", "amount_decimals"),
        ("10.000.000.000.000,01", "amount_range"),
        ("9" * 400, "amount_format"),
        ("12,50 XYZ", "amount_format"),
        ("\u0661\u0662,\u0665\u0660", "amount_format"),
        ("1_000,00", "amount_format"),
    ],
)
def test_what_is_no_amount_is_an_error_and_never_another_amount(cell, code):
    with pytest.raises(CellError) as caught:
        EURO(cell)
    assert caught.value.code == code


def test_a_currency_in_the_cell_is_the_currency_of_the_amount():
    assert EURO("-14,00 PLN") == (-1400, "PLN")
    assert EURO("1.500 JPY") == (1500, "JPY")
    assert EURO("zł 3,00") == (300, "PLN")


def test_the_dollar_sign_means_the_dollar_of_the_file():
    assert amount_reader(".", ",", "CAD")("$5.00") == (500, "CAD")
    assert amount_reader(".", ",", "EUR")("$5.00") == (500, "USD")
    assert amount_reader(".", ",", "SEK")("5.00 kr") == (500, "SEK")
    with pytest.raises(CellError):
        amount_reader(".", ",", "EUR")("5.00 kr")


@given(
    minor=st.integers(-MAX_MINOR, MAX_MINOR),
    currency=st.sampled_from(sorted(EXPONENTS)),
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", ".", ",", "'", " "]),
)
def test_every_amount_of_every_currency_is_read_as_it_was_written(
    minor, currency, decimal, thousands
):
    if thousands == decimal:
        thousands = ""
    whole, _, fraction = format_amount(abs(minor), currency).partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands)
    cell = ("-" if minor < 0 else "") + grouped + (decimal + fraction if fraction else "")
    assert amount_reader(decimal, thousands, currency)(cell) == (minor, currency)
    assert looks_like_number(cell)


@given(st.text(max_size=30))
def test_no_text_brings_the_reader_down(cell):
    try:
        minor, currency = EURO(cell)
    except CellError:
        return
    assert abs(minor) <= MAX_MINOR
    assert currency in EXPONENTS
