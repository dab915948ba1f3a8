"""Expenses in PostgreSQL, one by one. Every statement starts with the ledger."""

from typing import Any, Final
from uuid import UUID

import asyncpg

from outlay.db import Connection
from outlay.expenses.model import ExpenseRow

COLUMNS: Final = (
    "id, kind, date, amount, currency, description, note, category_id, tag_ids, account_id, "
    "to_account_id, to_amount, to_currency, purchase_id, refund_of, reference, source, import_id, "
    "version, created_by, created_at, updated_at, deleted_at"
)
E_COLUMNS: Final = ", ".join(f"e.{name.strip()}" for name in COLUMNS.split(","))
_READY: Final = "with ready as materialized (select public.begin_write($1, $2) as ok)"

# A purged id stays used: its history is still there.
INSERT: Final = f"""
{_READY}
insert into public.expenses (ledger_id, id, kind, date, amount, currency, description, note,
  category_id, tag_ids, account_id, to_account_id, to_amount, to_currency, purchase_id, refund_of,
  reference, source, created_by)
select $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
from ready
where not exists (select from public.change_log
  where ledger_id = $1 and entity = 'expense' and entity_id = $3)
on conflict (ledger_id, id) do nothing
returning {COLUMNS}
"""

_UPDATE: Final = f"""
{_READY}
update public.expenses e
set kind = $5, date = $6, amount = $7, currency = $8, description = $9, note = $10,
  category_id = $11, tag_ids = $12, account_id = $13, to_account_id = $14, to_amount = $15,
  to_currency = $16, purchase_id = $17, refund_of = $18, reference = $19
from ready
where e.ledger_id = $1 and e.id = $3 and e.version = $4 and e.deleted_at is null and ready.ok
returning {E_COLUMNS}
"""

_TRASH: Final = f"""
{_READY}
update public.expenses e set deleted_at = case when $5 then now() end
from ready
where e.ledger_id = $1 and e.id = $3 and e.version = $4 and (e.deleted_at is null) = $5 and ready.ok
returning {E_COLUMNS}
"""

_PURGE: Final = f"""
{_READY}
delete from public.expenses e using ready
where e.ledger_id = $1 and e.id = $3 and e.version = $4 and e.deleted_at is not null and ready.ok
returning e.id
"""

_FIRST_IMAGE: Final = """
select before is null as is_first, after from public.change_log
where ledger_id = $1 and entity = 'expense' and entity_id = $2 order by seq limit 1
"""


def values_of(row: ExpenseRow) -> tuple[Any, ...]:
    """The row's columns in the order of the statements."""
    return (
        row.kind, row.date, row.amount, row.currency, row.description, row.note, row.category_id,
        row.tag_ids, row.account_id, row.to_account_id, row.to_amount, row.to_currency,
        row.purchase_id, row.refund_of, row.reference,
    )  # fmt: skip


async def insert(
    db: Connection,
    ledger: UUID,
    context: str,
    id: UUID,
    row: ExpenseRow,
    actor: UUID,
) -> asyncpg.Record | None:
    """Create the expense; None when the id is or was in use."""
    return await db.fetchrow(INSERT, ledger, context, id, *values_of(row), row.source, actor)


async def get(db: Connection, ledger: UUID, id: UUID) -> asyncpg.Record | None:
    """The expense, in the trash or not."""
    return await db.fetchrow(
        f"select {COLUMNS} from public.expenses where ledger_id = $1 and id = $2", ledger, id
    )


async def first_image(db: Connection, ledger: UUID, id: UUID) -> str | None:
    """The expense as it was created, as the JSON of the change log."""
    row = await db.fetchrow(_FIRST_IMAGE, ledger, id)
    return row["after"] if row and row["is_first"] else None


async def update(
    db: Connection,
    ledger: UUID,
    context: str,
    id: UUID,
    version: int,
    row: ExpenseRow,
) -> asyncpg.Record | None:
    """Change the expense if it still has that version and is not in the trash."""
    return await db.fetchrow(_UPDATE, ledger, context, id, version, *values_of(row))


async def set_trashed(
    db: Connection,
    ledger: UUID,
    context: str,
    id: UUID,
    version: int,
    *,
    trashed: bool,
) -> asyncpg.Record | None:
    """Move the expense to the trash or back, if it still has that version."""
    return await db.fetchrow(_TRASH, ledger, context, id, version, trashed)


async def purge(db: Connection, ledger: UUID, context: str, id: UUID, version: int) -> bool:
    """Remove a trashed expense for good; its history stays."""
    return await db.fetchval(_PURGE, ledger, context, id, version) is not None


async def account_currency(db: Connection, ledger: UUID, account: UUID) -> str | None:
    found: str | None = await db.fetchval(
        "select currency from public.accounts where ledger_id = $1 and id = $2", ledger, account
    )
    return found
