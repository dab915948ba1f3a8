"""A person's tokens in PostgreSQL; `within` narrows them to those of a limited token's ledgers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg

from outlay.access import secret_hash
from outlay.db import Connection
from outlay.ids import uuid7
from outlay.tokens.model import TokenInput
from outlay.tokens.rules import HINT, MOST_TOKENS

Within: TypeAlias = Sequence[UUID] | None

_COLUMNS: Final = """
id, name, hint, scopes, ledger_ids, parent_id, version, created_at, last_used_at, expires_at
"""
_MINE: Final = "user_id = $1 and ($2::uuid[] is null or ledger_ids <@ $2)"
_INSERT: Final = f"""
insert into public.api_tokens
  (id, token_hash, hint, user_id, parent_id, name, scopes, ledger_ids, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
returning {_COLUMNS}
"""
_RENAME: Final = f"""
update public.api_tokens set name = $5, version = version + 1
where {_MINE} and id = $3 and ($4::integer is null or version = $4) returning {_COLUMNS}
"""
# The whole family is named before it goes, as its live connections have to end too.
_DELETE: Final = f"""
with recursive family as (
  select id from public.api_tokens where {_MINE} and id = $3
  union
  select t.id from public.api_tokens t join family f on t.parent_id = f.id
)
delete from public.api_tokens where id in (select id from family) returning id
"""
_LACKING: Final = """
select place - 1 as place from unnest($2::uuid[]) with ordinality as w (ledger, place)
where not exists (select from public.members where user_id = $1 and ledger_id = w.ledger)
order by place
"""


async def listed(db: Connection, user: UUID, within: Within) -> list[asyncpg.Record]:
    return await db.fetch(
        f"select {_COLUMNS} from public.api_tokens where {_MINE} "
        f"order by created_at desc, id limit {MOST_TOKENS}",
        user, within,
    )  # fmt: skip


async def get(db: Connection, user: UUID, within: Within, id: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(
        f"select {_COLUMNS} from public.api_tokens where {_MINE} and id = $3", user, within, id
    )


async def end_of(db: Connection, id: UUID) -> datetime | None:
    """When a token ends."""
    ends: datetime | None = await db.fetchval(
        "select expires_at from public.api_tokens where id = $1", id
    )
    return ends


async def places_of_foreign_ledgers(
    db: Connection, user: UUID, ledgers: Sequence[UUID]
) -> list[int]:
    """Where in the list a ledger stands that the person is no member of."""
    return [row["place"] for row in await db.fetch(_LACKING, user, ledgers)]


async def count_locked(db: Connection, user: UUID) -> int:
    """How many tokens the person has; nobody adds one until the transaction ends."""
    await db.execute("select 1 from public.users where id = $1 for no key update", user)
    count: int = await db.fetchval(
        "select count(*) from public.api_tokens where user_id = $1", user
    )
    return count


async def insert(
    db: Connection, user: UUID, parent: UUID | None, secret: str, token: TokenInput
) -> asyncpg.Record | None:
    return await db.fetchrow(
        _INSERT, uuid7(), secret_hash(secret), secret[:HINT], user, parent, token.name,
        token.scopes, token.ledger_ids, token.expires_at,
    )  # fmt: skip


async def rename(
    db: Connection,
    user: UUID,
    within: Within,
    id: UUID,
    version: int | None,
    name: str,
) -> asyncpg.Record | None:
    """Change the name if the token still has that version."""
    return await db.fetchrow(_RENAME, user, within, id, version, name)


async def delete(db: Connection, user: UUID, within: Within, id: UUID) -> list[UUID]:
    """End a token and those made by it; their ids."""
    return [row["id"] for row in await db.fetch(_DELETE, user, within, id)]
