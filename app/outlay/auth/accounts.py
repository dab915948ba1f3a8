"""Accounts as signing in and joining need them."""

from typing import Final
from uuid import UUID

import asyncpg

from outlay.db import Connection

# `seen_at`: where the person has sessions.
_FIND: Final = """
select u.id, u.password_hash,
  array(select distinct s.address from public.sessions s where s.user_id = u.id) as seen_at
from public.users u where lower(u.email) = lower($1) and u.disabled_at is null
"""


async def find(db: Connection, email: str) -> asyncpg.Record | None:
    """The account that signs in with this address."""
    return await db.fetchrow(_FIND, email)


async def person(db: Connection, user: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(
        "select name, email, password_hash from public.users where id = $1 and disabled_at is null",
        user,
    )


async def insert(
    db: Connection,
    user: UUID,
    name: str,
    email: str | None,
    password_hash: str | None,
    *,
    is_admin: bool = False,
) -> None:
    """Create the account of a new person."""
    await db.execute(
        "insert into public.users (id, name, email, password_hash, is_admin) "
        "values ($1, $2, $3, $4, $5)",
        user, name, email, password_hash, is_admin,
    )  # fmt: skip


async def keep_better_hash(db: Connection, user: UUID, old: str, new: str) -> None:
    """Replace a hash of weaker cost, unless the password changed meanwhile."""
    await db.execute(
        "update public.users set password_hash = $3 where id = $1 and password_hash = $2",
        user, old, new,
    )  # fmt: skip


async def set_password(db: Connection, user: UUID, old: str | None, new: str) -> bool:
    """Keep the hash of a new password; False when another one was set since `old` was read."""
    changed = await db.fetchval(
        """
        update public.users set password_hash = $3, version = version + 1, updated_at = now()
        where id = $1 and password_hash is not distinct from $2 and not is_placeholder
        returning id
        """,
        user, old, new,
    )  # fmt: skip
    return changed is not None
