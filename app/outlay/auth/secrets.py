"""Secrets that only their holder has; the database keeps their hash."""

from secrets import token_urlsafe
from typing import Final

_BYTES: Final = 32


def new_secret(prefix: str = "") -> str:
    """256 random bits as text for a cookie, a header or a link's fragment."""
    return prefix + token_urlsafe(_BYTES)
