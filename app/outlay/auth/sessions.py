"""Sessions in PostgreSQL: a secret of 256 bits in a cookie, only its hash here."""

from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from outlay.access import secret_hash
from outlay.auth.secrets import new_secret
from outlay.db import Connection
from outlay.ids import uuid7

MOST_SESSIONS: Final = 50

# A session is only begun for somebody who may enter, with the password that was checked.
_START: Final = """
insert into public.sessions (id, token_hash, user_id, expires_at, user_agent, address)
select $1, $2, id, now() + make_interval(days => $4), $5, $6 from public.users
where id = $3 and disabled_at is null and not is_placeholder
  and ($7::text is null or password_hash = $7)
returning id
"""
_PRUNE: Final = """
delete from public.sessions where user_id = $1 and (expires_at <= now() or id in (
  select id from public.sessions where user_id = $1 order by created_at desc offset $2))
"""
_LIST: Final = """
select id, created_at, last_seen_at, expires_at, user_agent, address
from public.sessions where user_id = $1 and expires_at > now() order by last_seen_at desc limit $2
"""


class NewSession(msgspec.Struct, frozen=True):
    id: UUID
    secret: str


async def start(
    db: Connection, user: UUID, *, days: int, agent: str, address: str, password_hash: str | None
) -> NewSession | None:
    """Begin a session; None when the person may not enter any more.

    With `password_hash` only if that is still the one kept. The oldest beyond MOST_SESSIONS end.
    """
    secret = new_secret()
    made = await db.fetchval(
        _START, uuid7(), secret_hash(secret), user, days, agent, address, password_hash
    )
    if made is None:
        return None
    await db.execute(_PRUNE, user, MOST_SESSIONS)
    return NewSession(made, secret)


async def end_shown(db: Connection, token_hash: bytes) -> UUID | None:
    """End the session with this secret, whoever's it is; its id, if there was one."""
    ended: UUID | None = await db.fetchval(
        "delete from public.sessions where token_hash = $1 returning id", token_hash
    )
    return ended


async def end_one(db: Connection, user: UUID, id: UUID) -> bool:
    ended = await db.fetchval(
        "delete from public.sessions where user_id = $1 and id = $2 returning id", user, id
    )
    return ended is not None


async def end_all(db: Connection, user: UUID, *, but: UUID | None = None) -> list[UUID]:
    """End the person's sessions, perhaps but one; the ids of those that ended."""
    rows = await db.fetch(
        "delete from public.sessions where user_id = $1 and id is distinct from $2 returning id",
        user,
        but,
    )
    return [row["id"] for row in rows]


async def listed(db: Connection, user: UUID) -> list[asyncpg.Record]:
    return await db.fetch(_LIST, user, MOST_SESSIONS)
