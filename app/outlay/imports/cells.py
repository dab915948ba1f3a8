"""The texts of a row: description, note, category, account, tags and reference."""

import re
from collections.abc import Callable
from typing import TypeAlias

from outlay.imports.layout import Layout
from outlay.imports.model import CellError, Limits
from outlay.imports.text import squeeze

More: TypeAlias = tuple[str, str, tuple[str, ...], str]
_TAG_MARKS = re.compile(r"[,;|]|\s(?=#)")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NO_REFERENCE = {"notprovided", "none", "n/a", "nicht angegeben"}


def text_reader(layout: Layout, limits: Limits) -> Callable[[list[str], bool], tuple[str, str]]:
    """Return a function from a row, and whether money came in, to its description and note.

    A text that another one says already is left out of the description; a description that is
    too long goes to the note as a whole.
    """
    payer = layout.payer if layout.payer is not None else layout.payee
    sources = _head(layout.payee) + layout.description, _head(payer) + layout.description
    most, notes, fallback = limits.description_chars, layout.note, layout.fallback

    def read(cells: list[str], incoming: bool) -> tuple[str, str]:
        description = ""
        for column in sources[incoming]:
            part = " ".join(cells[column].split())
            if description in part:
                description = part
            elif part not in description:
                description = f"{description} - {part}"
        if not description and fallback is not None:
            description = squeeze(cells[fallback])
        note = ""
        for column in notes:
            if part := cells[column].strip():
                note = f"{note}\n{part}" if note else part
        if len(description) > most or len(note) > limits.note_chars:
            description, note = _shortened(description, note, limits)
        if description.isprintable() and note.isprintable():
            return description, note
        return _CONTROLS.sub("", description), _lines(note)

    return read


def _head(column: int | None) -> tuple[int, ...]:
    return () if column is None else (column,)


def _lines(note: str) -> str:
    return _CONTROLS.sub("", note.replace("\r\n", "\n").replace("\r", "\n"))


def _shortened(description: str, note: str, limits: Limits) -> tuple[str, str]:
    if len(description) > limits.description_chars:
        note = f"{description}\n{note}".rstrip()
        description = description[: limits.description_chars - 1].rstrip() + "\u2026"
    if len(note) > limits.note_chars:
        raise CellError(
            "text_length",
            f"The texts have {len(note)} characters",
            f"at most {limits.note_chars} characters",
        )
    return description, note


def more_reader(layout: Layout, limits: Limits) -> Callable[[list[str]], More]:
    """Return a function from a row to its category, account, tags and reference.

    It raises CellError for a text that is longer than the ledger keeps.
    """
    category, account, tags, reference = (
        layout.category,
        layout.account,
        layout.tags,
        layout.reference,
    )

    def read(cells: list[str]) -> More:
        return (
            "" if category is None else _name(cells[category], category, limits.name_chars),
            "" if account is None else _name(cells[account], account, limits.name_chars),
            () if tags is None else _tags(cells[tags], tags, limits),
            "" if reference is None else _reference(cells[reference], reference, limits),
        )

    return read


def _name(cell: str, column: int, most: int) -> str:
    text = " ".join(cell.split())
    if len(text) > most:
        raise CellError("text_length", f"{text!r:.40} is too long", f"at most {most}", column)
    return text if text.isprintable() else _CONTROLS.sub("", text)


def _tags(cell: str, column: int, limits: Limits) -> tuple[str, ...]:
    names = (part.strip().removeprefix("#") for part in _TAG_MARKS.split(cell))
    tags = dict.fromkeys(_name(name, column, limits.tag_chars) for name in names)
    found = tuple(filter(None, tags))
    if len(found) > limits.tags:
        raise CellError("tags", f"The row has {len(found)} tags", f"at most {limits.tags}", column)
    return found


def _reference(cell: str, column: int, limits: Limits) -> str:
    text = _name(cell.strip().strip("'\"="), column, limits.reference_chars)
    return "" if text.casefold() in _NO_REFERENCE else text
