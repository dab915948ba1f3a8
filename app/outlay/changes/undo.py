"""Undo: a whole change set taken back in one transaction, as a change set of its own."""

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from outlay.access import Call, Role
from outlay.auth import links
from outlay.changes import store, undo_store
from outlay.changes.images import shown
from outlay.changes.kinds import (
    ACCOUNT,
    CATEGORY,
    EXPENSE,
    KINDS,
    LEDGER,
    MEMBER,
    OWNERS_ONLY,
    TAG,
    Kind,
)
from outlay.changes.model import Entity, Reason, UndoConflict, Undone
from outlay.changes.rules import undone_by
from outlay.changes.undo_rules import named_conflicts, owner_conflicts, refund_conflicts
from outlay.changes.undo_store import Target
from outlay.errors import Conflict, Forbidden, NotFound
from outlay.ledgers.membership import point_default_to_own, refuse_one_more
from outlay.writing import begin

MOST_CONFLICTS: Final = 200

Rows = Collection[tuple[Entity, UUID]]


class TakenBack(NamedTuple):
    """What the API tells, and who is no member any more."""

    answer: Undone
    left: list[UUID]


class Part:
    """The rows of one kind in a change set, by what is still to be done with them."""

    def __init__(self, kind: Kind, verdicts: Mapping[str, list[UUID]], forced: set[UUID]) -> None:
        self.kind = kind
        self.forced = forced
        self.create = verdicts["create"]
        self.restore = verdicts["restore"]
        self.remove = verdicts["remove"]
        self.taken_back = len(verdicts["undone"])
        self.conflicts: dict[UUID, tuple[Reason, bool]] = {}
        self.leave(dict.fromkeys(verdicts["changed"], "changed"), can_force=True)
        self.leave(dict.fromkeys(verdicts["gone"], "gone"), can_force=kind is not MEMBER)

    @property
    def wanted(self) -> list[UUID]:
        """Rows that get their before-image back."""
        return [*self.create, *self.restore]

    @property
    def size(self) -> int:
        return len(self.create) + len(self.restore) + len(self.remove)

    def leave(self, reasons: Mapping[UUID, Reason], *, can_force: bool = False) -> None:
        """Leave rows as they are, and say why."""
        if not reasons:
            return
        for rows in (self.create, self.restore, self.remove):
            rows[:] = [id for id in rows if id not in reasons]
        self.conflicts.update({id: (reason, can_force) for id, reason in reasons.items()})


async def take_back(call: Call, seq: int, force: Rows) -> TakenBack:
    """Undo the change set `seq` inside the caller's transaction.

    Rows that changed since are left and listed, unless `force` names them. Raises NotFound,
    Forbidden for what only owners may undo, and Conflict when nothing is left to take back.
    """
    await begin(call, "change.undo", is_bulk=True, undoes=seq)
    head = await store.head(call.db, call.ledger.id, seq)
    if head is None:
        raise NotFound("There is no such change set")
    _check_right(call, head["kinds"])
    root = head["undo_root"] or seq
    target = Target(call.db, call.ledger.id, seq, root, head["undo_depth"])
    if LEDGER.entity in head["kinds"] and await undo_store.began_ledger(target):
        raise Conflict("This change set began the ledger; delete the ledger instead")
    parts = await _parts(target, head["kinds"], force)
    left = await _apply(target, parts)
    _check_any(head, parts)
    return TakenBack(await _answer(call, target, parts), left)


def _check_right(call: Call, kinds: Iterable[str]) -> None:
    if OWNERS_ONLY.isdisjoint(kinds):
        return
    if call.ledger.role is not Role.owner:
        raise Forbidden("Only owners undo changes of the ledger's settings and members")
    if "admin" not in call.caller.scopes:
        raise Forbidden("This token lacks the scope admin")


async def _parts(target: Target, kinds: Collection[str], force: Rows) -> dict[Entity, Part]:
    parts = {}
    for kind in KINDS:
        forced = {id for entity, id in force if entity == kind.entity}
        found = undo_store.no_verdicts()
        if kind.entity in kinds:
            found = await undo_store.verdicts(target, kind, forced)
        parts[kind.entity] = Part(kind, found, forced)
    return parts


async def _apply(target: Target, parts: Mapping[Entity, Part]) -> list[UUID]:
    """Write in the order in which rows lean on each other; return who is no member any more."""
    await undo_store.restore(target, LEDGER, parts["ledger"].restore)
    moves = parts["category"].size > 1
    if moves:
        await undo_store.check_names(target, at_once=False)
    for kind in (CATEGORY, ACCOUNT, TAG):
        await _give_back_named(target, parts[kind.entity], parts["expense"])
    await _give_back_expenses(target, parts)
    left = await _give_back_members(target, parts["member"])
    for kind in (TAG, ACCOUNT, CATEGORY):
        await _take_away(target, parts[kind.entity])
    if moves:
        await undo_store.check_names(target, at_once=True)
    return left


async def _give_back_named(target: Target, part: Part, expenses: Part) -> None:
    if not part.wanted:
        return
    if part.kind is ACCOUNT:
        await _keep_currencies(target, part)
    held: list[UUID] = part.remove
    if part.kind is CATEGORY and part.remove:
        written = [*part.wanted, *expenses.wanted, *expenses.remove]
        held = await undo_store.held(target, part.remove, written)
    now, wanted = await undo_store.named(target, part.kind, part.wanted)
    part.leave(named_conflicts(now, wanted, part.remove, held))
    await undo_store.create(target, part.kind, part.create)
    await undo_store.restore(target, part.kind, part.restore)


async def _keep_currencies(target: Target, part: Part) -> None:
    recoined = await undo_store.recoined(target, part.restore)
    used = {
        *await undo_store.used(target, ACCOUNT, recoined),
        *await undo_store.named_in_trash(target, recoined),
    }
    part.leave(dict.fromkeys(used, "in_use"))


async def _give_back_expenses(target: Target, parts: Mapping[Entity, Part]) -> None:
    part = parts["expense"]
    if not part.size:
        return
    if part.wanted:
        leaving = (parts["category"].remove, parts["account"].remove, parts["tag"].remove)
        gone = await undo_store.missing(target, part.wanted, leaving)
        part.leave(dict.fromkeys(gone, "missing"))
    now, wanted = await undo_store.refunds(target, part.wanted, part.remove)
    reasons = refund_conflicts(now, wanted, part.forced)
    in_use = {id: reason for id, reason in reasons.items() if reason == "in_use"}
    part.leave(in_use, can_force=True)
    part.leave({id: reason for id, reason in reasons.items() if id not in in_use})
    await undo_store.remove(target, EXPENSE, part.remove)
    await undo_store.create(target, EXPENSE, part.create)
    await undo_store.restore(target, EXPENSE, part.restore)


async def _give_back_members(target: Target, part: Part) -> list[UUID]:
    if not part.size:
        return []
    now, wanted, able = await undo_store.owners(target, part.wanted)
    part.leave({id: "missing" for id in part.create if id not in able})
    wanted = {id: is_owner for id, is_owner in wanted.items() if id in part.wanted}
    wanted |= dict.fromkeys(part.remove, False)
    part.leave(owner_conflicts(now, wanted, able))
    for person in part.create:
        await refuse_one_more(target.db, person)
    await undo_store.create(target, MEMBER, part.create)
    await undo_store.restore(target, MEMBER, part.restore)
    await undo_store.remove(target, MEMBER, part.remove)
    for person in (id for id in (*part.restore, *part.remove) if not wanted[id]):
        await links.end_by_member(target.db, target.ledger, person)
    await point_default_to_own(target.db, part.wanted + part.remove)
    return part.remove


async def _take_away(target: Target, part: Part) -> None:
    """Remove what the set had made, unless something that stays uses it."""
    can_force = part.kind is not ACCOUNT
    while part.remove:
        used = await undo_store.used(target, part.kind, part.remove)
        in_use = [id for id in used if not (can_force and id in part.forced)]
        if not in_use:
            break
        part.leave(dict.fromkeys(in_use, "in_use"), can_force=can_force)
    going = part.remove
    if part.kind is ACCOUNT and going:
        # The trash may still name it: then it is archived, and its rows can be restored.
        kept = set(await undo_store.named_in_trash(target, going))
        await undo_store.archive_accounts(target, list(kept))
        going = [id for id in going if id not in kept]
    await undo_store.remove(target, part.kind, going)


def _check_any(head: asyncpg.Record, parts: Mapping[Entity, Part]) -> None:
    if any(part.size or part.conflicts for part in parts.values()):
        return
    later = undone_by(head["undo_depth"], head["latest_seq"], head["latest_depth"])
    if later is not None and any(part.taken_back for part in parts.values()):
        raise Conflict(f"It was undone already, by change set {later}", undone_by=later)
    raise Conflict("Nothing is left to undo: every row is as it was before")


async def _answer(call: Call, target: Target, parts: Mapping[Entity, Part]) -> Undone:
    left = [(part, id) for part in parts.values() for id in part.conflicts]
    told = []
    for part in parts.values():
        listed = [id for of, id in islice(left, MOST_CONFLICTS) if of is part]
        images = await undo_store.images(target, part.kind, listed) if listed else {}
        told += [_conflict(part, id, images[id], call.epoch) for id in listed]
    return Undone(
        seq=await undo_store.written_seq(target),
        undone=sum(part.size for part in parts.values()),
        conflicts=told,
        conflict_count=len(left),
    )


def _conflict(part: Part, id: UUID, images: asyncpg.Record, epoch: str) -> UndoConflict:
    reason, can_force = part.conflicts[id]
    entity = part.kind.entity
    return UndoConflict(
        entity=entity,
        id=id,
        reason=reason,
        can_force=can_force,
        current=shown(entity, images["current"], epoch),
        wanted=shown(entity, images["before"], epoch),
    )
