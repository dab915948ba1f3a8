"""A new ledger with its first owner and its categories, as one change set."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from outlay.db import Connection
from outlay.ledgers.defaults import NewCategory
from outlay.ledgers.membership import point_default_to_own, refuse_one_more
from outlay.ledgers.model import LedgerRow

_LEDGER: Final = """
insert into public.ledgers
  (id, name, currency, time_zone, first_day_of_month, first_day_of_week, is_demo)
values ($1, $2, $3, $4, $5, $6, $7)
"""
_OWNER: Final = "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'owner')"
_CATEGORIES: Final = """
insert into public.categories (ledger_id, id, parent_id, name, kind, hue, icon, position)
select $1, c.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::smallint[],
  $7::text[], $8::integer[]) as c
"""


async def make_ledger(
    db: Connection,
    ledger: UUID,
    row: LedgerRow,
    *,
    owner: UUID,
    context: str,
    categories: Sequence[NewCategory],
    is_demo: bool = False,
) -> None:
    """Make the ledger inside the caller's transaction; it becomes the owner's default if they have none.

    `context` is what begin_write() takes. Raises Conflict when the person has too many already.
    """
    await db.execute("select public.begin_write($1, $2)", ledger, context)
    await refuse_one_more(db, owner)
    await db.execute(
        _LEDGER, ledger, row.name, row.currency, row.time_zone, row.first_day_of_month,
        row.first_day_of_week, is_demo,
    )  # fmt: skip
    await db.execute(_OWNER, ledger, owner)
    if categories:
        await db.execute(
            _CATEGORIES, ledger, [c.id for c in categories], [c.parent_id for c in categories],
            [c.name for c in categories], [c.kind for c in categories], [c.hue for c in categories],
            [c.icon for c in categories], [c.position for c in categories],
        )  # fmt: skip
    await point_default_to_own(db, [owner])
