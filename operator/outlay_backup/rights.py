"""What a restore may do on a server, found out before anything is changed."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from outlay_backup import programs
from outlay_backup.database import Connection, Database
from outlay_backup.errors import DatabaseUnreachableError, RestoreRefusedError
from outlay_backup.model import Manifest

_MAINTENANCE: Final = ("postgres", "template1")
_RIGHTS: Final = """
select rolsuper or rolcreatedb as may_create, to_regrole(quote_ident($1)) is not null as is_there,
  rolsuper or to_regrole(quote_ident($1)) is null or pg_has_role(current_user, $1, 'SET') as may_be,
  current_setting('server_version_num')::int / 10000 as major
from pg_catalog.pg_roles where rolname = current_user
"""
_OWNER: Final = "select pg_get_userbyid(datdba) from pg_catalog.pg_database where datname = $1"


async def find_out(
    connection: Connection,
    manifest: Manifest,
    *,
    target: str,
    owner: str | None,
    places: Sequence[Path],
) -> tuple[str, programs.Programs]:
    """Whose the new database will be, and with which programs; RestoreRefusedError."""
    owner = owner or await connection.fetchval(_OWNER, target) or manifest.source.owner
    rights = await connection.fetchrow(_RIGHTS, owner)
    assert rights is not None  # noqa: S101 - the role that we are
    if not rights["is_there"]:
        raise RestoreRefusedError(
            f"The server has no role {owner}, which owned the database. Create it, or name another"
            " with --owner."
        )
    if not rights["may_create"] or not rights["may_be"]:
        raise RestoreRefusedError(
            f"This role may not make databases for {owner}: it needs CREATEDB, and membership in"
            f" {owner} (alter role ... createdb; grant {owner} to ...)."
        )
    if rights["major"] < manifest.source.server_major:
        raise RestoreRefusedError(
            f"{manifest.run} is of PostgreSQL {manifest.source.server_major}, and this server is"
            f" {rights['major']}: a dump cannot be restored into an older one."
        )
    return owner, await asyncio.to_thread(programs.find, rights["major"], places)


async def maintenance(admin: Database) -> Database:
    """A database of the server that is not the target, to rename from."""
    for name in _MAINTENANCE:
        try:
            async with admin.named(name).connected():
                return admin.named(name)
        except DatabaseUnreachableError as error:
            last = error
    raise last
