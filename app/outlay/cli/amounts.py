"""Amounts as people type them: either decimal mark, and sums such as `12,50+3*2`.

All arithmetic is exact; what does not come out even is refused rather than rounded.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final

MOST_DECIMALS: Final = 4
_LONGEST: Final = 100
_TOKEN: Final = re.compile(r"\s*(?:([0-9][0-9.,'_\u00a0\u202f]*|[.,][0-9]+)|([-+*/()×÷]))")  # noqa: RUF001
_GROUPING: Final = re.compile(r"['_\u00a0\u202f]")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_SAME: Final = {"×": "*", "÷": "/"}  # noqa: RUF001


class AmountError(ValueError):
    """Says in one sentence what is wrong with the text."""


def parse_amount(text: str) -> str:
    """Turn `12,50+3*2` into plain decimal text, "18.5", which may be negative or zero.

    A single mark is the decimal mark; of two different ones, the last.
    """
    if len(text) > _LONGEST:
        raise AmountError("This is too long for an amount")
    return _plain(_Sum(_tokens(text), text).whole(), text)


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise AmountError(
                f"{text!r} is not an amount: write digits, as in 12.50 or 12,50, and + - * / ( )"
            )
        tokens.append(match[1] or _SAME.get(match[2], match[2]))
        at = match.end()
    return tokens


class _Sum:
    """Reads tokens by the usual rules: products before sums, brackets first."""

    def __init__(self, tokens: list[str], text: str) -> None:
        self.tokens = tokens[::-1]
        self.text = text

    def whole(self) -> Fraction:
        value = self._sum()
        if self.tokens:
            raise AmountError(f"{self.text!r} does not read as a sum near {self.tokens[-1]!r}")
        return value

    def _sum(self) -> Fraction:
        return self._chain("+-", self._product)

    def _product(self) -> Fraction:
        return self._chain("*/", self._factor)

    def _chain(self, signs: str, part: Callable[[], Fraction]) -> Fraction:
        value = part()
        while self.tokens and self.tokens[-1] in signs:
            value = self._apply(self.tokens.pop(), value, part())
        return value

    def _apply(self, sign: str, left: Fraction, right: Fraction) -> Fraction:
        match sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case _:
                if right == 0:
                    raise AmountError(f"{self.text!r} divides by zero")
                return left / right

    def _factor(self) -> Fraction:
        if not self.tokens:
            raise AmountError(f"{self.text!r} ends before the sum does")
        piece = self.tokens.pop()
        if piece == "-":
            return -self._factor()
        if piece == "(":
            value = self._sum()
            if not self.tokens or self.tokens.pop() != ")":
                raise AmountError(f"{self.text!r} lacks a closing bracket")
            return value
        if piece in "+*/)":
            raise AmountError(f"{self.text!r} lacks a number before {piece!r}")
        return _number(piece)


def _number(token: str) -> Fraction:
    digits = _GROUPING.sub("", token)
    marks = [mark for mark in digits if mark in ".,"]
    match marks:
        case []:
            return Fraction(digits)
        case [mark]:
            whole, fraction = digits.split(mark)
        case _:
            whole, fraction = _ungrouped(token, digits, marks)
    return Fraction(f"{whole or 0}.{fraction or 0}")


def _ungrouped(token: str, digits: str, marks: list[str]) -> tuple[str, str]:
    """Split 1.234.567,89 into its whole part and its fraction."""
    last = marks[-1]
    grouped, fraction = (digits, "") if set(marks) == {last} else digits.rsplit(last, 1)
    if not _GROUPED.fullmatch(grouped) or len(set(marks[:-1])) > 1:
        raise AmountError(f"{token!r} can be read in more than one way; leave the grouping out")
    return re.sub("[.,]", "", grouped), fraction


def _plain(value: Fraction, text: str) -> str:
    scaled = value * 10**MOST_DECIMALS
    if scaled.denominator != 1:
        near = round(float(value), 2)
        raise AmountError(f"{text!r} does not come out even; write the amount, such as {near:.2f}")
    sign = "-" if scaled < 0 else ""
    digits = str(abs(scaled.numerator)).rjust(MOST_DECIMALS + 1, "0")
    fraction = digits[-MOST_DECIMALS:].rstrip("0")
    return f"{sign}{digits[:-MOST_DECIMALS]}" + (f".{fraction}" if fraction else "")
