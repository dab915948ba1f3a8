"""What live connections need to know from the database. These readers cross ledgers."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from outlay.db import Connection
from outlay.events.model import Credential

MOST_SETS: Final = 32
MOST_ROWS: Final = 50
SECONDS: Final = 10.0

# One row more than is told, so that a longer change set can be recognised.
_CHANGES: Final = f"""
select s.ledger_id, s.seq, s.at, s.actor_id, s.source, s.action, s.request_id, s.entities,
  l.entity, l.entity_id, l.after,
  case
    when l.after is null then 'removed'
    when l.before is null then 'created'
    when l.before ->> 'deleted_at' is null and l.after ->> 'deleted_at' is not null then 'trashed'
    when l.before ->> 'deleted_at' is not null and l.after ->> 'deleted_at' is null then 'restored'
    else 'changed'
  end as op
from unnest($1::uuid[], $2::bigint[]) as told (ledger_id, seq)
cross join lateral (
  select * from public.change_sets c
  where c.ledger_id = told.ledger_id and c.seq > told.seq
  order by c.seq limit {MOST_SETS}
) s
left join lateral (
  select * from public.change_log c
  where c.ledger_id = s.ledger_id and c.seq = s.seq limit {MOST_ROWS + 1}
) l on true
order by s.ledger_id, s.seq
"""

_STANDING: Final = """
select w.ledger_id, s.seq,
  u.id is not null and case w.kind
    when 'session' then exists (select from public.sessions c
      where c.id = w.credential_id and c.user_id = w.user_id and c.expires_at > now())
    else exists (select from public.api_tokens c
      where c.id = w.credential_id and c.user_id = w.user_id and 'read' = any(c.scopes)
        and (c.expires_at is null or c.expires_at > now()))
  end as is_in,
  m.user_id is not null and s.seq is not null and (w.kind = 'session' or exists (
    select from public.api_tokens c where c.id = w.credential_id
      and (c.ledger_ids is null or w.ledger_id = any(c.ledger_ids)))) as is_member
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[]) with ordinality
  as w (kind, credential_id, user_id, ledger_id, place)
left join public.users u on u.id = w.user_id and u.disabled_at is null
left join public.members m on m.ledger_id = w.ledger_id and m.user_id = w.user_id
left join public.ledger_seqs s on s.ledger_id = w.ledger_id
order by w.place
"""

_LATEST: Final = """
select i.epoch, s.ledger_id, s.seq
from public.installation i
left join public.ledger_seqs s on s.ledger_id = any($1::uuid[])
"""


async def changes(db: Connection, told: Sequence[tuple[UUID, int]]) -> list[asyncpg.Record]:
    """What happened in each ledger after a seq, a row for each entity.

    At most MOST_SETS change sets a ledger, and MOST_ROWS + 1 rows of each.
    """
    ledgers, seqs = [ledger for ledger, _ in told], [seq for _, seq in told]
    return await db.fetch(_CHANGES, ledgers, seqs, timeout=SECONDS)


async def standing(
    db: Connection, wanted: Sequence[tuple[Credential, UUID]]
) -> list[asyncpg.Record]:
    """For each, in order: `seq` of the ledger, `is_in` (still signed in) and `is_member`.

    A token's own limit to ledgers counts as not being a member.
    """
    return await db.fetch(
        _STANDING,
        [credential.kind for credential, _ in wanted],
        [credential.id for credential, _ in wanted],
        [credential.user_id for credential, _ in wanted],
        [ledger for _, ledger in wanted],
        timeout=SECONDS,
    )


async def latest(db: Connection, ledgers: Iterable[UUID]) -> tuple[str, dict[UUID, int]]:
    """The epoch, and the latest seq of each of these ledgers that still exists."""
    rows = await db.fetch(_LATEST, list(ledgers), timeout=SECONDS)
    seqs = {row["ledger_id"]: row["seq"] for row in rows if row["ledger_id"] is not None}
    return rows[0]["epoch"], seqs
