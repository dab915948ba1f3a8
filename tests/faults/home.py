"""A household whose books can be added up again from the rows, straight in its database."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import asyncpg

from outlay.access import secret_hash

LIST = "/api/v1/ledgers/default/expenses"

_DAYS = """
select day::text, category_id::text, currency, kind, amount, entries from daily_totals where entries <> 0
"""
_DAYS_AGAIN = """
select date::text, coalesce(category_id, '00000000-0000-0000-0000-000000000000')::text, currency,
  case when refund_of is null then kind else 'refund' end, sum(amount), count(*)
from expenses where deleted_at is null group by 1, 2, 3, 4
"""
_ACCOUNTS = """
select account_id::text, day::text, amount, entries from account_totals where entries <> 0
"""
_ACCOUNTS_AGAIN = """
select account::text, date::text, sum(signed), count(*) from (
  select account_id as account, date, case kind when 'income' then amount else -amount end as signed
  from expenses where deleted_at is null and account_id is not null
  union all
  select to_account_id, date, to_amount from expenses
  where deleted_at is null and to_account_id is not null
) flows group by 1, 2
"""
_TAGS = "select tag_id::text, entries from tag_totals where entries <> 0"
_TAGS_AGAIN = """
select tag::text, count(*) from expenses, unnest(tag_ids) as tag where deleted_at is null group by 1
"""
_TAG_DAYS = """
select tag_id::text, day::text, currency, kind, amount, entries from daily_tag_totals where entries <> 0
"""
_TAG_DAYS_AGAIN = """
select tag::text, date::text, currency, case when refund_of is null then kind else 'refund' end,
  sum(amount), count(*)
from expenses, unnest('00000000-0000-0000-0000-000000000000'::uuid || tag_ids) as tag
where deleted_at is null and tag_ids <> '{}' group by 1, 2, 3, 4
"""
_HISTORY = """
select count(*) from expenses e where not exists (
  select from change_log l where l.ledger_id = e.ledger_id and l.entity = 'expense' and l.entity_id = e.id
    and (l.after ->> 'version')::integer = e.version)
"""


@dataclass
class Home:
    dsn: str
    token: str
    ledger: UUID
    accounts: list[UUID] = field(default_factory=list)
    tags: list[UUID] = field(default_factory=list)
    categories: list[UUID] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[asyncpg.Connection]:
        db = await asyncpg.connect(self.dsn, timeout=20)
        try:
            yield db
        finally:
            await db.close()

    async def rows(self) -> dict[UUID, int]:
        """Every expense outside the trash with its minor units."""
        async with self.opened() as db:
            found = await db.fetch("select id, amount from expenses where deleted_at is null")
        return {row["id"]: row["amount"] for row in found}

    async def balance(self) -> None:
        """Every total is what its rows add up to, and every row's newest version is in its history."""
        async with self.opened() as db:
            for kept, again in (
                (_DAYS, _DAYS_AGAIN),
                (_ACCOUNTS, _ACCOUNTS_AGAIN),
                (_TAGS, _TAGS_AGAIN),
                (_TAG_DAYS, _TAG_DAYS_AGAIN),
            ):
                assert sorted(map(tuple, await db.fetch(kept))) == sorted(
                    map(tuple, await db.fetch(again))
                )
            assert await db.fetchval(_HISTORY) == 0


async def move_in(dsn: str) -> Home:
    user = uuid4()
    home = Home(dsn, secrets.token_urlsafe(32), uuid4())
    async with home.opened() as db:
        await db.execute(
            "insert into ledgers (id, name, currency, time_zone) values ($1, 'Home', 'EUR', 'UTC')",
            home.ledger,
        )
        await db.execute(
            "insert into users (id, email, name, default_ledger_id) values ($1, 'a@example.org', 'Ada', $2)",
            user, home.ledger,
        )  # fmt: skip
        await db.execute(
            "insert into members (ledger_id, user_id, role) values ($1, $2, 'owner')",
            home.ledger,
            user,
        )
        await db.execute(
            "insert into api_tokens (id, token_hash, hint, user_id, name, scopes) "
            "values ($1, $2, '', $3, 'test', '{read,write,admin}')",
            uuid4(), secret_hash(home.token), user,
        )  # fmt: skip
        for table, ids, extra in (
            ("accounts", home.accounts, ", currency) values ($1, $2, $3, 'EUR')"),
            ("tags", home.tags, ") values ($1, $2, $3)"),
            ("categories", home.categories, ") values ($1, $2, $3)"),
        ):
            for place in range(4):
                ids.append(uuid4())
                await db.execute(
                    f"insert into {table} (ledger_id, id, name{extra}", home.ledger, ids[-1], str(place)
                )  # fmt: skip
    return home
