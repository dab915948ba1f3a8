"""People in PostgreSQL. They cross ledgers by nature; only placeholders of them stay for ever."""

from typing import Final
from uuid import UUID

import asyncpg

from outlay.db import Connection
from outlay.users.model import UserRow

_ME: Final = """
id, name, email, is_admin, password_hash is not null as has_password, default_ledger_id, version,
created_at, updated_at
"""
_USER: Final = """
u.id, u.name, u.email, u.is_admin, u.disabled_at is not null as is_disabled,
u.password_hash is not null as has_password, u.version, u.created_at, u.updated_at,
(select count(*) from public.members m where m.user_id = u.id) as ledgers,
(select max(s.last_seen_at) from public.sessions s where s.user_id = u.id) as last_seen_at
"""
_LIST: Final = f"""
select {_USER} from public.users u
where not u.is_placeholder and ($1::uuid is null or u.id > $1)
  and ($2::text is null or strpos(lower(u.name), lower($2)) > 0
    or strpos(lower(coalesce(u.email, '')), lower($2)) > 0)
order by u.id limit $3
"""
_UPDATE_ME: Final = f"""
update public.users set name = $3, email = $4, default_ledger_id = $5, version = version + 1,
  updated_at = now()
where id = $1 and version = $2
  and ($5::uuid is null or exists (select from public.members where user_id = $1 and ledger_id = $5))
returning {_ME}
"""
_UPDATE: Final = """
update public.users set name = $3, email = $4, is_admin = $5,
  disabled_at = case when $6 then coalesce(disabled_at, now()) end, version = version + 1,
  updated_at = now()
where id = $1 and version = $2 and not is_placeholder returning id
"""
_OTHER_ADMIN: Final = """
select exists (select from public.users
  where is_admin and disabled_at is null and not is_placeholder and id <> $1)
"""


async def me(db: Connection, user: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(
        f"select {_ME} from public.users where id = $1 and not is_placeholder", user
    )


async def update_me(
    db: Connection, user: UUID, version: int, name: str, email: str | None, default: UUID | None
) -> asyncpg.Record | None:
    """Change the person if they still have that version and are a member of the default ledger."""
    return await db.fetchrow(_UPDATE_ME, user, version, name, email, default)


async def is_member(db: Connection, user: UUID, ledger: UUID) -> bool:
    found: bool = await db.fetchval(
        "select exists (select from public.members where user_id = $1 and ledger_id = $2)",
        user,
        ledger,
    )
    return found


async def listed(
    db: Connection, after: UUID | None, words: str | None, limit: int
) -> list[asyncpg.Record]:
    """People in the order they came, whose name or address holds `words`."""
    return await db.fetch(_LIST, after, words, limit)


async def get(db: Connection, user: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(
        f"select {_USER} from public.users u where u.id = $1 and not u.is_placeholder", user
    )


async def update(db: Connection, user: UUID, version: int, row: UserRow) -> bool:
    """Change the person if they still have that version."""
    changed = await db.fetchval(
        _UPDATE, user, version, row.name, row.email, row.is_admin, row.is_disabled
    )
    return changed is not None


async def lock_admins(db: Connection) -> None:
    """Let nobody else change who administers until the transaction ends."""
    await db.execute("select 1 from public.installation for update")


async def has_other_admin(db: Connection, user: UUID) -> bool:
    found: bool = await db.fetchval(_OTHER_ADMIN, user)
    return found


async def may_reset(db: Connection, maker: UUID, user: UUID) -> bool:
    may: bool = await db.fetchval("select public.may_reset($1, $2)", maker, user)
    return may
