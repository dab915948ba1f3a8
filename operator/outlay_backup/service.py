"""What a restore has to know of the service's own tables.

The ledgers are as they were; who may enter is as it is now. So nobody whom somebody shut out since
the backup gets back in: sessions end, and tokens, links, passwords, administrators, disabled and
erased people and memberships are those of the current database. Where there is none, or where it
can no longer tell, tokens and links end. Tests hold these statements to the service's schema.
"""

from dataclasses import dataclass, field
from typing import Final

import asyncpg
import msgspec

from outlay_backup.database import Connection

_TABLES: Final = ("users", "api_tokens", "links", "members", "ledgers")
_CONTEXT: Final = msgspec.json.encode(
    {"actor": None, "source": "sql", "action": "restore", "request": ""}
).decode()
_READ: Final = {
    "users": """select id, name, is_admin, is_placeholder, disabled_at, password_hash
        from public.users""",
    "tokens": "select id, token_hash, hint, scopes, ledger_ids, expires_at from public.api_tokens",
    "links": "select id, used_at from public.links",
    "members": """select m.ledger_id, m.user_id, m.role,
        not u.is_placeholder and u.disabled_at is null as can_enter
        from public.members m join public.users u on u.id = m.user_id
        where exists (select from public.ledgers l where l.id = m.ledger_id)""",
}
_EPOCH: Final = """
update public.installation
set epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)
"""
_ERASED: Final = """
update public.users set name = $2, email = null, password_hash = null, is_admin = false,
  is_placeholder = true, default_ledger_id = null, disabled_at = coalesce(disabled_at, now()),
  version = version + 1, updated_at = now()
where id = $1 and not is_placeholder
"""
_PERSON: Final = """
update public.users set is_admin = is_admin and $2::boolean, disabled_at = coalesce($3::timestamptz, disabled_at),
  password_hash = $4::text, version = version + 1, updated_at = now()
where id = $1 and not is_placeholder
  and (is_admin and not $2::boolean or disabled_at is null and $3::timestamptz is not null
    or password_hash is distinct from $4::text)
"""
_GRANTED: Final = """
update public.api_tokens set token_hash = $2, hint = $3, scopes = $4, ledger_ids = $5,
  expires_at = $6
where id = $1
"""
_JOIN: Final = """
insert into public.members (ledger_id, user_id, role)
select $1, $2, $3 where exists (select from public.ledgers where id = $1)
  and exists (select from public.users where id = $2)
on conflict (ledger_id, user_id) do update set role = excluded.role
where members.role <> excluded.role
"""
_LEAVE: Final = """
delete from public.members where ledger_id = $1 and user_id <> all($2::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who may enter the current database; `known` False where it cannot be told."""

    known: bool
    rows: dict[str, list[asyncpg.Record]] = field(default_factory=dict)


NOBODY_KNOWS: Final = Entry(known=False)


async def is_service(connection: Connection) -> bool:
    return await connection.fetchval("select to_regclass('public.installation')") is not None


async def hold_entry(connection: Connection) -> Entry:
    """Read who may enter, in the caller's transaction, and let nobody change it before its end.

    A damaged database may have lost what this asks for: then nobody knows.
    """
    names = [f"public.{name}" for name in _TABLES]
    try:
        async with connection.transaction():
            await connection.execute("set local lock_timeout = '15s'")
            await connection.execute(f"lock table {', '.join(names)} in share mode")
            rows = {name: await connection.fetch(sql) for name, sql in _READ.items()}
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        return NOBODY_KNOWS
    return Entry(known=bool(rows["users"]), rows=rows)


async def renew(connection: Connection, entry: Entry, *, keep_tokens: bool = False) -> None:
    """Begin a new epoch and let in whom `entry` lets in; in the caller's transaction, repeatable.

    Tokens end where nobody knows whether they were revoked, unless `keep_tokens`.
    """
    await connection.execute("select set_config('outlay.context', $1, true)", _CONTEXT)
    await connection.execute(_EPOCH)
    await connection.execute("delete from public.sessions")
    await connection.execute("delete from public.sign_in_attempts")
    if not entry.known and keep_tokens:
        return
    if not entry.known:
        await connection.execute("delete from public.api_tokens")
        await connection.execute("delete from public.links where used_at is null")
        return
    await _members(connection, entry)
    await _people(connection, entry)
    await _tokens(connection, entry)
    await _links(connection, entry)


async def _people(connection: Connection, entry: Entry) -> None:
    for row in entry.rows["users"]:
        if row["is_placeholder"]:
            await connection.execute(_ERASED, row["id"], row["name"])
        else:
            values = (row["is_admin"], row["disabled_at"], row["password_hash"])
            await connection.execute(_PERSON, row["id"], *values)


async def _tokens(connection: Connection, entry: Entry) -> None:
    rows = entry.rows["tokens"]
    await connection.execute(
        "delete from public.api_tokens where id <> all($1::uuid[])", [row["id"] for row in rows]
    )
    await connection.executemany(_GRANTED, [tuple(row) for row in rows])


async def _links(connection: Connection, entry: Entry) -> None:
    rows = entry.rows["links"]
    await connection.execute(
        "delete from public.links where id <> all($1::uuid[])", [row["id"] for row in rows]
    )
    await connection.executemany(
        "update public.links set used_at = $2 where id = $1 and $2::timestamptz is not null",
        [tuple(row) for row in rows],
    )


async def _members(connection: Connection, entry: Entry) -> None:
    """Of ledgers that still have an owner who can enter; a ledger that lost all was damaged."""
    there = {row["id"] for row in await connection.fetch("select id from public.users")}
    by_ledger: dict[object, list[asyncpg.Record]] = {}
    for row in entry.rows["members"]:
        if row["user_id"] in there:
            by_ledger.setdefault(row["ledger_id"], []).append(row)
    for ledger, rows in by_ledger.items():
        if not any(row["role"] == "owner" and row["can_enter"] for row in rows):
            continue
        # Owners first: a ledger is never without one.
        for row in sorted(rows, key=lambda row: row["role"] != "owner"):
            await connection.execute(_JOIN, ledger, row["user_id"], row["role"])
        await connection.execute(_LEAVE, ledger, [row["user_id"] for row in rows])
