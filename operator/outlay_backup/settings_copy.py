"""Carries a database's own settings and grants over to the one that takes its place."""

from typing import Final

import asyncpg

from outlay_backup.database import Connection
from outlay_backup.refill import literal, quoted

_SETTINGS: Final = """
select r.rolname as role, c.setting
from pg_catalog.pg_db_role_setting s
join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = $1
left join pg_catalog.pg_roles r on r.oid = s.setrole, unnest(s.setconfig) as c (setting)
"""
_GRANTS: Final = """
select coalesce(quote_ident(r.rolname), 'public') as grantee, g.privilege_type as privilege,
  g.is_grantable as grantable
from pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) g
left join pg_catalog.pg_roles r on r.oid = g.grantee
where d.datname = $1 and g.grantee <> d.datdba
"""
_LIMIT: Final = "select datconnlimit from pg_catalog.pg_database where datname = $1"
_HAS_GRANTS: Final = "select datacl is not null from pg_catalog.pg_database where datname = $1"
# Lists of names are kept as they stand; anything else is one text.
_LISTS: Final = frozenset({"search_path", "session_preload_libraries", "temp_tablespaces"})


async def copy_settings(connection: Connection, old: str, new: str) -> list[str]:
    """Give `new` what `old` has; return a sentence for each that this role may not give."""
    statements = [
        _setting(new, row["role"], row["setting"]) for row in await connection.fetch(_SETTINGS, old)
    ]
    if await connection.fetchval(_HAS_GRANTS, old):
        statements.append(f"revoke all on database {quoted(new)} from public")
    for row in await connection.fetch(_GRANTS, old):
        option = " with grant option" if row["grantable"] else ""
        what = f"grant {row['privilege']} on database {quoted(new)} to {row['grantee']}"
        statements.append(what + option)
    limit = await connection.fetchval(_LIMIT, old)
    if limit != -1:
        statements.append(f"alter database {quoted(new)} connection limit {limit}")
    return [said for each in statements if (said := await _try(connection, each))]


def _setting(new: str, role: str | None, setting: str) -> str:
    name, _, value = setting.partition("=")
    shown = value if name in _LISTS else literal(value)
    where = f"role {quoted(role)} in database" if role else "database"
    return f"alter {where} {quoted(new)} set {name} = {shown or literal('')}"


async def _try(connection: Connection, statement: str) -> str:
    try:
        async with connection.transaction():
            await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return f"`{statement}` was refused: {error}"
    return ""
