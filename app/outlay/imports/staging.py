"""The rows of a file beside the ledger: read, compared, counted; nothing of it in the ledger yet."""

from uuid import UUID

from outlay.db import Connection
from outlay.imports import known, store
from outlay.imports.layout import Layout, mistakes
from outlay.imports.reading import Records
from outlay.imports.settle import settle
from outlay.imports.spool import Spool
from outlay.imports.summary import Summary, counted


async def stage(
    db: Connection, ledger: UUID, import_id: UUID, spool: Spool, layout: Layout
) -> Summary:
    """Read the file by `layout` into the staging table, in the caller's transaction.

    A layout without a date or an amount reads no row: somebody has to complete it first. Raises
    FileRefused where the file as a whole is no good.
    """
    if not mistakes(layout):
        await store.copy_rows(db, Records(ledger, import_id, spool, layout))
    return await settle_all(db, ledger, import_id)


async def settle_all(db: Connection, ledger: UUID, import_id: UUID) -> Summary:
    """Decide on all duplicates anew, and keep what came out."""
    # Before the rows are compared: what is written meanwhile counts as later.
    seq = await known.seq_of(db, ledger)
    await settle(db, ledger, import_id)
    return await count_again(db, ledger, import_id, seq)


async def count_again(db: Connection, ledger: UUID, import_id: UUID, seq: int) -> Summary:
    """Keep the counts and sums of the staged rows as they are now."""
    summary = await counted(db, ledger, import_id)
    await store.keep_summary(db, ledger, import_id, summary, seq)
    return summary
