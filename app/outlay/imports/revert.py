"""A committed import taken back as a whole."""

from typing import Final
from uuid import UUID

import asyncpg

from outlay.db import Connection
from outlay.errors import Conflict
from outlay.imports.answers import Kept, Reverted
from outlay.imports.matching import MOST_TOLD

# A row was changed if it says something else than when it came; a restore alone changes nothing.
_CHANGED: Final = """
(e.version > 1 and exists (select from public.change_log l
  where l.ledger_id = $1 and l.entity = 'expense' and l.entity_id = e.id and l.seq = $3
    and l.after - array['version', 'updated_at', 'deleted_at']
      <> public.expense_json(e) - array['version', 'updated_at', 'deleted_at']))
"""
_TRASH: Final = f"""
update public.expenses e set deleted_at = now()
where e.ledger_id = $1 and e.import_id = $2 and e.deleted_at is null and ($4 or not {_CHANGED})
"""
_KEPT: Final = """
select id, date, description, version, count(*) over () as all_rows from public.expenses
where ledger_id = $1 and import_id = $2 and deleted_at is null
order by date desc, id desc limit $3
"""
_DONE: Final = """
update public.imports set revert_seq = public.held_change_set($1), version = version + 1
where ledger_id = $1 and id = $2
"""


async def revert(
    db: Connection, ledger: UUID, row: asyncpg.Record, context: str, *, force: bool
) -> Reverted:
    """Move the import's rows to the trash as one change set, in the transaction that holds its row.

    Rows that were changed since stay unless `force`. Raises Conflict for a preview.
    """
    if row["committed_at"] is None:
        raise Conflict("This import was never committed; discard it with DELETE")
    await db.execute("select public.begin_write($1, $2)", ledger, context)
    status = await db.execute(_TRASH, ledger, row["id"], row["commit_seq"], force)
    trashed = int(status.rpartition(" ")[2])
    if trashed:
        await db.execute(_DONE, ledger, row["id"])
    kept = await db.fetch(_KEPT, ledger, row["id"], MOST_TOLD)
    return Reverted(
        row["id"],
        trashed,
        kept[0]["all_rows"] if kept else 0,
        [Kept(k["id"], k["date"], k["description"], k["version"]) for k in kept],
        await db.fetchval("select public.held_change_set($1)", ledger),
    )
