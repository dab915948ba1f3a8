"""Checks on text that every feature shares."""

import unicodedata

from outlay.errors import FieldError

_KEPT_CONTROLS = frozenset("\n\t")


def check_text(
    pointer: str, value: str, *, most: int, least: int = 0, lines: bool = False
) -> list[FieldError]:
    """Mistakes in a text of `least` to `most` characters; control characters are refused."""
    if len(value) > most:
        return [FieldError(pointer, f"At most {most} characters; this has {len(value)}")]
    if len(value.strip()) < least:
        return [FieldError(pointer, "Write something here")]
    kept = _KEPT_CONTROLS if lines else frozenset()
    if not value.isprintable() and any(
        unicodedata.category(c) in {"Cc", "Cs"} and c not in kept for c in value
    ):
        return [FieldError(pointer, "Control characters cannot be kept; take them out")]
    return []
