"""Amounts as banks write them: either decimal mark, groups, signs in six places, currencies."""

import functools
import re
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from outlay.imports.model import CellError
from outlay.imports.text import fold
from outlay.imports.words import DIRECTIONS
from outlay.money.currencies import EXPONENTS
from outlay.money.rules import MAX_MINOR

Decimal: TypeAlias = Literal[".", ","]
Thousands: TypeAlias = Literal["", ".", ",", "'", " "]
Amount: TypeAlias = tuple[int, str]

_CACHED = 50_000
# U+2212, U+2013, U+2010, U+2011, U+FE63 and U+FF0D are minus signs and dashes; U+2019 and U+02BC
# apostrophes; U+00A0, U+202F, U+2009 and U+2007 spaces between groups.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2013\u2010\u2011\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2019\u02bc`", "'"),
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\t", " "),
    }
)
_CORE = re.compile(r"\d[\d.,' ]*|[.,]\d+", re.ASCII)
_NO_CENTS = re.compile(r"(?<=\d)[.,]-{1,2}$")  # "12,-" and "12.--" are whole amounts
_SYMBOLS: dict[str, str] = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₪": "ILS",
    "₩": "KRW", "₫": "VND", "฿": "THB", "us$": "USD", "c$": "CAD", "ca$": "CAD", "a$": "AUD",
    "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "zł": "PLN", "kč": "CZK",
    "ft": "HUF", "fr": "CHF", "sfr": "CHF", "lei": "RON", "euro": "EUR", "euros": "EUR",
    "rs": "INR", "лв": "BGN",
}  # fmt: skip
_SHARED: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "ARS", "CLP", "COP", "TWD"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}


class Marks(NamedTuple):
    """A cell taken apart: digits with their separators, the sign, and the words around them."""

    core: str
    signs: int
    negative: bool
    word: str


@functools.lru_cache(maxsize=16_384)
def split_marks(cell: str) -> Marks | None:
    """Take `cell` apart, or return None where it holds no single number."""
    text = cell.translate(_PLAIN).strip()
    if text.startswith(("=", "'")):
        text = text.lstrip("='").strip('"').strip()
    text = _NO_CENTS.sub("", text)
    match = _CORE.search(text)
    if match is None or len(text) > 60:
        return None
    core = match.group().rstrip(" '")
    before, after = text[: match.start()], text[match.start() + len(core) :]
    if any(c.isdigit() for c in after):
        return None
    return _marks(core, before, after)


def _marks(core: str, before: str, after: str) -> Marks | None:
    around = before + " " + after
    brackets = "(" in before and ")" in after
    signs = around.count("-") + around.count("+") + brackets
    word = around.translate({ord(c): " " for c in "+-()"}).strip().rstrip(".")
    if ("(" in around or ")" in around) and not brackets:
        return None
    if len(word) > 14 or not _is_mark(word):
        return None
    return Marks(core, signs, "-" in around or brackets, word)


def _is_mark(word: str) -> bool:
    return all(
        part.upper() in EXPONENTS
        or part.lower().rstrip(".") in _SYMBOLS
        or part.lower().rstrip(".") in _SHARED
        or (len(part) <= 2 and fold(part) in DIRECTIONS)
        for part in word.split()
    )


def looks_like_number(cell: str) -> bool:
    return split_marks(cell) is not None


def currency_of(word: str, default: str) -> str:
    """Return the currency that a symbol or code stands for; `default` settles "$" and "kr"."""
    name = word.lower().rstrip(".")
    if name.upper() in EXPONENTS:
        return name.upper()
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if name == "$" and default not in _SHARED["$"]:
        return "USD"
    if name in _SHARED and default in _SHARED[name]:
        return default
    raise CellError("currency", f"{word!r:.20} names no single currency", "a code such as EUR")


def amount_reader(decimal: Decimal, thousands: Thousands, currency: str) -> Callable[[str], Amount]:
    """Return a function from a cell to signed minor units and their currency.

    Groups must be whole ("12,50" is an error where the comma groups, never 1250), and decimals
    beyond the currency's must be zeros. The function raises CellError, and remembers cells.
    """
    seen: dict[str, Amount] = {}
    plain = _plain_pattern(decimal, thousands, EXPONENTS[currency]).fullmatch
    strip = str.maketrans("", "", decimal + thousands)

    def read(cell: str) -> Amount:
        found = seen.get(cell)
        if found is None:
            if plain(cell) and len(cell) <= 15:
                found = int(cell.translate(strip)), currency
            else:
                found = read_amount(cell, decimal, thousands, currency)
            if len(seen) >= _CACHED:
                seen.clear()
            seen[cell] = found
        return found

    return read


def _plain_pattern(decimal: Decimal, thousands: Thousands, digits: int) -> re.Pattern[str]:
    """Match what nearly all cells are: a minus or none, whole groups or none, all decimals."""
    group = re.escape(thousands)
    groups = rf"\d{{1,3}}(?:{group}\d{{3}})+|" if thousands else ""
    fraction = rf"{re.escape(decimal)}\d{{{digits}}}" if digits else ""
    return re.compile(rf"-?(?:{groups}\d+){fraction}", re.ASCII)


def read_amount(cell: str, decimal: Decimal, thousands: Thousands, currency: str) -> Amount:
    """Return the signed minor units in `cell` and their currency; see `amount_reader`."""
    expected = f"an amount such as 1234{decimal}50"
    if not cell.strip():
        raise CellError("amount_missing", "The amount is missing", expected)
    marks = split_marks(cell)
    if marks is None:
        raise CellError("amount_format", f"{cell!r:.40} is not an amount", expected)
    code, negative = currency, marks.negative
    signs = marks.signs
    for word in marks.word.split():
        direction = DIRECTIONS.get(fold(word)) if word.upper() not in EXPONENTS else None
        if direction is None or word.lower() in _SYMBOLS:
            code = currency_of(word, currency)
        else:
            signs += 1
            negative = negative or direction == "out"
    if signs > 1:
        raise CellError("amount_format", f"{cell!r:.40} has more than one sign", expected)
    minor = _minor(marks.core, _pattern(decimal, thousands), code, expected)
    return (-minor if negative else minor), code


def _minor(core: str, pattern: re.Pattern[str], currency: str, expected: str) -> int:
    match = pattern.fullmatch(core)
    if match is None:
        raise CellError("amount_format", f"{core!r:.40} is not an amount", expected)
    whole = re.sub(r"\D", "", match.group("whole") or "0")
    digits = EXPONENTS[currency]
    fraction = (match.group("fraction") or "").rstrip("0")
    if len(fraction) > digits:
        raise CellError(
            "amount_decimals", f"{core!r:.40} has more decimals than {currency}", expected
        )
    minor = int(whole[:20] + fraction.ljust(digits, "0"))
    if minor > MAX_MINOR or len(whole) > 20:
        raise CellError("amount_range", f"{core!r:.40} is too large an amount", expected)
    return minor


_PATTERNS: dict[tuple[Decimal, Thousands], re.Pattern[str]] = {}


def _pattern(decimal: Decimal, thousands: Thousands) -> re.Pattern[str]:
    """Spaces and apostrophes may always group; commas also as lakh and crore (12,34,567)."""
    known = _PATTERNS.get((decimal, thousands))
    if known is None:
        groups = rf"\d{{1,3}}(?P<mark>[ '{re.escape(thousands)}])\d{{3}}(?:(?P=mark)\d{{3}})*"
        lakh = r"\d{1,2}(?:,\d{2})+,\d{3}|" if thousands == "," else ""
        known = _PATTERNS[decimal, thousands] = re.compile(
            rf"(?P<whole>{lakh}{groups}|\d+)?(?:{re.escape(decimal)}(?P<fraction>\d*))?", re.ASCII
        )
    return known
