"""Event ids, where a connection starts, and how events look on the wire."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from outlay.events.model import ResetReason

MOST_BEHIND: Final = 1000
# No line break to the standard, but to many a client: Python's splitlines() among them.
_OTHER_BREAKS: Final = tuple(
    (char.encode(), f"\\u{ord(char):04x}".encode()) for char in ("\u0085", "\u2028", "\u2029")
)
_ONE: Final = re.compile(r"([0-9a-f]{12})\.([0-9]{1,18})", re.ASCII)
_PART: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]{1,18}"
_SEVERAL: Final = re.compile(rf"([0-9a-f]{{12}})\.({_PART}(?:,{_PART})*)", re.ASCII)


class Seen(NamedTuple):
    """What an event id says: a database's epoch and the last change set seen of each ledger."""

    epoch: str
    positions: dict[UUID, int]


class Start(NamedTuple):
    """Where a connection starts; with `reset` it is told to load anew first."""

    positions: dict[UUID, int]
    reset: ResetReason | None


def id_of_one(epoch: str, seq: int) -> str:
    """The event id of a stream of one ledger."""
    return f"{epoch}.{seq}"


def id_of_several(epoch: str, positions: Mapping[UUID, int]) -> str:
    """The event id of a stream of several ledgers: it carries every position."""
    return f"{epoch}." + ",".join(f"{ledger}:{seq}" for ledger, seq in positions.items())


def parse_id(text: str, ledgers: Sequence[UUID]) -> Seen | None:
    """What an id says for a stream of `ledgers`; None when it cannot be one of theirs."""
    one = _ONE.fullmatch(text)
    if one is not None:
        return Seen(one[1], {ledgers[0]: int(one[2])}) if len(ledgers) == 1 else None
    several = _SEVERAL.fullmatch(text)
    if several is None:
        return None
    parts = (part.split(":") for part in several[2].split(","))
    return Seen(several[1], {UUID(ledger): int(seq) for ledger, seq in parts})


def start(last_id: str | None, epoch: str, latest: Mapping[UUID, int]) -> Start:
    """Decide where a connection starts that last saw `last_id`, given each ledger's latest seq.

    A ledger that the id does not name starts now. Too old is more than MOST_BEHIND change sets.
    """
    fresh = dict(latest)
    if not last_id:
        return Start(fresh, None)
    seen = parse_id(last_id, list(latest))
    if seen is None:
        return Start(fresh, "unknown")
    if seen.epoch != epoch:
        return Start(fresh, "restored")
    positions = {ledger: seen.positions.get(ledger, seq) for ledger, seq in latest.items()}
    if any(positions[ledger] > seq for ledger, seq in latest.items()):
        return Start(fresh, "unknown")
    if sum(latest.values()) - sum(positions.values()) > MOST_BEHIND:
        return Start(fresh, "too-old")
    return Start(positions, None)


def event(name: str, data: object) -> bytes:
    """The lines of an event but for its id; JSON escapes the line breaks that end a line of ours."""
    text = msgspec.json.encode(data)
    for raw, escaped in _OTHER_BREAKS:
        text = text.replace(raw, escaped)
    return b"event: %b\ndata: %b\n" % (name.encode(), text)


def id_line(event_id: str) -> bytes:
    """The line with the id, and the blank one that ends an event."""
    return b"id: %b\n\n" % event_id.encode()
