"""What is kept for a while only, and how it goes: a batch a statement."""

from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from outlay.db import Direct, in_transaction


class Sweep(NamedTuple):
    """A kind of row that ends with time, and the statement that removes at most $1 of them."""

    name: str
    sql: str


def _old(table: str, is_over: str) -> str:
    return f"""
    delete from public.{table} where ctid = any(array(
      select ctid from public.{table} where {is_over} limit $1 for update skip locked))
      and ({is_over})
    """


# A request that began before a preview ran out may use it for minutes more.
_OVER: Final = "i.expires_at < now() - interval '1 hour'"
_PREVIEW_ROWS: Final = f"""
delete from public.import_rows where ctid = any(array(
  select r.ctid from public.imports i
  join public.import_rows r on r.ledger_id = i.ledger_id and r.import_id = i.id
  where {_OVER} limit $1 for update of i skip locked))
"""
_PREVIEWS: Final = f"""
delete from public.imports where ctid = any(array(
  select i.ctid from public.imports i
  where {_OVER} and not exists (select from public.import_rows r
    where r.ledger_id = i.ledger_id and r.import_id = i.id)
  limit $1 for update skip locked))
"""

# A link that was used or ran out still gets a sentence of its own for a week.
SWEEPS: Final = (
    Sweep("idempotency_keys", _old("idempotency_keys", "created_at < now() - interval '30 days'")),
    Sweep("sessions", _old("sessions", "expires_at < now()")),
    Sweep("links", _old("links", "least(used_at, expires_at) < now() - interval '7 days'")),
    Sweep("sign_in_attempts", _old("sign_in_attempts", "attempted_at < now() - interval '1 day'")),
    Sweep("api_tokens", _old("api_tokens", "expires_at < now() - interval '90 days'")),
    Sweep("import_rows", _PREVIEW_ROWS),
    Sweep("imports", _PREVIEWS),
)

_CONTEXT: Final = msgspec.json.encode(
    {"actor": None, "source": "system", "action": "trash.expire"}
).decode()
_LEDGERS: Final = """
select distinct ledger_id from public.expenses
where deleted_at < now() - make_interval(days => $1) order by 1
"""
_EXPIRE: Final = """
delete from public.expenses
where ledger_id = $1 and deleted_at < now() - make_interval(days => $2) and id = any(array(
  select id from public.expenses
  where ledger_id = $1 and deleted_at < now() - make_interval(days => $2)
  order by deleted_at limit $3))
"""


async def sweep(db: Direct, what: Sweep, most: int) -> int:
    """Remove at most so many rows that are over; returns how many went."""
    return _count(await db.execute(what.sql, most))


async def ledgers_with_old_trash(db: Direct, days: int) -> list[UUID]:
    rows = await db.fetch(_LEDGERS, days)
    return [row["ledger_id"] for row in rows]


async def expire_trash(db: Direct, ledger: UUID, days: int, most: int) -> int:
    """Remove at most so many expenses that were trashed so long ago, as one change set."""

    async def work() -> int:
        # A statement of its own: the delete must see what was restored while this one waited.
        await db.fetchval("select public.begin_write($1, $2)", ledger, _CONTEXT)
        return _count(await db.execute(_EXPIRE, ledger, days, most))

    return await in_transaction(db, work)


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
