"""Who the people of an archive are here.

An archive says only an id and a name, which anybody can write. So somebody of this installation is
recognised only by those who share a ledger with them already; all others become placeholders,
who have a name and can never sign in. Nobody but the importer becomes a member by an import.
"""

from typing import Final
from uuid import UUID

from outlay.db import Connection

_KNOWN: Final = """
update pg_temp.archive_person p set user_id = u.id
from public.users u
where u.id = p.id and (u.id = $1 or exists (
  select from public.members mine
  join public.members theirs on theirs.ledger_id = mine.ledger_id
  where mine.user_id = $1 and theirs.user_id = u.id))
"""
# The same placeholder again, as an earlier import of the same archive made it.
_MADE_BEFORE: Final = """
update pg_temp.archive_person p set user_id = u.id
from public.users u
where p.user_id is null and u.id = p.id and u.is_placeholder and u.name = p.name
"""
_NEW: Final = """
with made as (
  insert into public.users (id, name, is_placeholder)
  select id, name, true from pg_temp.archive_person where user_id is null order by id
  on conflict (id) do nothing returning id
)
update pg_temp.archive_person p set user_id = made.id from made where made.id = p.id
"""
# Their id belongs to somebody whom the importer cannot know.
_RENAMED: Final = """
with fresh as materialized (
  select id, gen_random_uuid() as made, name from pg_temp.archive_person where user_id is null
), placed as (
  insert into public.users (id, name, is_placeholder) select made, name, true from fresh
)
update pg_temp.archive_person p set user_id = fresh.made from fresh where fresh.id = p.id
"""
_CREATORS: Final = """
update pg_temp.archive_change c set
  before = case when c.before ? 'created_by'
    then c.before || jsonb_build_object('created_by', p.user_id) end,
  after = case when c.after ? 'created_by'
    then c.after || jsonb_build_object('created_by', p.user_id) end
from pg_temp.archive_person p
where c.entity = 'expense' and p.user_id <> p.id
  and coalesce(c.after, c.before) ->> 'created_by' = p.id::text
"""


async def place_people(db: Connection, importer: UUID) -> None:
    """Fill `archive_person.user_id`; make placeholders for those who are not known."""
    await db.execute(_KNOWN, importer)
    await db.execute(_MADE_BEFORE)
    await db.execute(_NEW)
    await db.execute(_RENAMED)
    if await db.fetchval("select exists (select from pg_temp.archive_person where user_id <> id)"):
        await db.execute(_CREATORS)
