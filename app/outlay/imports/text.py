"""Folding of words, so that headers and marks of many languages can be looked up."""

import functools
import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


@functools.lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return `text` in small letters without accents and marks, single-spaced.

    The German digraphs ae, oe and ue fold like their umlauts, so that "Währung" and "Waehrung"
    are one word.
    """
    if text.isascii():
        letters = _NOT_WORD.sub(" ", text.lower())
        return " ".join(_undigraphed(letters).split())
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(_undigraphed(letters).split())


def _undigraphed(letters: str) -> str:
    return letters.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def squeeze(text: str) -> str:
    """Return `text` with each run of white space, line ends included, as one space."""
    return " ".join(text.split())
