"""Reading the change log. Every statement starts with the ledger."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

from outlay.changes.model import Entity
from outlay.changes.rules import MOST_SUMMARY
from outlay.db import Connection

WINDOW: Final = 20_000
"""Change sets that one filtered page looks at: no index knows who wrote what kind of rows."""

_OP: Final = """
  case
    when l.after is null then 'removed'
    when l.before is null then 'created'
    when l.before ->> 'deleted_at' is null and l.after ->> 'deleted_at' is not null then 'trashed'
    when l.before ->> 'deleted_at' is not null and l.after ->> 'deleted_at' is null then 'restored'
    else 'changed'
  end as op
"""
# The newest set of the same chain of undo and redo tells whether a set stands.
_PAGE: Final = """
with page as (
  select * from public.change_sets
  where ledger_id = $1 and seq < $2 and seq >= $3
    and ($4::text is null or $4 = any(kinds)) and ($5::uuid is null or actor_id = $5)
    and ($6::text is null or request_id = $6)
  order by seq desc limit $7
)
select p.seq, p.at, p.source, p.action, p.entities, p.kinds, p.undoes, p.undo_root, p.undo_depth,
  u.id as actor_id, u.name as actor_name, latest.seq as latest_seq, latest.undo_depth as latest_depth
from page p
left join public.users u on u.id = p.actor_id
left join lateral (
  select c.seq, c.undo_depth from public.change_sets c
  where c.ledger_id = $1 and c.undo_root = coalesce(p.undo_root, p.seq) order by c.seq desc limit 1
) latest on true
order by p.seq desc
"""
_SUMMARY: Final = f"""
select s.seq, l.entity, l.entity_id, {_OP},
  coalesce(u.name, i.image ->> 'description', i.image ->> 'name') as label,
  i.image ->> 'amount' as amount, i.image ->> 'currency' as currency
from unnest($2::bigint[], $3::text[]) as s (seq, kind)
cross join lateral (
  select * from public.change_log c
  where c.ledger_id = $1 and c.seq = s.seq and c.entity = s.kind
  order by c.entity_id limit {MOST_SUMMARY}
) l
cross join lateral (select coalesce(l.after, l.before) as image) i
left join public.users u on l.entity = 'member' and u.id = l.entity_id
order by s.seq desc, l.entity_id
"""
_ROWS: Final = f"""
select l.entity, l.entity_id, l.before, l.after, {_OP}
from public.change_log l
where l.ledger_id = $1 and l.seq = $2 and (l.entity, l.entity_id) > ($3, $4)
order by l.entity, l.entity_id limit $5
"""
_HISTORY: Final = f"""
select l.seq, l.before, l.after, {_OP}, c.at, c.source, c.action, c.undoes, u.id as actor_id,
  u.name as actor_name
from public.change_log l
join public.change_sets c on c.ledger_id = $1 and c.seq = l.seq
left join public.users u on u.id = c.actor_id
where l.ledger_id = $1 and l.entity = $2 and l.entity_id = $3 and l.seq < $4
order by l.seq desc limit $5
"""


async def page(
    db: Connection,
    ledger: UUID,
    *,
    before: int,
    limit: int,
    entity: Entity | None = None,
    actor: UUID | None = None,
    request: str | None = None,
) -> list[asyncpg.Record]:
    """Change sets below `before`, newest first; filtered ones only from the nearest WINDOW."""
    is_whole = entity is None and actor is None and request is None
    low = 0 if is_whole else max(0, before - WINDOW)
    return await db.fetch(_PAGE, ledger, before, low, entity, actor, request, limit)


async def head(db: Connection, ledger: UUID, seq: int) -> asyncpg.Record | None:
    return await db.fetchrow(_PAGE, ledger, seq + 1, seq, None, None, None, 1)


async def newest_seq(db: Connection, ledger: UUID) -> int:
    seq: int = await db.fetchval("select seq from public.ledger_seqs where ledger_id = $1", ledger)
    return seq


async def summaries(
    db: Connection, ledger: UUID, heads: Sequence[asyncpg.Record]
) -> dict[int, list[asyncpg.Record]]:
    """The first few rows of each kind in each set, by seq."""
    pairs = [(head["seq"], kind) for head in heads for kind in head["kinds"]]
    rows = await db.fetch(_SUMMARY, ledger, [seq for seq, _ in pairs], [kind for _, kind in pairs])
    found: dict[int, list[asyncpg.Record]] = {head["seq"]: [] for head in heads}
    for row in rows:
        found[row["seq"]].append(row)
    return found


async def rows(
    db: Connection, ledger: UUID, seq: int, after: tuple[str, UUID], limit: int
) -> list[asyncpg.Record]:
    """The rows of a set behind `after`, by entity and id."""
    return await db.fetch(_ROWS, ledger, seq, *after, limit)


async def history(
    db: Connection, ledger: UUID, entity: Entity, id: UUID, before: int, limit: int
) -> list[asyncpg.Record]:
    """The changes of one row below `before`, newest first."""
    return await db.fetch(_HISTORY, ledger, entity, id, before, limit)
