"""The rows an undo writes, in PostgreSQL. Every statement starts with the ledger."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

import asyncpg

from outlay.changes import undo_sql
from outlay.changes.kinds import ACCOUNT, CATEGORY, MEMBER, TAG, Kind
from outlay.changes.undo_rules import Named, Refundable
from outlay.db import Connection

T = TypeVar("T", Named, Refundable)


class Target(NamedTuple):
    """The change set to take back; `root` and `depth` place it in its chain of undo and redo."""

    db: Connection
    ledger: UUID
    seq: int
    root: int
    depth: int


def no_verdicts() -> dict[str, list[UUID]]:
    return {verdict: [] for verdict in undo_sql.VERDICTS}


async def verdicts(target: Target, kind: Kind, forced: Collection[UUID]) -> dict[str, list[UUID]]:
    """The ids of the set's rows of a kind, by what is to be done with them."""
    found = await target.db.fetch(
        undo_sql.verdicts(kind), target.ledger, target.seq, target.root, target.depth, list(forced)
    )
    return no_verdicts() | {row["verdict"]: row["ids"] for row in found}


async def create(target: Target, kind: Kind, ids: Sequence[UUID]) -> None:
    if ids:
        await target.db.execute(undo_sql.create(kind), target.ledger, target.seq, ids)


async def restore(target: Target, kind: Kind, ids: Sequence[UUID]) -> None:
    if ids:
        await target.db.execute(undo_sql.restore(kind), target.ledger, target.seq, ids)


async def remove(target: Target, kind: Kind, ids: Sequence[UUID]) -> None:
    if ids:
        await target.db.execute(undo_sql.remove(kind), target.ledger, ids)


async def named(
    target: Target, kind: Kind, ids: Sequence[UUID]
) -> tuple[dict[UUID, Named], dict[UUID, Named]]:
    """Names and places of all rows of a kind as they are, and of `ids` as they were before."""
    columns = undo_sql.NAMES[kind.entity]
    now = await target.db.fetch(
        f"select {columns.format('t')} from {kind.table} t where t.ledger_id = $1", target.ledger
    )
    sql = undo_sql.wanted(kind, columns.format("b"))
    wanted = await target.db.fetch(sql, target.ledger, target.seq, ids)
    return _by_id(now, Named), _by_id(wanted, Named)


async def recoined(target: Target, ids: Sequence[UUID]) -> list[UUID]:
    """Of these accounts those that would get another currency."""
    sql = undo_sql.wanted(ACCOUNT, "l.entity_id as id") + " and b.currency <> t.currency"
    return _ids(await target.db.fetch(sql, target.ledger, target.seq, ids))


async def missing(
    target: Target,
    ids: Sequence[UUID],
    leaving: tuple[Sequence[UUID], Sequence[UUID], Sequence[UUID]],
) -> list[UUID]:
    """Expenses whose former category, account, tag or refunded expense is gone or `leaving`."""
    return _ids(await target.db.fetch(undo_sql.MISSING, target.ledger, target.seq, ids, *leaving))


async def refunds(
    target: Target, writing: Sequence[UUID], trashing: Sequence[UUID]
) -> tuple[dict[UUID, Refundable], dict[UUID, Refundable]]:
    """The rows that refunds tie to these: as they are, and as an undo would make them."""
    wanted = _by_id(
        await target.db.fetch(undo_sql.REFUNDS_WANTED, target.ledger, target.seq, writing),
        Refundable,
    )
    tied = _ids(await target.db.fetch(undo_sql.REFUNDED, target.ledger, trashing))
    named = {row.refund_of for row in wanted.values() if row.refund_of is not None}
    around = [*wanted, *tied, *named]
    now = _by_id(await target.db.fetch(undo_sql.REFUNDS_NOW, target.ledger, around), Refundable)
    trashed = set(trashing)
    gone = {id: row._replace(is_live=False) for id, row in now.items() if id in trashed}
    return now, wanted | gone


async def used(target: Target, kind: Kind, ids: Sequence[UUID]) -> list[UUID]:
    """Of these rows those that a live row still names."""
    sql = {
        CATEGORY.entity: undo_sql.USED_CATEGORIES,
        TAG.entity: undo_sql.USED_TAGS,
        ACCOUNT.entity: undo_sql.USED_ACCOUNTS,
    }[kind.entity]
    return _ids(await target.db.fetch(sql, target.ledger, ids))


async def held(target: Target, ids: Sequence[UUID], written: Sequence[UUID]) -> list[UUID]:
    """Of these categories those that rows other than the `written` ones name."""
    return _ids(await target.db.fetch(undo_sql.HELD_CATEGORIES, target.ledger, ids, list(written)))


async def check_names(target: Target, *, at_once: bool) -> None:
    """Let names of categories clash until they are checked `at_once`; that raises for a clash."""
    when = "immediate" if at_once else "deferred"
    await target.db.execute(f"set constraints public.categories_name_key {when}")


async def named_in_trash(target: Target, accounts: Sequence[UUID]) -> list[UUID]:
    return _ids(await target.db.fetch(undo_sql.TRASHED_ACCOUNTS, target.ledger, accounts))


async def archive_accounts(target: Target, ids: Sequence[UUID]) -> None:
    if ids:
        await target.db.execute(undo_sql.ARCHIVE_ACCOUNTS, target.ledger, ids)


async def owners(
    target: Target, ids: Sequence[UUID]
) -> tuple[dict[UUID, bool], dict[UUID, bool], set[UUID]]:
    """Who is an owner now, who of `ids` was one before, and who of all of them can sign in."""
    now = {
        row["id"]: row["is_owner"] for row in await target.db.fetch(undo_sql.OWNERS, target.ledger)
    }
    sql = undo_sql.wanted(MEMBER, "l.entity_id as id, b.role = 'owner' as is_owner")
    found = await target.db.fetch(sql, target.ledger, target.seq, ids)
    wanted = {row["id"]: row["is_owner"] for row in found}
    able = await target.db.fetch(undo_sql.CAN_SIGN_IN, [*now, *wanted])
    return now, wanted, set(_ids(able))


async def images(target: Target, kind: Kind, ids: Sequence[UUID]) -> dict[UUID, asyncpg.Record]:
    """`current` and `before` of the rows, as JSON."""
    found = await target.db.fetch(undo_sql.images(kind), target.ledger, target.seq, ids)
    return {row["id"]: row for row in found}


async def began_ledger(target: Target) -> bool:
    """Whether the set is the one that made the ledger."""
    began: bool = await target.db.fetchval(undo_sql.BEGAN_LEDGER, target.ledger, target.seq)
    return began


async def written_seq(target: Target) -> int | None:
    seq: int | None = await target.db.fetchval("select public.held_change_set($1)", target.ledger)
    return seq


def _ids(rows: Iterable[asyncpg.Record]) -> list[UUID]:
    return [row["id"] for row in rows]


def _by_id(rows: Iterable[asyncpg.Record], shape: type[T]) -> dict[UUID, T]:
    return {row["id"]: shape(*row.values()) for row in rows}
