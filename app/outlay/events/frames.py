"""From the change log to events: built once, sent to all."""

import logging
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from outlay.changes.images import api_form
from outlay.events import rules
from outlay.events.channel import Frame
from outlay.events.model import Change, RowChange
from outlay.events.store import MOST_ROWS, MOST_SETS

log = logging.getLogger("outlay.events")

_NOTHING: Final = msgspec.Raw(b"null")
MOST_EVENT_BYTES: Final = 64 << 10
MOST_BATCH_BYTES: Final = 1 << 20


class Batch(NamedTuple):
    """The change sets of one ledger, oldest first; `is_all`: none is known to follow."""

    frames: list[Frame]
    is_all: bool


def batches(rows: Iterable[asyncpg.Record], epoch: str) -> dict[UUID, Batch]:
    """A batch for each ledger in the rows of store.changes()."""
    return {
        ledger: _batch(list(of_ledger), epoch)
        for ledger, of_ledger in groupby(rows, key=itemgetter("ledger_id"))
    }


def _batch(rows: list[asyncpg.Record], epoch: str) -> Batch:
    frames: list[Frame] = []
    size = 0
    for seq, of_set in groupby(rows, key=itemgetter("seq")):
        if size > MOST_BATCH_BYTES:
            return Batch(frames, is_all=False)
        body = rules.event("change", change_of(list(of_set), epoch))
        frames.append(Frame(seq, body, rules.id_line(rules.id_of_one(epoch, seq))))
        size += len(body)
    return Batch(frames, is_all=len(frames) < MOST_SETS)


def change_of(rows: list[asyncpg.Record], epoch: str) -> Change:
    """One change set, with as many of its rows as fit in an event."""
    head = rows[0]
    logged = sorted(
        (row for row in rows if row["entity"] is not None), key=itemgetter("entity", "entity_id")
    )
    listed: list[RowChange] = []
    size = 0
    for row in logged[:MOST_ROWS]:
        shown = _row(row, epoch)
        size += 0 if shown is None else len(bytes(shown))
        if shown is None or size > MOST_EVENT_BYTES:
            break
        listed.append(RowChange(row["entity"], row["entity_id"], row["op"], shown))
    return Change(
        ledger=head["ledger_id"],
        seq=head["seq"],
        at=head["at"],
        actor=head["actor_id"],
        source=head["source"],
        action=head["action"],
        request_id=head["request_id"],
        entities=head["entities"],
        changes=listed,
        truncated=len(listed) < len(logged),
    )


def _row(row: asyncpg.Record, epoch: str) -> msgspec.Raw | None:
    """The row as JSON; None when this program cannot read so old an image any more."""
    if row["after"] is None:
        return _NOTHING
    try:
        return msgspec.Raw(msgspec.json.encode(api_form(row["entity"], row["after"], epoch)))
    except (msgspec.MsgspecError, LookupError, ValueError) as error:
        log.warning("%s %s is told without its row: %r", row["entity"], row["entity_id"], error)
        return None
