"""From the stages into the ledger's own tables: as it was, or as one import."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

from outlay.db import Connection
from outlay.ledgers.membership import point_default_to_own, refuse_one_more

MOST_SECONDS: Final = 1800
SETTINGS: Final = f"""
set local statement_timeout = '{MOST_SECONDS}s';
set local work_mem = '64MB';
"""

_LEDGER: Final = """
insert into public.ledgers (id, name, currency, time_zone, first_day_of_month, first_day_of_week,
  is_demo, version, created_at, updated_at)
select $1, name, currency, time_zone, first_day_of_month, first_day_of_week, is_demo, version,
  created_at, updated_at
from pg_temp.archive_ledger on conflict (id) do nothing returning id
"""
_MEMBERS: Final = """
insert into public.members (ledger_id, user_id, role, version, created_at, updated_at)
select $1, p.user_id, m.role, m.version, m.created_at, m.updated_at
from pg_temp.archive_member m join pg_temp.archive_person p on p.id = m.user_id
join public.users u on u.id = p.user_id
where $3 or u.is_placeholder or u.id = $2
"""
_OWNER: Final = """
insert into public.members as m (ledger_id, user_id, role) values ($1, $2, 'owner')
on conflict (ledger_id, user_id) do update set role = 'owner' where m.role <> 'owner'
"""
_NO_OTHERS: Final = """
delete from public.members m using public.users u
where m.ledger_id = $1 and u.id = m.user_id and not u.is_placeholder and u.id <> $2
"""
_CATEGORIES: Final = """
insert into public.categories (ledger_id, id, parent_id, name, kind, hue, icon, position,
  archived_at, version, created_at, updated_at)
select $1, id, parent_id, name, kind, hue, icon, position, archived_at, version, created_at, updated_at
from pg_temp.archive_category order by id
"""
_ACCOUNTS: Final = """
insert into public.accounts (ledger_id, id, name, kind, currency, opening_balance, position,
  archived_at, version, created_at, updated_at)
select $1, id, name, kind, currency, opening_balance, position, archived_at, version, created_at,
  updated_at
from pg_temp.archive_account order by id
"""
_TAGS: Final = """
insert into public.tags (ledger_id, id, name, version, created_at, updated_at)
select $1, id, name, version, created_at, updated_at from pg_temp.archive_tag order by id
"""
_PROFILES: Final = """
insert into public.import_profiles (ledger_id, id, name, layout, account_id, category_id, version,
  created_at, updated_at)
select $1, id, name, layout, account_id, category_id, version, created_at, updated_at
from pg_temp.archive_profile order by id
"""
_EXPENSES: Final = """
insert into public.expenses (ledger_id, id, kind, date, amount, currency, description, note,
  category_id, tag_ids, account_id, to_account_id, to_amount, to_currency, purchase_id, refund_of,
  reference, source, import_id, version, created_by, created_at, updated_at, deleted_at)
select $1, e.id, e.kind, e.date, e.amount, e.currency, e.description, e.note, e.category_id,
  e.tag_ids, e.account_id, e.to_account_id, e.to_amount, e.to_currency, e.purchase_id, e.refund_of,
  e.reference, e.source, e.import_id, e.version, p.user_id, e.created_at, e.updated_at, e.deleted_at
from pg_temp.archive_expense e left join pg_temp.archive_person p on p.id = e.created_by
order by e.refund_of is not null, e.id
"""
# Sets get numbers of their own, in the archive's order and without gaps.
_NUMBERED: Final = """
with numbered as materialized (
  select seq, row_number() over (order by seq) as fresh from pg_temp.archive_change_set
)
"""
_CHANGE_SETS: Final = f"""
{_NUMBERED}
insert into public.change_sets
  (ledger_id, seq, actor_id, source, action, request_id, undoes, kinds, entities, at)
select $1, n.fresh, p.user_id, s.source, s.action, s.request_id, u.fresh, s.kinds, s.entities, s.at
from pg_temp.archive_change_set s
join numbered n on n.seq = s.seq
left join numbered u on u.seq = s.undoes
left join pg_temp.archive_person p on p.id = s.actor_id
order by n.fresh
"""
_CHANGES: Final = f"""
{_NUMBERED}, placed as (
  select c.entity, n.fresh, c.before, c.after,
    case c.entity when 'ledger' then $1 when 'member' then p.user_id else c.id end as id,
    case c.entity when 'ledger' then 'id' when 'member' then 'user_id' else 'id' end as key
  from pg_temp.archive_change c
  join numbered n on n.seq = c.seq
  left join pg_temp.archive_person p on c.entity = 'member' and p.id = c.id
), whole as (
  select *, jsonb_build_object(key, id)
    || case entity when 'ledger' then '{{}}' else jsonb_build_object('ledger_id', $1) end as ids
  from placed
)
insert into public.change_log (ledger_id, entity, entity_id, seq, before, after)
select $1, entity, id, fresh, before || ids, after || ids from whole order by fresh, entity, id
"""
_COUNTER: Final = """
update public.ledger_seqs set seq = (select count(*) from pg_temp.archive_change_set)
where ledger_id = $1
"""
_OUTCOMES: Final = """
select p.user_id, p.name, m.role, u.is_placeholder
from pg_temp.archive_member m join pg_temp.archive_person p on p.id = m.user_id
join public.users u on u.id = p.user_id order by p.name, p.id
"""


async def is_taken(db: Connection, ledger: UUID) -> bool:
    return bool(
        await db.fetchval("select exists (select from public.ledgers where id = $1)", ledger)
    )


async def bring_in(
    db: Connection, ledger: UUID, importer: UUID, context: str, *, history: bool
) -> bool:
    """Write the staged ledger under this id; False when the id was taken meanwhile.

    With history the rows come without a trace, as their own history comes with them; without one
    they come as one change set. `context` is what begin_write() takes.
    """
    await refuse_one_more(db, importer)
    await _mode(db, "replay" if history else "")
    await db.execute("select public.begin_write($1, $2)", ledger, context)
    if await db.fetchval(_LEDGER, ledger) is None:
        return False
    await db.execute(_MEMBERS, ledger, importer, history)
    if not history:
        await db.execute(_OWNER, ledger, importer)
    for statement in (_CATEGORIES, _ACCOUNTS, _TAGS, _PROFILES, _EXPENSES):
        await db.execute(statement, ledger)
    if history:
        for statement in (_CHANGE_SETS, _CHANGES, _COUNTER):
            await db.execute(statement, ledger)
        await _mode(db, "")
        await db.execute(_OWNER, ledger, importer)
        await db.execute(_NO_OTHERS, ledger, importer)
    await point_default_to_own(db, [importer])
    return True


async def _mode(db: Connection, mode: str) -> None:
    await db.execute("select set_config('outlay.mode', $1, true)", mode)


async def outcomes(db: Connection) -> Sequence[asyncpg.Record]:
    """The archive's members and who they are here."""
    return await db.fetch(_OUTCOMES)
