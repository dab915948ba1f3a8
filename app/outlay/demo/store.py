"""The demo's accounts and tags in PostgreSQL, and who has a demo; writes follow begin_write()."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from outlay.db import Connection
from outlay.demo.model import AccountName, DemoAccount

_OWNED: Final = """
select l.id from public.members m join public.ledgers l on l.id = m.ledger_id
where m.user_id = $1 and m.role = 'owner' and l.is_demo limit 1
"""
_ACCOUNTS: Final = """
insert into public.accounts (ledger_id, id, name, kind, currency, opening_balance, position)
select $1, a.* from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[],
  $7::integer[]) as a
"""
_TAGS: Final = """
insert into public.tags (ledger_id, id, name) select $1, t.* from unnest($2::uuid[], $3::text[]) as t
"""


async def owned_demo(db: Connection, person: UUID) -> UUID | None:
    """The demo ledger that the person owns, if there is one."""
    found: UUID | None = await db.fetchval(_OWNED, person)
    return found


async def insert_accounts(
    db: Connection, ledger: UUID, ids: Mapping[AccountName, UUID], made: Sequence[DemoAccount]
) -> None:
    await db.execute(
        _ACCOUNTS, ledger, [ids[a.key] for a in made], [a.name for a in made],
        [a.kind for a in made], [a.currency for a in made], [a.opening_balance for a in made],
        list(range(len(made))),
    )  # fmt: skip


async def insert_tags(db: Connection, ledger: UUID, ids: Mapping[str, UUID]) -> None:
    """`ids` by the names of the tags."""
    await db.execute(_TAGS, ledger, list(ids.values()), list(ids))
