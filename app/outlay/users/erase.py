"""A person erased: a placeholder keeps their place in histories, and nothing else of them stays."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from outlay.auth import links
from outlay.auth.sessions import end_all
from outlay.db import Connection
from outlay.errors import Conflict, NotFound
from outlay.ledgers.erase import erase_ledger
from outlay.users import store
from outlay.users.model import LedgersInTheWay
from outlay.users.rules import ERASED_NAME

# `others`: members who are people; `owners`: those among them who own the ledger and can sign in.
_LEDGERS: Final = """
select m.ledger_id as id, l.name, m.role, count(o.user_id) as others,
  count(o.user_id) filter (where o.role = 'owner' and o.disabled_at is null) as owners
from public.members m
join public.ledgers l on l.id = m.ledger_id
left join (select o.ledger_id, o.user_id, o.role, u.disabled_at from public.members o
    join public.users u on u.id = o.user_id and not u.is_placeholder) o
  on o.ledger_id = m.ledger_id and o.user_id <> m.user_id
where m.user_id = $1 group by m.ledger_id, l.name, m.role order by m.ledger_id
"""
_LEAVE: Final = "delete from public.members where ledger_id = $1 and user_id = $2"
_ERASE: Final = """
update public.users set name = $2, email = null, password_hash = null, is_admin = false,
  is_placeholder = true, default_ledger_id = null, disabled_at = now(), version = version + 1,
  updated_at = now()
where id = $1 and not is_placeholder returning id
"""
_FORGET: Final = (
    "delete from public.api_tokens where user_id = $1",
    "delete from public.idempotency_keys where user_id = $1",
)


async def erase_person(
    db: Connection, user: UUID, *, actor: UUID, request_id: str, delete_ledgers: bool
) -> list[UUID]:
    """Erase the person inside the caller's transaction; return the ledgers they were in.

    Ledgers that nobody else uses are deleted with them if `delete_ledgers` says so. Raises
    LedgersInTheWay when it does not, or when a ledger with others would be left without an owner;
    Conflict for the last administrator; NotFound for nobody.
    """
    await store.lock_admins(db)
    found = await store.get(db, user)
    if found is None:
        raise NotFound("There is no such person")
    if found["is_admin"] and not await store.has_other_admin(db, user):
        raise Conflict("The last administrator stays; make somebody else one first")
    theirs = await _locked_ledgers(db, user, actor, request_id)
    refuse_ledgers(theirs, delete_ledgers=delete_ledgers)
    for ledger in [row["id"] for row in theirs if row["others"]]:
        await db.execute(_LEAVE, ledger, user)
    for ledger in [row["id"] for row in theirs if not row["others"]]:
        await erase_ledger(db, ledger)
    await end_all(db, user)
    await links.end_of_person(db, user)
    for statement in _FORGET:
        await db.execute(statement, user)
    if await db.fetchval(_ERASE, user, ERASED_NAME) is None:
        raise NotFound("There is no such person")
    return [ledger["id"] for ledger in theirs]


async def _locked_ledgers(
    db: Connection, user: UUID, actor: UUID, request_id: str
) -> list[asyncpg.Record]:
    """The person's ledgers, none of which anybody else writes to until the transaction ends."""
    context = msgspec.json.encode(
        {"actor": actor, "source": "web", "action": "member.erase", "request": request_id}
    ).decode()
    for ledger in await db.fetch(_LEDGERS, user):
        await db.execute("select public.begin_write($1, $2)", ledger["id"], context)
    return await db.fetch(_LEDGERS, user)


def refuse_ledgers(theirs: Sequence[asyncpg.Record], *, delete_ledgers: bool) -> None:
    """Raise LedgersInTheWay for what has to be decided before the person can go."""
    shared = [row for row in theirs if row["others"]]
    ownerless = [row for row in shared if row["role"] == "owner" and not row["owners"]]
    if ownerless:
        raise LedgersInTheWay(
            "Others use these ledgers and nobody else owns them; make one of them an owner first",
            ledgers=_named(ownerless),
        )
    lonely = [row for row in theirs if not row["others"]]
    if lonely and not delete_ledgers:
        raise LedgersInTheWay(
            "Nobody else uses these ledgers; send ?delete_ledgers=true to delete them too",
            ledgers=_named(lonely),
        )


def _named(rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    return [{"id": row["id"], "name": row["name"]} for row in rows]
