"""When two rows are the same booking: the rule, and nothing else.

The content of a row is its day, amount, currency, kind and description. The description is
compared without regard to case, width of characters and spacing, and nothing looser: a looser
rule would call two shops one.
"""

import hashlib
import unicodedata
from datetime import date

from outlay.imports.model import Kind, ParsedRow
from outlay.imports.text import squeeze

_MIN_REFERENCE = 8


def normalise(description: str) -> str:
    return squeeze(unicodedata.normalize("NFKC", description).casefold())


def fingerprint(day: date, amount_minor: int, currency: str, kind: Kind, description: str) -> bytes:
    """Return 16 bytes that are equal for rows of equal content (and, in effect, only for them)."""
    text = (
        f"{day.toordinal()}\x1f{amount_minor}\x1f{currency}\x1f{kind}\x1f{normalise(description)}"
    )
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def reference_key(reference: str, amount_minor: int, currency: str, kind: Kind) -> bytes | None:
    """Return 16 bytes for a bank's own reference, or None where it is too short to be unique.

    Day and description stay out: banks change both between two exports of one booking. The amount
    stays in, because a few banks give a fee and its payment one reference.
    """
    if len(reference) < _MIN_REFERENCE:
        return None
    text = f"{reference}\x1f{amount_minor}\x1f{currency}\x1f{kind}"
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def row_fingerprint(row: ParsedRow) -> bytes:
    return fingerprint(row.date, row.amount_minor, row.currency, row.kind, row.description)


def row_reference(row: ParsedRow) -> bytes | None:
    return reference_key(row.reference, row.amount_minor, row.currency, row.kind)
