"""What the changes of a ledger's small rows (categories, accounts, tags) have in common."""

from typing import Final
from uuid import UUID

import msgspec

from outlay.access import AnyRequest, Call
from outlay.db import Connection
from outlay.errors import PreconditionNeeded

BULK_SECONDS: Final = 120.0
"""How long a route that may touch every expense of a ledger is given."""

_FIRST_IMAGE: Final = """
select before is null as is_first, after from public.change_log
where ledger_id = $1 and entity = $2 and entity_id = $3 order by seq limit 1
"""
_DONE: Final = """
select s.seq, (select count(*) from public.change_log l
  where l.ledger_id = $1 and l.seq = s.seq and l.entity = 'expense') as expenses
from (select public.held_change_set($1) as seq) s where s.seq is not null
"""


class Done(msgspec.Struct, frozen=True):
    """A change of many rows.

    `seq` is its change set, which can be undone as a whole; `expenses` says how many changed with it.
    """

    seq: int
    expenses: int


def is_create(request: AnyRequest) -> bool:
    """Whether a PUT makes a new row (`If-None-Match: *`) and does not replace one (`If-Match`)."""
    if request.headers.get("if-none-match", "").strip() == "*":
        return True
    if "if-match" in request.headers:
        return False
    raise PreconditionNeeded("Send `If-None-Match: *` to create, or `If-Match` to replace")


async def begin(
    call: Call, action: str, *, is_bulk: bool = False, undoes: int | None = None
) -> None:
    """Take the ledger's lock for the rest of the transaction and say who writes.

    With `is_bulk` its statements may run longer than ordinary ones.
    """
    if is_bulk:
        await call.db.execute(f"set local statement_timeout = '{round(BULK_SECONDS)}s'")
    context = call.context(action, undoes=undoes)
    await call.db.execute("select public.begin_write($1, $2)", call.ledger.id, context)


async def done(call: Call) -> Done:
    """What this transaction has changed so far."""
    row = await call.db.fetchrow(_DONE, call.ledger.id)
    if row is None:
        raise AssertionError("nothing was written in this transaction")
    return Done(row["seq"], row["expenses"])


async def first_image(db: Connection, ledger: UUID, entity: str, id: UUID) -> str | None:
    """The row as it was created, as the JSON of the change log; None if that is not known."""
    row = await db.fetchrow(_FIRST_IMAGE, ledger, entity, id)
    return row["after"] if row and row["is_first"] else None
