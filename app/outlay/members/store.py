"""Members and invitations in PostgreSQL. Every statement starts with the ledger.

That a ledger keeps an owner is held by a trigger, whoever writes.
"""

from typing import Final
from uuid import UUID

import asyncpg

from outlay.auth import links
from outlay.db import Connection, in_transaction
from outlay.ledgers.membership import point_default_to_own
from outlay.members.rules import MOST_INVITATIONS, MOST_MEMBERS

_SEEN: Final = """
select m.user_id, u.name, u.email, m.role, u.is_placeholder,
  u.disabled_at is not null and not u.is_placeholder as is_disabled, m.version, m.created_at,
  m.updated_at
from public.members m join public.users u on u.id = m.user_id
where m.ledger_id = $1
"""
_LIST: Final = f"{_SEEN} order by u.is_placeholder, lower(u.name), m.user_id limit {MOST_MEMBERS}"
_GET: Final = f"{_SEEN} and m.user_id = $2"
_READY: Final = "with ready as materialized (select public.begin_write($1, $2) as ok)"
_CHANGE: Final = f"""
{_READY}
update public.members m set role = $5 from ready
where m.ledger_id = $1 and m.user_id = $3 and m.version = $4 and ready.ok returning m.user_id
"""
_REMOVE: Final = f"""
{_READY}
delete from public.members m using ready
where m.ledger_id = $1 and m.user_id = $3 and ($4::integer is null or m.version = $4) and ready.ok
returning m.user_id
"""
_INVITATION: Final = "id, role, note, created_by, created_at, expires_at, used_at"
_INVITATIONS: Final = f"""
select {_INVITATION} from public.links where ledger_id = $1
order by used_at is null and expires_at > now() desc, created_at desc limit {2 * MOST_INVITATIONS}
"""


async def listed(db: Connection, ledger: UUID) -> list[asyncpg.Record]:
    return await db.fetch(_LIST, ledger)


async def get(db: Connection, ledger: UUID, user: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(_GET, ledger, user)


async def change_role(
    db: Connection, ledger: UUID, context: str, user: UUID, version: int, role: str
) -> bool:
    """Change the role if the membership still has that version; invitations by a former owner end."""

    async def work() -> bool:
        if await db.fetchval(_CHANGE, ledger, context, user, version, role) is None:
            return False
        if role != "owner":
            await links.end_by_member(db, ledger, user)
        return True

    return await in_transaction(db, work)


async def remove(
    db: Connection, ledger: UUID, context: str, user: UUID, version: int | None
) -> bool:
    """End the membership if it still has that version, and the invitations the person made."""

    async def work() -> bool:
        if await db.fetchval(_REMOVE, ledger, context, user, version) is None:
            return False
        await links.end_by_member(db, ledger, user)
        await point_default_to_own(db, [user])
        return True

    return await in_transaction(db, work)


async def may_reset(db: Connection, maker: UUID, user: UUID) -> bool:
    may: bool = await db.fetchval("select public.may_reset($1, $2)", maker, user)
    return may


async def invitations(db: Connection, ledger: UUID) -> list[asyncpg.Record]:
    return await db.fetch(_INVITATIONS, ledger)


async def invitation(db: Connection, ledger: UUID, id: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(
        f"select {_INVITATION} from public.links where ledger_id = $1 and id = $2", ledger, id
    )


async def count_open_invitations(db: Connection, ledger: UUID) -> int:
    count: int = await db.fetchval(
        "select count(*) from public.links "
        "where ledger_id = $1 and used_at is null and expires_at > now()",
        ledger,
    )
    return count


async def end_invitation(db: Connection, ledger: UUID, id: UUID) -> bool:
    ended = await db.fetchval(
        "delete from public.links where ledger_id = $1 and id = $2 returning id", ledger, id
    )
    return ended is not None
