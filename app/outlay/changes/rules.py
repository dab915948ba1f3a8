"""How change sets are told in short, and how their rows are named."""

from collections.abc import Iterable
from typing import Any, Final, cast, get_args
from uuid import UUID

from outlay.changes.images import shown
from outlay.changes.model import Actor, ChangeSet, Entity, HistoryEntry, RowChange, Touched
from outlay.errors import InvalidInput
from outlay.money.rules import format_amount
from outlay.rows import Row

ENTITIES: Final = frozenset(get_args(Entity))
MOST_SUMMARY: Final = 3


def parse_row_name(text: str, pointer: str) -> tuple[Entity, UUID]:
    """Read `<entity>/<id>`; raises InvalidInput."""
    entity, _, id = text.partition("/")
    try:
        key = UUID(id)
    except ValueError:
        key = None
    if entity not in ENTITIES or key is None:
        raise InvalidInput.field(pointer, "Name a row as <entity>/<id>, such as expense/0190...")
    return cast("Entity", entity), key


def undone_by(depth: int, latest_seq: int | None, latest_depth: int | None) -> int | None:
    """The set that took this one back, if that holds: undo and redo take turns in their chain."""
    if latest_depth is None or (latest_depth - depth) % 2 == 0:
        return None
    return latest_seq


def summary(kinds: Iterable[str], rows: Iterable[Row]) -> list[Touched]:
    """The first rows of a set; what is rarer than expenses comes first."""
    order = {kind: place for place, kind in enumerate(sorted(kinds, key=lambda k: k == "expense"))}
    ordered = sorted(rows, key=lambda row: order.get(row["entity"], len(order)))
    return [_touched(row) for row in ordered[:MOST_SUMMARY]]


def _touched(row: Row) -> Touched:
    is_money = row["entity"] == "expense" and row["amount"] is not None
    return Touched(
        entity=row["entity"],
        id=row["entity_id"],
        op=row["op"],
        label=row["label"] or "",
        amount=format_amount(int(row["amount"]), row["currency"]) if is_money else None,
        currency=row["currency"] if is_money else None,
    )


def change_set(head: Row, rows: Iterable[Row]) -> ChangeSet:
    return ChangeSet(**head_fields(head, rows))


def head_fields(head: Row, rows: Iterable[Row]) -> dict[str, Any]:
    """What every form of a change set shows."""
    return {
        "seq": head["seq"],
        "at": head["at"],
        "actor": _actor(head),
        "source": head["source"],
        "action": head["action"],
        "entities": head["entities"],
        "kinds": head["kinds"],
        "undoes": head["undoes"],
        "undone_by": undone_by(head["undo_depth"], head["latest_seq"], head["latest_depth"]),
        "summary": summary(head["kinds"], rows),
    }


def row_change(row: Row, epoch: str) -> RowChange:
    entity = row["entity"]
    before, after = (shown(entity, row[side], epoch) for side in ("before", "after"))
    return RowChange(entity, row["entity_id"], row["op"], before, after)


def history_entry(entity: Entity, row: Row, epoch: str) -> HistoryEntry:
    return HistoryEntry(
        seq=row["seq"],
        at=row["at"],
        actor=_actor(row),
        source=row["source"],
        action=row["action"],
        undoes=row["undoes"],
        op=row["op"],
        before=shown(entity, row["before"], epoch),
        after=shown(entity, row["after"], epoch),
    )


def _actor(row: Row) -> Actor | None:
    return None if row["actor_name"] is None else Actor(row["actor_id"], row["actor_name"])
