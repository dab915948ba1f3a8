"""Use a saved layout on the next file: its header may have moved, and its columns with it."""

import msgspec

from outlay.imports.detect.propose import SAMPLE_BYTES, decode_sample
from outlay.imports.detect.table import read_rows
from outlay.imports.headers import distinct_names
from outlay.imports.layout import SEVERAL, SINGLE, Layout
from outlay.imports.records import split_lines
from outlay.imports.text import fold


def fit(layout: Layout, sample: bytes, *, complete: bool = True) -> Layout | None:
    """Return `layout` for the file that starts with `sample`, or None where it does not fit.

    The header is looked for by its names, so that a longer preamble or another order of columns
    does no harm; a column that is used must be there. A layout without a header fits every file
    that has its number of columns.
    """
    text = decode_sample(sample[:SAMPLE_BYTES], layout.encoding, complete=complete)
    rows = read_rows(split_lines(text), layout.delimiter, layout.quote, layout.escape)
    if not layout.header:
        return layout if any(len(row.cells) == layout.width for row in rows) else None
    for row in rows:
        moved = _places(layout, row.cells)
        if moved is not None:
            names = distinct_names(row.cells, max(layout.width, _named(row.cells)))
            return _moved(layout, moved, names, row.line - 1)
    return None


def _named(cells: list[str]) -> int:
    return max((at + 1 for at, cell in enumerate(cells) if cell.strip()), default=0)


def _places(layout: Layout, cells: list[str]) -> dict[int, int] | None:
    """Return where each used column of the layout is now, or None if one is not there."""
    names = distinct_names(cells, len(cells))
    places: dict[int, int] = {}
    for at in _used(layout):
        name = fold(layout.header[at])
        there = [place for place, other in enumerate(names) if fold(other) == name]
        if not there or (not name and at not in there):
            return None
        places[at] = at if at in there else there[0]
    return places


def _used(layout: Layout) -> set[int]:
    single = {getattr(layout, field) for field in SINGLE} - {None}
    return single | {at for field in SEVERAL for at in getattr(layout, field)}


def _moved(
    layout: Layout, places: dict[int, int], names: tuple[str, ...], skip_lines: int
) -> Layout:
    single = {field: places[at] for field in SINGLE if (at := getattr(layout, field)) is not None}
    several = {field: tuple(places[at] for at in getattr(layout, field)) for field in SEVERAL}
    return msgspec.structs.replace(
        layout, skip_lines=skip_lines, header=names, width=len(names), **single, **several
    )
