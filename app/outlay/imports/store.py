"""Imports and their files in PostgreSQL. Every statement starts with the ledger."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from outlay.db import Connection
from outlay.imports.override import Way
from outlay.imports.reading import COLUMNS, Records
from outlay.imports.spool import Spool
from outlay.imports.summary import Summary

KEPT_DAYS: Final = 7
STAGING_SECONDS: Final = 300
_IMPORT: Final = """
i.id, i.name, public.import_status(i) as status, i.bytes, i.summary, i.account_id, i.category_id,
i.profile_id, p.name as profile_name, i.version, i.created_by, i.created_at, i.expires_at,
i.committed_at, i.committed_by, i.commit_seq, i.revert_seq, i.layout, i.found, i.result, i.settled_seq
"""
# A preview that ran out is gone, whether it was swept away yet or not.
_THERE: Final = "(i.expires_at is null or i.expires_at > now())"
_FROM: Final = """
from public.imports i
left join public.import_profiles p on p.ledger_id = i.ledger_id and p.id = i.profile_id
"""
_GET: Final = f"select {_IMPORT} {_FROM} where i.ledger_id = $1 and i.id = $2 and {_THERE}"
_LIST: Final = f"""
select {_IMPORT} {_FROM}
where i.ledger_id = $1 and ($2::uuid is null or i.id < $2) and {_THERE}
order by i.id desc limit $3
"""
_INSERT: Final = """
insert into public.imports (ledger_id, id, name, bytes, sha256, layout, found, profile_id,
  account_id, category_id, created_by, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + make_interval(days => $12))
"""
_STAGED: Final = """
update public.imports set summary = $3, settled_seq = $4 where ledger_id = $1 and id = $2
"""
_REREAD: Final = """
update public.imports set layout = $3, found = $4, profile_id = $5, version = version + 1,
  expires_at = now() + make_interval(days => $6)
where ledger_id = $1 and id = $2
"""
_CHANGE: Final = """
update public.imports set name = $3, account_id = $4, category_id = $5, version = version + 1,
  expires_at = now() + make_interval(days => $6)
where ledger_id = $1 and id = $2
"""
_SAME_FILE: Final = """
select i.id, i.created_at, i.committed_at from public.imports i
where i.ledger_id = $1 and i.sha256 = $2 and i.id <> $3 and public.import_status(i) = 'committed'
order by i.id desc limit 1
"""
_REMOVE: Final = (
    "delete from public.import_rows where ledger_id = $1 and import_id = $2",
    "delete from public.imports where ledger_id = $1 and id = $2",
)


async def get(db: Connection, ledger: UUID, id: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(_GET, ledger, id)


async def locked(db: Connection, ledger: UUID, id: UUID) -> asyncpg.Record | None:
    """The import, which nobody else changes until the transaction ends."""
    return await db.fetchrow(f"{_GET} for update of i", ledger, id)


async def listed(
    db: Connection, ledger: UUID, before: UUID | None, limit: int
) -> list[asyncpg.Record]:
    """Newest first, one more than `limit` if there are more."""
    return await db.fetch(_LIST, ledger, before, limit + 1)


async def lengthen(db: Connection, seconds: float = STAGING_SECONDS) -> None:
    """Let this transaction's statements run longer than ordinary ones may."""
    await db.execute(f"set local statement_timeout = '{seconds:.0f}s'")


async def insert(
    db: Connection, ledger: UUID, id: UUID, way: Way, spool: Spool, actor: UUID, *,
    name: str, account: UUID | None, category: UUID | None,
) -> None:  # fmt: skip
    """Make the import, without rows, and keep its file."""
    await db.execute(
        _INSERT, ledger, id, name, spool.size, spool.sha256, encoded(way.layout),
        encoded(way.found), way.profile, account, category, actor, KEPT_DAYS,
    )  # fmt: skip
    await db.copy_records_to_table(
        "import_files",
        schema_name="public",
        columns=("ledger_id", "import_id", "part", "data"),
        records=_parts(ledger, id, spool),
    )


async def _parts(ledger: UUID, id: UUID, spool: Spool) -> AsyncIterator[tuple[Any, ...]]:
    part = 0
    async for piece in spool.packed():
        yield ledger, id, part, piece
        part += 1


async def unpack(db: Connection, ledger: UUID, id: UUID, spool: Spool) -> None:
    """Put the kept file into `spool`."""
    sql = (
        "select data from public.import_files where ledger_id = $1 and import_id = $2 order by part"
    )
    async with db.transaction(readonly=True):
        async for row in db.cursor(sql, ledger, id, prefetch=4):
            await spool.take_packed(row["data"])
    await spool.finish()


async def copy_rows(db: Connection, records: Records) -> None:
    """Stage all records; raises FileRefused where the file as a whole is no good."""
    async with aclosing(records.batches()) as batches:
        async for batch in batches:
            await db.copy_records_to_table(
                "import_rows", schema_name="public", columns=COLUMNS, records=batch
            )


async def remove_rows(db: Connection, ledger: UUID, id: UUID) -> None:
    await db.execute(_REMOVE[0], ledger, id)


async def remove(db: Connection, ledger: UUID, id: UUID) -> None:
    """Remove the import with its file and its rows."""
    for statement in _REMOVE:
        await db.execute(statement, ledger, id)


async def remove_file(db: Connection, ledger: UUID, id: UUID) -> None:
    await db.execute(
        "delete from public.import_files where ledger_id = $1 and import_id = $2", ledger, id
    )


async def keep_summary(
    db: Connection, ledger: UUID, id: UUID, summary: Summary, settled_seq: int
) -> None:
    await db.execute(_STAGED, ledger, id, encoded(summary), settled_seq)


async def reread(db: Connection, ledger: UUID, id: UUID, way: Way) -> None:
    """Keep another layout for the import."""
    layout, found = encoded(way.layout), encoded(way.found)
    await db.execute(_REREAD, ledger, id, layout, found, way.profile, KEPT_DAYS)


async def change(
    db: Connection, ledger: UUID, id: UUID, name: str, account: UUID | None, category: UUID | None
) -> None:
    await db.execute(_CHANGE, ledger, id, name, account, category, KEPT_DAYS)


async def same_file(db: Connection, ledger: UUID, sha256: bytes, id: UUID) -> asyncpg.Record | None:
    """The newest committed import of the very same bytes."""
    return await db.fetchrow(_SAME_FILE, ledger, sha256, id)


def encoded(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()
