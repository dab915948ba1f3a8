"""Which rows an undo must leave alone so that the ledger stays right."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from outlay.changes.model import Reason


class Named(NamedTuple):
    """A category, account or tag: names are unique among live rows of a kind below one parent."""

    id: UUID
    parent_id: UUID | None
    kind: str
    name: str
    is_live: bool


class Refundable(NamedTuple):
    """An expense as the rules of refunds see it; the amount in minor units."""

    id: UUID
    kind: str
    currency: str
    amount: int
    refund_of: UUID | None
    is_live: bool


def named_conflicts(
    now: Mapping[UUID, Named],
    wanted: Mapping[UUID, Named],
    leaving: Collection[UUID] = (),
    held: Collection[UUID] = (),
) -> dict[UUID, Reason]:
    """Wished rows that would take a used name, or a parent that is missing, leaving or too deep.

    Of the rows `leaving` those that are `held`, by whatever else names them, keep their names.
    """
    found: dict[UUID, Reason] = {}
    staying = {id: row for id, row in now.items() if id not in leaving or id in held}
    while True:
        rest = {id: row for id, row in wanted.items() if id not in found}
        fresh = _clashing(now, staying, rest) | _misplaced(now, rest, leaving)
        if not fresh:
            return found
        found |= fresh


def _clashing(
    now: Mapping[UUID, Named], staying: Mapping[UUID, Named], wanted: Mapping[UUID, Named]
) -> dict[UUID, Reason]:
    after = {**staying, **wanted}
    taken = Counter(_place(row) for row in after.values() if row.is_live)
    return {
        id: "name_taken"
        for id, row in wanted.items()
        if row.is_live and taken[_place(row)] > 1 and (id not in now or _is_new(now[id], row))
    }


def _place(row: Named) -> tuple[UUID | None, str, str]:
    return row.parent_id, row.kind, row.name


def _is_new(old: Named, new: Named) -> bool:
    return not old.is_live or _place(old) != _place(new)


def _misplaced(
    now: Mapping[UUID, Named], wanted: Mapping[UUID, Named], leaving: Collection[UUID]
) -> dict[UUID, Reason]:
    after = {**now, **wanted}
    parents = {row.parent_id for row in after.values()}
    found: dict[UUID, Reason] = {}
    for id, row in wanted.items():
        if row.parent_id is None:
            continue
        parent = after.get(row.parent_id)
        if parent is None or row.parent_id in leaving:
            found[id] = "missing"
        elif parent.parent_id is not None or id in parents or parent.kind != row.kind:
            found[id] = "rule"
    return found


def refund_conflicts(
    now: Mapping[UUID, Refundable], wanted: Mapping[UUID, Refundable], forced: Collection[UUID]
) -> dict[UUID, Reason]:
    """Wished rows without which every refund stays right.

    A refund names a live expense of its currency, and those of one expense do not exceed it. A
    forced row may go to the trash with its refunds.
    """
    found: dict[UUID, Reason] = {}
    while True:
        rest = {id: row for id, row in wanted.items() if id not in found}
        fresh = _broken(now, rest, forced)
        if not fresh:
            return found
        found |= fresh


def _broken(
    now: Mapping[UUID, Refundable], wanted: Mapping[UUID, Refundable], forced: Collection[UUID]
) -> dict[UUID, Reason]:
    after = {**now, **wanted}
    refunds: defaultdict[UUID, list[Refundable]] = defaultdict(list)
    for row in after.values():
        if row.is_live and row.refund_of is not None:
            refunds[row.refund_of].append(row)
    found: dict[UUID, Reason] = {}
    for id, rows in refunds.items():
        target = after.get(id)
        if target is not None and not target.is_live and id in wanted:
            if id not in forced:
                found[id] = "in_use"
        elif not _is_refundable(target, rows):
            found.update({i: "rule" for i in (id, *(row.id for row in rows)) if i in wanted})
    return found


def _is_refundable(target: Refundable | None, refunds: Collection[Refundable]) -> bool:
    return (
        target is not None
        and target.is_live
        and target.kind == "expense"
        and target.refund_of is None
        and all(row.currency == target.currency for row in refunds)
        and sum(row.amount for row in refunds) <= target.amount
    )


def owner_conflicts(
    now: Mapping[UUID, bool], wanted: Mapping[UUID, bool], can_sign_in: Collection[UUID]
) -> dict[UUID, Reason]:
    """Members who must stay owners; `now` and `wanted` tell of each whether they are one."""
    after = {**now, **wanted}
    if any(is_owner and id in can_sign_in for id, is_owner in after.items()):
        return {}
    return {id: "last_owner" for id in wanted if now.get(id) and not wanted[id]}
