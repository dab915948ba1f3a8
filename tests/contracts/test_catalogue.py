"""The database's catalogue: ledger_id leads every key of what belongs to a household."""

import asyncpg

# Tables that cross ledgers by nature, and keys that must be found without knowing a ledger.
CROSSING = {
    "installation", "users", "sessions", "api_tokens", "links", "sign_in_attempts", "ledgers",
    "schema_migrations",
}  # fmt: skip
KEYS_BY_USER = {"members_user_idx", "idempotency_keys_age_idx"}

_INDEXES = """
select t.relname as relation, i.relname as name,
  (select a.attname from pg_attribute a where a.attrelid = t.oid and a.attnum = x.indkey[0]) as first
from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
where t.relnamespace = 'public'::regnamespace
"""
_FOREIGN = """
select c.conrelid::regclass::text as relation, c.conname as name, c.confrelid::regclass::text as target,
  (select a.attname from pg_attribute a where a.attrelid = c.conrelid and a.attnum = c.conkey[1]) as first
from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace
"""


async def test_ledger_id_leads_every_index(db: asyncpg.Connection) -> None:
    rows = await db.fetch(_INDEXES)
    wrong = [
        row["name"] for row in rows
        if row["relation"] not in CROSSING and row["name"] not in KEYS_BY_USER and row["first"] != "ledger_id"
    ]  # fmt: skip
    assert wrong == []
    assert len(rows) > 25


async def test_ledger_id_leads_every_foreign_key_inside_a_household(db: asyncpg.Connection) -> None:
    wrong = [
        row["name"] for row in await db.fetch(_FOREIGN)
        if row["relation"] not in CROSSING and row["target"] not in CROSSING and row["first"] != "ledger_id"
    ]  # fmt: skip
    assert wrong == []


async def test_every_household_table_has_a_primary_key(db: asyncpg.Connection) -> None:
    rows = await db.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
        "and not exists (select from pg_index where indrelid = pg_class.oid and indisprimary)"
    )
    assert {row["relname"] for row in rows} <= {"sign_in_attempts"}
