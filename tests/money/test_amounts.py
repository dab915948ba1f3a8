"""Money is exact: what is parsed prints as it was, and nothing else is taken for an amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlay.money.currencies import EXPONENTS
from outlay.money.rules import (
    MAX_MINOR,
    MoneyError,
    exponent,
    format_amount,
    parse_amount,
    parse_signed,
)

CURRENCIES = st.sampled_from(sorted(EXPONENTS))
POSITIVE = st.integers(1, MAX_MINOR)
SIGNED = st.integers(-MAX_MINOR, MAX_MINOR)


@pytest.mark.parametrize("minor", [1, 9, 10, 99, 100, 1000, 12_345_678, MAX_MINOR - 1, MAX_MINOR])
def test_edges_print_and_parse_in_every_currency(minor: int) -> None:
    for currency in EXPONENTS:
        assert parse_amount(format_amount(minor, currency), currency) == minor
        assert parse_signed(format_amount(-minor, currency), currency) == -minor


@given(SIGNED, CURRENCIES)
def test_what_is_printed_parses_to_the_same(minor: int, currency: str) -> None:
    assert parse_signed(format_amount(minor, currency), currency) == minor


@given(SIGNED, CURRENCIES)
def test_the_printed_text_is_the_value_itself(minor: int, currency: str) -> None:
    text = format_amount(minor, currency)
    assert Decimal(text) == Decimal(minor).scaleb(-exponent(currency))
    assert len(text.partition(".")[2]) == exponent(currency)


@given(POSITIVE, CURRENCIES, st.integers(0, 4), st.integers(0, 3))
def test_zeros_before_and_after_change_nothing(
    minor: int, currency: str, cut: int, zeros: int
) -> None:
    text = format_amount(minor, currency)
    whole, dot, fraction = text.partition(".")
    shorter = fraction.removesuffix("0" * min(cut, len(fraction) - len(fraction.rstrip("0"))))
    padded = whole.rjust(min(16, len(whole) + zeros), "0")
    typed = padded + (dot + shorter if shorter else "")
    assert parse_amount(typed, currency) == minor


@given(st.integers(MAX_MINOR + 1, 10**16 - 1), CURRENCIES)
def test_more_than_the_largest_amount_is_refused(minor: int, currency: str) -> None:
    with pytest.raises(MoneyError, match="largest amount"):
        parse_amount(format_amount(minor, currency), currency)


@given(CURRENCIES, st.integers(1, 6), st.text("0123456789", min_size=1, max_size=9))
def test_a_decimal_too_many_is_refused_even_if_it_is_zero(
    currency: str, more: int, whole: str
) -> None:
    with pytest.raises(MoneyError):
        parse_amount(f"{whole}.{'0' * (exponent(currency) + more)}", currency)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 ", " 1", "1\n", "\t1", "1 000", "1\u00a0000", "1_000", "1,000.00", "12,50", "1'000",
        "+1", "--1", "1-", "(1)", "\u22121", "\uff0d1", "1e5", "1E5", "1e-2", "0x10", "0b1", "1.", ".5", "1..2",
        "1.2.3", "NaN", "nan", "inf", "Infinity", "-Infinity", "\u0661\u0662", "\u06f1\u06f2", "\u0967\u0968",
        "\uff11\uff12", "\u00b2", "\u00bd", "\u2460", "\u0661.\u0662\u0663", "1\u066b50", "1\u200b2",
        "\u200f12", "\ufeff12", "12\x00", "\ud800", "EUR 1", "1 EUR", "\u20ac1", "1" * 17, "0" * 17,
        "9" * 10_000, "1." + "0" * 10_000, "None", "true", "[]", "{}",
    ],
)  # fmt: skip
def test_nothing_but_plain_digits_is_an_amount(text: str) -> None:
    for currency in ("EUR", "JPY", "KWD", "CLF"):
        with pytest.raises(MoneyError):
            parse_amount(text, currency)
        with pytest.raises(MoneyError):
            parse_signed(text, currency)


@pytest.mark.parametrize("text", ["0", "0.00", "-0", "-1", "-0.01", "-12.50"])
def test_an_amount_is_above_zero(text: str) -> None:
    with pytest.raises(MoneyError, match="above zero"):
        parse_amount(text, "EUR")


@given(st.text(max_size=20), CURRENCIES)
def test_any_text_is_an_exact_amount_or_refused(text: str, currency: str) -> None:
    try:
        minor = parse_signed(text, currency)
    except MoneyError:
        return
    assert text.isascii()
    assert Decimal(text) == Decimal(minor).scaleb(-exponent(currency))


@given(st.text(max_size=40).filter(lambda text: text not in EXPONENTS))
def test_what_is_no_code_is_named_in_a_short_sentence(text: str) -> None:
    with pytest.raises(MoneyError, match="ISO 4217") as told:
        parse_amount("1", text)
    assert len(str(told.value)) < 80
    assert str(told.value).isprintable()


@pytest.mark.parametrize(
    "code", ["eur", "Eur", " EUR", "EUR ", "XXX", "XAU", "XTS", "EURO", "\u20ac", ""]
)
def test_only_codes_of_money_in_use_are_currencies(code: str) -> None:
    with pytest.raises(MoneyError):
        exponent(code)
