"""Names for the columns of a file, and finding them again in the next one."""

import re
from collections.abc import Sequence

from outlay.imports.text import fold, squeeze

_NUMBERED = re.compile(r" \(\d+\)$")


def distinct_names(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Return `width` names; the second "Currency" becomes "Currency (2)"."""
    names: list[str] = []
    for cell in (*cells, *[""] * width)[:width]:
        name = squeeze(cell).lstrip("#").strip()
        count = 1 + sum(1 for known in names if _NUMBERED.sub("", known) == name)
        names.append(f"{name} ({count})" if name and count > 1 else name)
    return tuple(names)


def same_header(header: Sequence[str], cells: Sequence[str]) -> bool:
    """Say whether `cells` are the names of `header`, blank columns and accents apart."""
    ours = [name for name in header if name.strip()]
    theirs = [cell for cell in cells if cell.strip()]
    return len(ours) == len(theirs) and all(map(same_name, ours, theirs))


def same_name(ours: str, theirs: str) -> bool:
    return fold(theirs) in {fold(ours), fold(_NUMBERED.sub("", ours))}
