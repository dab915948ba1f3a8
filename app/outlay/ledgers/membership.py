"""What changes for a person when they get or lose a ledger."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from outlay.db import Connection
from outlay.errors import Conflict
from outlay.ledgers.rules import MOST_LEDGERS

_LOCK_PERSON: Final = "select 1 from public.users where id = $1 for no key update"
_COUNT: Final = "select count(*) from public.members where user_id = $1"
_REPOINT: Final = """
update public.users u set version = u.version + 1, updated_at = now(), default_ledger_id = (
  select m.ledger_id from public.members m where m.user_id = u.id
  order by m.created_at, m.ledger_id limit 1)
where u.id = any($1::uuid[]) and not exists (
  select from public.members m where m.user_id = u.id and m.ledger_id = u.default_ledger_id)
"""


async def refuse_one_more(db: Connection, person: UUID) -> None:
    """Raise Conflict when the person is a member of as many ledgers as one may be.

    Locks the person until the transaction ends, so that two ways into a ledger count each other.
    """
    await db.execute(_LOCK_PERSON, person)
    if await db.fetchval(_COUNT, person) >= MOST_LEDGERS:
        raise Conflict(f"Nobody can be a member of more than {MOST_LEDGERS} ledgers; leave one")


async def point_default_to_own(db: Connection, people: Sequence[UUID]) -> None:
    """Give those whose default ledger is none of theirs the first that is."""
    await db.execute(_REPOINT, list(people))
