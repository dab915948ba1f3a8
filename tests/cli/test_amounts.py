"""Amounts as people type them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlay.cli.amounts import AmountError, parse_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.50", "12.5"),
        ("12,50", "12.5"),
        ("12,50+3*2", "18.5"),
        ("(12,50 + 3) * 2", "31"),
        ("100/8", "12.5"),
        ("-5+7", "2"),
        ("0.1+0.2", "0.3"),
        (",5", "0.5"),
        ("5,", "5"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1'234.50", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.000.000", "1000000"),
        ("3 × 4 ÷ 2", "6"),  # noqa: RUF001
        ("1.2345", "1.2345"),
        ("7-10", "-3"),
    ],
)
def test_either_decimal_mark_and_sums_are_read(text: str, amount: str) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "abc", "1e5", "NaN", "inf", "1..2", "1,2,3", "1.2,3.4", "12,34.567,8", "1+", "*2",
        "(1", "1)", "1/0", "10/3", "1 2", "1 000", "__import__('os')", "2**8", "9" * 101, "(" * 100,
        "٣", "1.23456", "0x10", "+1",
    ],
)  # fmt: skip
def test_what_cannot_be_read_in_one_way_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(text)


def test_what_does_not_come_out_even_names_an_amount_that_does() -> None:
    with pytest.raises(AmountError, match=r"such as 3\.33"):
        parse_amount("10/3")


CENTS = st.integers(0, 10**12).map(lambda cents: Decimal(cents) / 100)


@given(CENTS, st.sampled_from(".,"))
def test_any_amount_with_two_decimals_survives_either_mark(amount: Decimal, mark: str) -> None:
    assert Decimal(parse_amount(f"{amount:.2f}".replace(".", mark))) == amount


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 99_99)), min_size=1, max_size=6))
def test_sums_are_those_of_exact_arithmetic(parts: list[tuple[str, int]]) -> None:
    text = "0" + "".join(f"{sign}{number // 100}.{number % 100:02}" for sign, number in parts)
    python = "0" + "".join(f"{sign}Fraction({number},100)" for sign, number in parts)
    exact = eval(python, {"Fraction": Fraction})
    if (exact * 10**4).denominator == 1:
        assert Fraction(parse_amount(text)) == exact
    else:
        with pytest.raises(AmountError):
            parse_amount(text)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        amount = parse_amount(text)
    except AmountError:
        return
    assert Decimal(amount).is_finite()
