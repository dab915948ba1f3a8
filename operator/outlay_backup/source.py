"""What a manifest tells about the database that was dumped."""

from typing import Final

from outlay_backup.database import Connection
from outlay_backup.model import Schema, Source

_SOURCE: Final = """
select d.datname as name, pg_catalog.pg_get_userbyid(d.datdba) as owner,
  current_setting('server_version') as version,
  current_setting('server_version_num')::int / 10000 as major,
  pg_catalog.pg_database_size(d.oid) as bytes, pg_catalog.pg_encoding_to_char(d.encoding) as encoding
from pg_catalog.pg_database d where d.datname = current_database()
"""
_SCHEMA: Final = """
select version, serves from public.schema_migrations order by version desc limit 1
"""
_INSTANCE: Final = "select instance from public.installation"


async def describe(connection: Connection) -> Source:
    row = await connection.fetchrow(_SOURCE)
    assert row is not None  # noqa: S101 - the database that we are in
    return Source(
        database=row["name"],
        owner=row["owner"],
        server_version=row["version"].split()[0],
        server_major=row["major"],
        bytes=row["bytes"],
        encoding=row["encoding"],
        locale=await _locale(connection),
    )


async def _locale(connection: Connection) -> dict[str, str | None]:
    # PostgreSQL 17 renamed daticulocale to datlocale.
    row = await connection.fetchrow(
        """
        select d.datcollate as collate, d.datctype as ctype, d.datlocprovider::text as provider,
          coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') as locale
        from pg_catalog.pg_database d where d.datname = current_database()
        """
    )
    assert row is not None  # noqa: S101 - the database that we are in
    return dict(row)


async def schema(connection: Connection) -> Schema | None:
    """Return the service's schema; None for a database that is not the service's."""
    if await connection.fetchval("select to_regclass('public.schema_migrations')") is None:
        return None
    row = await connection.fetchrow(_SCHEMA)
    return None if row is None else Schema(row["version"], row["serves"])


async def owner_name(connection: Connection, database: str) -> str:
    """Whose backups these are, unless somebody says otherwise: the installation's own name.

    A restored installation keeps it, and so may carry on under its prefix.
    """
    if await connection.fetchval("select to_regclass('public.installation')") is None:
        return f"database {database}"
    return f"outlay {await connection.fetchval(_INSTANCE)}"
