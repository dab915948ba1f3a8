"""A database of an earlier version has everything after the upgrade that a new one has."""

from uuid import uuid4

import asyncpg
import pytest

from conftest import cloned
from ledger.household import _WRONG
from outlay.migrations import runner

BEFORE_TAG_DAYS = 7
TAGGED = """
insert into expenses (ledger_id, id, kind, date, amount, currency, tag_ids, deleted_at)
select $1, gen_random_uuid(), 'expense', date '2026-01-01' + n / 2, 100 + n, 'EUR',
  ($2::uuid[])[1:n % 3], case when n % 5 = 0 then now() end
from generate_series(1, 20) n
"""


async def test_tags_given_before_are_summed_up(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, tags = uuid4(), [uuid4(), uuid4()]
    everything = runner.migrations()
    async with cloned(server, "template1") as dsn:
        db = await asyncpg.connect(dsn)
        with monkeypatch.context() as earlier:
            earlier.setattr(runner, "migrations", lambda: everything[:BEFORE_TAG_DAYS])
            await runner.migrate(db)
        await db.execute("insert into ledgers values ($1, 'Home', 'EUR', 'Europe/Rome')", ledger)
        await db.executemany(
            "insert into tags (ledger_id, id, name) values ($1, $2, $3)",
            [(ledger, tag, f"tag {place}") for place, tag in enumerate(tags)],
        )
        await db.execute(TAGGED, ledger, tags)
        assert await runner.migrate(db) == everything[BEFORE_TAG_DAYS:]
        assert await db.fetchval("select count(distinct tag_id) from daily_tag_totals") == 3
        for what, sql in _WRONG.items():
            assert await db.fetch(sql, ledger) == [], what
        await db.close()
