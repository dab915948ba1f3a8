"""What a live connection is told, and who holds one."""

import datetime as dt
from typing import Literal
from uuid import UUID

import msgspec

Op = Literal["created", "changed", "trashed", "restored", "removed"]
ResetReason = Literal["restored", "too-old", "unknown", "slow"]


class Hello(msgspec.Struct, frozen=True):
    """Comes first: the position in each ledger, by its id, from which changes are told."""

    epoch: str
    positions: dict[UUID, int]


class RowChange(msgspec.Struct, frozen=True):
    """One entity of a change set; `row` is as the API shows it now, null once removed."""

    entity: str
    id: UUID
    op: Op
    row: msgspec.Raw


class Change(msgspec.Struct, frozen=True):
    """One change set. `truncated`: it changed more rows than are listed; load what you show."""

    ledger: UUID
    seq: int
    at: dt.datetime
    actor: UUID | None
    source: str
    action: str
    request_id: str
    entities: int
    changes: list[RowChange]
    truncated: bool


class Reset(msgspec.Struct, frozen=True):
    """What was missed is not told: load anew. `positions` are those after it."""

    reason: ResetReason
    positions: dict[UUID, int]


class Gone(msgspec.Struct, frozen=True):
    """A ledger that was deleted, or is not yours any more; the others go on."""

    ledger: UUID


class Credential(msgspec.Struct, frozen=True):
    """What a live connection was opened with."""

    kind: Literal["session", "token"]
    id: UUID
    user_id: UUID
