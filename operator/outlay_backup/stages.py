"""How far a restore has come: a comment on the new database, so that it can be taken up again."""

import re
from typing import Final

import msgspec

from outlay_backup.database import Connection, Database
from outlay_backup.errors import RestoreRefusedError
from outlay_backup.layout import is_run
from outlay_backup.refill import literal, quoted

LOADING: Final = "loading"
COMPARED: Final = "compared"
DONE: Final = "done"
_HAS_TABLES: Final = """
select exists (select from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname <> 'information_schema' and n.nspname !~ '^pg_')
"""
# A name may have 63 bytes.
_LONGEST: Final = 63
_NEW: Final = "_restored"
_KEPT: Final = re.compile(
    r"What (?P<target>.+) was before (?P<run>\S+) was restored; drop it when all is well"
)


class Stage(msgspec.Struct, frozen=True):
    """Of a database that a restore made: which run, how far, and on whose order."""

    run: str
    stage: str
    order: str = ""
    marker: str = "outlay-restore"


def new_name(target: str) -> str:
    """The database that is restored into, before it takes the target's place."""
    return _cut(target, _NEW)


def kept_name(target: str, stamp: str) -> str:
    """The old database's name afterwards."""
    return _cut(target, f"_before_{stamp.lower()}")


def kept_comment(target: str, run: str) -> str:
    """What `psql` shows beside it, and by which it is known as what a restore kept."""
    return f"What {target} was before {run} was restored; drop it when all is well"


async def is_kept(connection: Connection, database: str) -> bool:
    """Whether a restore kept it under this name."""
    found = _KEPT.fullmatch(await _comment(connection, database) or "")
    return found is not None and found["target"] != database and is_run(found["run"])


def _cut(target: str, ending: str) -> str:
    room = _LONGEST - len(ending)
    return target.encode()[:room].decode(errors="ignore") + ending


async def exists(connection: Connection, database: str) -> bool:
    sql = "select exists (select from pg_catalog.pg_database where datname = $1)"
    return bool(await connection.fetchval(sql, database))


async def read(connection: Connection, database: str) -> Stage | None:
    """Return a database's stage; None where it has none."""
    comment = await _comment(connection, database)
    try:
        found = msgspec.json.decode(comment or "", type=Stage)
    except msgspec.MsgspecError:
        return None
    return found if found.marker == Stage("", "").marker else None


async def _comment(connection: Connection, database: str) -> str | None:
    comment: str | None = await connection.fetchval(
        """
        select pg_catalog.shobj_description(oid, 'pg_database')
        from pg_catalog.pg_database where datname = $1
        """,
        database,
    )
    return comment


async def write(connection: Connection, database: str, stage: Stage) -> None:
    text = msgspec.json.encode(stage).decode()
    await connection.execute(f"comment on database {quoted(database)} is {literal(text)}")


async def refuse_foreign(connection: Connection, database: Database) -> None:
    """A database of that name that no restore made is somebody's: it is never dropped.

    One without a comment and without a table is what a kill right after its creation leaves.
    """
    if await read(connection, database.name) is not None:
        return
    async with database.connected() as inside:
        if not await inside.fetchval(_HAS_TABLES):
            return
    raise RestoreRefusedError(
        f"There is a database {database.name} that no restore made. Drop or rename it, then try"
        " again."
    )
