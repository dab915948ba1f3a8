"""Accounts in PostgreSQL. Every statement starts with the ledger; writes follow begin_write()."""

import datetime as dt
from typing import Final
from uuid import UUID

import asyncpg

from outlay.accounts.model import AccountRow
from outlay.db import Connection

_COLUMNS: Final = (
    "a.id, a.name, a.kind, a.currency, a.opening_balance, a.position, a.archived_at, a.version, "
    "a.created_at, a.updated_at"
)
_ALL: Final = f"""
select {_COLUMNS}, coalesce(t.moved, 0) as moved, coalesce(t.entries, 0) as entries
from public.accounts a
left join (select account_id, sum(amount) as moved, sum(entries)::bigint as entries
  from public.account_totals where ledger_id = $1 group by account_id) t on t.account_id = a.id
where a.ledger_id = $1
order by a.position, lower(a.name), a.id
"""
_GET: Final = f"""
select {_COLUMNS}, coalesce(t.moved, 0) as moved, coalesce(t.entries, 0) as entries
from public.accounts a
cross join lateral (select sum(amount) as moved, sum(entries)::bigint as entries
  from public.account_totals where ledger_id = $1 and account_id = a.id) t
where a.ledger_id = $1 and a.id = $2
"""
# A removed id stays used: its history is still there, and undo brings it back.
_INSERT: Final = """
insert into public.accounts (ledger_id, id, name, kind, currency, opening_balance, position)
select $1, $2, $3, $4, $5, $6, $7
where not exists (select from public.change_log
  where ledger_id = $1 and entity = 'account' and entity_id = $2)
on conflict (ledger_id, id) do nothing
returning id
"""
_UPDATE: Final = """
update public.accounts
set name = $3, kind = $4, currency = $5, opening_balance = $6, position = $7,
  archived_at = case when $8 then coalesce(archived_at, now()) end
where ledger_id = $1 and id = $2
"""
# The two states apart, as the indexes are.
_IS_USED: Final = """
select exists (select from public.expenses
    where ledger_id = $1 and account_id = $2 and deleted_at is null)
  or exists (select from public.expenses
    where ledger_id = $1 and to_account_id = $2 and deleted_at is null)
  or exists (select from public.expenses
    where ledger_id = $1 and $2 in (account_id, to_account_id) and deleted_at is not null)
"""
_BEFORE: Final = """
select coalesce(sum(amount), 0) from public.account_totals
where ledger_id = $1 and account_id = $2 and day < $3
"""
_DAYS: Final = """
select day, amount, entries from public.account_totals
where ledger_id = $1 and account_id = $2 and day between $3 and $4 and (amount <> 0 or entries <> 0)
order by day
"""


async def listed(db: Connection, ledger: UUID) -> list[asyncpg.Record]:
    return await db.fetch(_ALL, ledger)


async def get(db: Connection, ledger: UUID, id: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(_GET, ledger, id)


async def count(db: Connection, ledger: UUID) -> int:
    number: int = await db.fetchval(
        "select count(*) from public.accounts where ledger_id = $1", ledger
    )
    return number


async def insert(db: Connection, ledger: UUID, id: UUID, row: AccountRow) -> bool:
    """Create the account; False when the id is or was in use."""
    made = await db.fetchval(_INSERT, ledger, id, *_values(row))
    return made is not None


async def update(
    db: Connection, ledger: UUID, id: UUID, row: AccountRow, *, archived: bool
) -> None:
    await db.execute(_UPDATE, ledger, id, *_values(row), archived)


async def remove(db: Connection, ledger: UUID, id: UUID) -> None:
    await db.execute("delete from public.accounts where ledger_id = $1 and id = $2", ledger, id)


async def is_used(db: Connection, ledger: UUID, id: UUID) -> bool:
    """Whether any row names the account, in the trash or not."""
    used: bool = await db.fetchval(_IS_USED, ledger, id)
    return used


async def moved_before(db: Connection, ledger: UUID, id: UUID, day: dt.date) -> int:
    """The sum of what moved before that day, in minor units."""
    return int(await db.fetchval(_BEFORE, ledger, id, day))


async def moved_daily(
    db: Connection, ledger: UUID, id: UUID, first: dt.date, last: dt.date
) -> list[asyncpg.Record]:
    """Days with movement, in order; amounts in minor units."""
    return await db.fetch(_DAYS, ledger, id, first, last)


def _values(row: AccountRow) -> tuple[object, ...]:
    return (row.name, row.kind, row.currency, row.opening_balance, row.position)
