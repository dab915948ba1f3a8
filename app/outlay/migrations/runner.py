"""Numbered SQL files, applied once each, in order, by one process at a time.

A file is named `NNNN_what.pre.sql` (expand, before new code serves) or `NNNN_what.post.sql`
(contract, a release later). Its head says `-- why:` and `-- serves:`, the oldest version of the
program that works with the schema after it. A file with `-- outlay: no-transaction` runs statement
by statement outside a transaction and must be safe to run again.
"""

import asyncio
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from outlay import __version__
from outlay.db import Direct
from outlay.migrations.errors import MigrationError

LOCK: Final = 0x6F75746C6179  # "outlay" in ASCII
LOCK_POLL: Final = 0.2
LOCK_WAIT: Final = 300.0
_NAME = re.compile(r"(\d{4})_(\w+)\.(pre|post)\.sql")
_HEAD = re.compile(r"^-- (why|serves): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    phase: str
    why: str
    serves: str
    sql: str

    @property
    def transactional(self) -> bool:
        return "-- outlay: no-transaction" not in self.sql


def migrations() -> list[Migration]:
    """All migrations of this program, in order."""
    found = []
    for file in files("outlay.migrations").joinpath("sql").iterdir():
        match = _NAME.fullmatch(file.name)
        if match:
            sql = file.read_text(encoding="utf-8")
            head = dict(_HEAD.findall(sql))
            found.append(
                Migration(int(match[1]), match[2], match[3], head["why"], head["serves"], sql)
            )
    return sorted(found, key=lambda m: m.version)


async def applied_versions(db: Direct) -> dict[int, str]:
    """Versions in the database with the oldest program each still serves; empty for a new one."""
    if await db.fetchval("select to_regclass('public.schema_migrations')") is None:
        return {}
    rows = await db.fetch("select version, serves from public.schema_migrations")
    return {row["version"]: row["serves"] for row in rows}


def check_fit(applied: dict[int, str]) -> None:
    """Raise MigrationError unless this program can serve the schema."""
    known = {m.version for m in migrations()}
    missing = known - applied.keys()
    if missing:
        raise MigrationError(
            f"The database lacks {len(missing)} schema changes; run `outlay migrate` first"
        )
    for version, serves in applied.items():
        if version not in known and _as_tuple(serves) > _as_tuple(__version__):
            raise MigrationError(
                f"The database's schema needs Outlay {serves} or later; this is {__version__}"
            )


def _as_tuple(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


async def migrate(db: Direct) -> list[Migration]:
    """Apply what is missing and return it; `db` is a direct connection, not a pooled one."""
    await _take_lock(db)
    try:
        applied = await applied_versions(db)
        pending = [m for m in migrations() if m.version not in applied]
        if pending and not applied:
            await _create_record(db)
        for migration in pending:
            await _apply(db, migration)
        return pending
    finally:
        await db.execute("select pg_advisory_unlock($1)", LOCK)


async def _take_lock(db: Direct) -> None:
    # Polled: a session that waits in pg_advisory_lock holds a snapshot, and CREATE INDEX
    # CONCURRENTLY in the session that has the lock would wait for that snapshot for ever.
    async with asyncio.timeout(LOCK_WAIT):
        while not await db.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110
            await asyncio.sleep(LOCK_POLL)


async def _create_record(db: Direct) -> None:
    await db.execute(
        """
        create table if not exists public.schema_migrations (
          version integer primary key, name text not null, phase text not null,
          serves text not null, applied_at timestamptz not null default now(), applied_by text not null
        )
        """
    )


async def _apply(db: Direct, migration: Migration) -> None:
    record = """
        insert into public.schema_migrations (version, name, phase, serves, applied_by)
        values ($1, $2, $3, $4, $5)
    """
    values = (migration.version, migration.name, migration.phase, migration.serves, __version__)
    if migration.transactional:
        async with db.transaction():
            await db.execute("set local lock_timeout = '5s'")
            await db.execute(migration.sql)
            await db.execute(record, *values)
    else:
        for statement in migration.sql.split(";\n"):
            if statement.strip():
                await db.execute(statement)
        await db.execute(record, *values)
