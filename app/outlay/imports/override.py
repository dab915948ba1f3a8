"""How a file is read: by detection, by a profile, or by what a person says of it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from outlay.errors import FieldError, InvalidInput
from outlay.imports.answers import Found
from outlay.imports.detect.notices import Notice
from outlay.imports.detect.propose import Detection, detect
from outlay.imports.detect.table import Shape
from outlay.imports.fit import fit
from outlay.imports.layout import Layout, mistakes
from outlay.imports.model import FileRefused

_SHAPE: Final = frozenset(Shape._fields)
_SHOWN_CHARS: Final = 200


class Sample(NamedTuple):
    """The start of a file, and what is known of the whole of it; `currency` is the ledger's."""

    data: bytes
    is_complete: bool
    is_utf8: bool
    currency: str

    def detect(self, shape: Shape) -> Detection:
        found = detect(
            self.data,
            currency=self.currency,
            complete=self.is_complete,
            whole_is_utf8=self.is_utf8,
            shape=shape,
        )
        header = tuple(name.replace("\x00", "") for name in found.layout.header)
        return msgspec.structs.replace(
            found, layout=msgspec.structs.replace(found.layout, header=header)
        )


class Way(NamedTuple):
    """How to read a file, and why."""

    layout: Layout
    found: Found
    profile: UUID | None = None


class Saved(NamedTuple):
    """A profile, with the account and the category for rows that name none."""

    id: UUID
    layout: Layout
    account: UUID | None
    category: UUID | None


def by_detection(sample: Sample, given: dict[str, Any]) -> Way:
    """Detect what `given` leaves open; raises FileRefused for what is no CSV file with rows."""
    found = sample.detect(_shape(given))
    return Way(msgspec.structs.replace(found.layout, **given), _found(found))


def by_profile(sample: Sample, profiles: Iterable[Saved], given: dict[str, Any]) -> Way | None:
    """Read by the first profile that fits, or None.

    A layout without a header would fit any file of its width: it counts only where the file has
    no header either.
    """
    found: Detection | None = None
    for profile in profiles:
        layout = fit(profile.layout, sample.data, complete=sample.is_complete)
        if layout is None:
            continue
        found = found or _detected(sample)
        if layout.header or (found and not found.layout.header):
            return _by(profile.id, layout, found, given)
    return None


def by_named_profile(sample: Sample, profile: Saved, given: dict[str, Any]) -> Way:
    """Read by this profile; raises FileRefused where it does not fit."""
    layout = fit(profile.layout, sample.data, complete=sample.is_complete)
    if layout is None:
        raise FileRefused(
            "profile", "This profile does not fit: the file lacks a column that it uses"
        )
    return _by(profile.id, layout, _detected(sample), given)


def by_change(sample: Sample, before: Layout, found: Found, given: dict[str, Any]) -> Way:
    """Read by the layout of before with the fields of `given`.

    Encoding, delimiter, quote and lines to skip decide what the columns are: when one of them
    changes, the rest is detected anew around it.
    """
    changes = {name: value for name, value in given.items() if getattr(before, name) != value}
    if _SHAPE.isdisjoint(changes):
        layout = msgspec.structs.replace(before, **changes)
        return Way(layout, _without(found, changes))
    fixed = {name: getattr(before, name) for name in ("encoding", "delimiter", "quote")}
    detected = sample.detect(_shape({**fixed, **changes}))
    way = _found(detected)
    return Way(msgspec.structs.replace(detected.layout, **changes), _without(way, changes))


def refuse_mistakes(layout: Layout) -> None:
    """Raise InvalidInput with every mistake of the layout."""
    if wrong := mistakes(layout):
        raise InvalidInput(wrong[0].detail, errors=wrong)


def refuse_given(layout: Layout, given: dict[str, Any]) -> None:
    """Raise InvalidInput for mistakes in what was said; what is only missing can still be said."""
    wrong = [e for e in mistakes(layout) if e.pointer.removeprefix("/") in given]
    if wrong:
        errors = [FieldError(f"/layout{e.pointer}", e.detail) for e in wrong]
        raise InvalidInput(wrong[0].detail, errors=errors)


def _shape(given: dict[str, Any]) -> Shape:
    return Shape(**{name: value for name, value in given.items() if name in _SHAPE})


def _detected(sample: Sample) -> Detection | None:
    try:
        return sample.detect(Shape())
    except FileRefused:
        return None


def _by(profile: UUID, layout: Layout, found: Detection | None, given: dict[str, Any]) -> Way:
    """What was detected is shown, but the profile decides: nothing is doubtful."""
    shown = _found(found) if found else Found()
    shown = msgspec.structs.replace(shown, confidence={}, notices=())
    return Way(msgspec.structs.replace(layout, **given), shown, profile)


def _found(found: Detection) -> Found:
    return Found(
        confidence=found.confidence,
        notices=found.notices,
        header=_shown(found.header),
        rows=tuple(_shown(row) for row in found.rows),
        preamble=_shown(found.preamble),
    )


def _shown(cells: Iterable[str]) -> tuple[str, ...]:
    """The first characters of each cell, without NUL, which the database cannot keep."""
    return tuple(cell[:_SHOWN_CHARS].replace("\x00", "\ufffd") for cell in cells)


def _without(found: Found, decided: Sequence[str] | dict[str, Any]) -> Found:
    """Take back doubts about fields that a person decided."""
    sure = {name: value for name, value in found.confidence.items() if name not in decided}
    kept: tuple[Notice, ...] = tuple(n for n in found.notices if n.field not in decided)
    return msgspec.structs.replace(found, confidence=sure, notices=kept)
