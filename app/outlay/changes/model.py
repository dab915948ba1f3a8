"""Change sets as the API shows them: who changed what, and what an undo did."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

Entity = Literal["ledger", "category", "account", "tag", "expense", "member"]
Op = Literal["created", "changed", "trashed", "restored", "removed"]
Reason = Literal["changed", "gone", "in_use", "missing", "name_taken", "rule", "last_owner"]
Image = dict[str, Any] | None


class Actor(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class Touched(msgspec.Struct, frozen=True):
    """One row of a change set in short: `label` is its description or name."""

    entity: Entity
    id: UUID
    op: Op
    label: str
    amount: str | None
    currency: str | None


class ChangeSet(msgspec.Struct, frozen=True, kw_only=True):
    """What one request wrote.

    `undoes` names the change set that this one took back; `undone_by` the latest one that took this
    one back, while that holds. `summary` shows the first few of its `entities` rows.
    """

    seq: int
    at: dt.datetime
    actor: Actor | None
    source: str
    action: str
    entities: int
    kinds: list[Entity]
    undoes: int | None
    undone_by: int | None
    summary: list[Touched]


class ChangeSets(msgspec.Struct, frozen=True):
    """Newest first; go on with `before` = `next` while it is not null, also after a short page."""

    items: list[ChangeSet]
    next: int | None


class RowChange(msgspec.Struct, frozen=True):
    """One row, as the API showed it before and after; null where it did not exist."""

    entity: Entity
    id: UUID
    op: Op
    before: Image
    after: Image


class ChangeSetRows(ChangeSet, frozen=True, kw_only=True):
    """A change set with its rows by kind and id; go on with `after` = `next` while not null."""

    rows: list[RowChange]
    next: str | None


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a row: who, when, and the row before and after."""

    seq: int
    at: dt.datetime
    actor: Actor | None
    source: str
    action: str
    undoes: int | None
    op: Op
    before: Image
    after: Image


class History(msgspec.Struct, frozen=True):
    """Newest first; go on with `before` = `next` while it is not null."""

    items: list[HistoryEntry]
    next: int | None


class UndoInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows to take back although they changed since, each as `<entity>/<id>`."""

    force: Annotated[tuple[str, ...], msgspec.Meta(max_length=10_000)] = ()


class UndoConflict(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was left as it is.

    `reason`: changed (since, by others), gone (removed since), in_use (made by this change set, and
    used since), missing (what it named is gone), name_taken, rule (refunds or the two levels of
    categories would not be right), last_owner. `can_force` tells whether `force` helps. `wanted` is
    what the undo would have made of it, null for removed.
    """

    entity: Entity
    id: UUID
    reason: Reason
    can_force: bool
    current: Image
    wanted: Image


class Undone(msgspec.Struct, frozen=True):
    """`seq` is the change set of the undo, null when no row was written.

    `conflicts` lists the first two hundred of `conflict_count` rows.
    """

    seq: int | None
    undone: int
    conflicts: list[UndoConflict]
    conflict_count: int
