"""With 200,000 rows in one ledger every list and summary still reads an index."""

import datetime as dt
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from conftest import cloned
from outlay.access import LedgerView, Role
from outlay.expenses import page, summary
from outlay.expenses.filters import Filter
from outlay.expenses.page import Key, Search
from outlay.expenses.search import words_query

ROWS = 200_000
FILL = """
insert into public.expenses (ledger_id, id, kind, date, amount, currency, description, category_id, account_id, tag_ids)
select $1, gen_random_uuid(), case when n % 50 = 0 then 'income' else 'expense' end,
  date '2016-01-01' + (n * 3650 / 200000), 100 + (n * 7919) % 20000, case when n % 100 = 7 then 'USD' else 'EUR' end,
  case when n % 2 = 0 then 'market food ' else 'coffee ' end || 'shop' || (n % 5000),
  ($2::uuid[])[1 + n % cardinality($2::uuid[])], case when n % 100 = 7 then null when n % 3 = 0 then $3::uuid end,
  case when n % 1000 = 0 then array[$4::uuid] else '{}' end
from generate_series(1, $5) n
"""


class Explained:
    """A connection that notes the plan of every select it runs, with a custom and a generic plan."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self.db = db
        self.plans: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)

    async def fetch(self, sql: str, *params: Any) -> list[asyncpg.Record]:
        plan = await self.db.fetchval(f"explain (format json) {sql}", *params)
        self.plans.append(json.dumps(json.loads(plan)))
        return await self.db.fetch(sql, *params)

    def uses(self, *names: str) -> bool:
        return all(any(f'"{name}"' in plan for plan in self.plans) for name in names)

    @property
    def scans_everything(self) -> bool:
        return any(
            f'"Node Type": "Seq Scan", "Parallel Aware": {aware}, "Async Capable": false, "Relation Name": "{name}"'
            in plan
            for plan in self.plans for aware in ("true", "false") for name in ("expenses", "daily_totals", "monthly_totals")
        )  # fmt: skip


class Filled:
    def __init__(
        self, db: asyncpg.Connection, ledger: UUID, categories: list[UUID], account: UUID, tag: UUID
    ) -> None:
        self.db, self.ledger, self.categories, self.account, self.tag = (
            db,
            ledger,
            categories,
            account,
            tag,
        )

    @property
    def view(self) -> LedgerView:
        return LedgerView(self.ledger, "EUR", "Europe/Rome", 1, 1, Role.owner)

    async def page(
        self, *, sort: page.Sort = "date", after: Key | None = None, **wanted: Any
    ) -> Explained:
        explained = Explained(self.db)
        filter_ = Filter(**wanted)
        words = await words_query(self.db, self.ledger, filter_.q) if filter_.q else None
        search = Search(
            ledger=self.ledger, wanted=filter_, words=words, sort=sort, after=after, limit=50
        )
        found = await page.find(explained, search)  # type: ignore[arg-type]
        assert found.records, wanted
        days = sorted({record["date"] for record in found.records})
        await page.day_totals(explained, search, days)  # type: ignore[arg-type]
        assert not explained.scans_everything, (wanted, explained.plans)
        return explained


@pytest.fixture(scope="module")
async def filled(server: str, template: str) -> AsyncIterator[Filled]:
    async with cloned(server, template) as dsn:
        db = await asyncpg.connect(dsn)
        try:
            yield await _fill(db)
        finally:
            await db.close()


async def _fill(db: asyncpg.Connection) -> Filled:
    ledger, account, tag = uuid4(), uuid4(), uuid4()
    categories = [uuid4() for _ in range(30)]
    await db.execute(
        "insert into ledgers (id, name, currency, time_zone) values ($1, 'Home', 'EUR', 'Europe/Rome')",
        ledger,
    )
    await db.executemany(
        "insert into categories (ledger_id, id, name) values ($1, $2, $3)",
        [(ledger, id_, f"c{n}") for n, id_ in enumerate(categories)],
    )
    await db.execute(
        "insert into accounts (ledger_id, id, name, currency) values ($1, $2, 'Cash', 'EUR')",
        ledger,
        account,
    )
    await db.execute("insert into tags (ledger_id, id, name) values ($1, $2, 'trip')", ledger, tag)
    await db.execute(FILL, ledger, categories, account, tag, ROWS)
    await db.execute("vacuum analyze")
    return Filled(db, ledger, categories, account, tag)


async def test_the_first_page_and_one_deep_inside_read_the_index_by_date(filled: Filled) -> None:
    assert (await filled.page()).uses("expenses_date_idx", "daily_totals_pkey")
    assert (await filled.page(after=Key(dt.date(2018, 5, 1), uuid4()))).uses("expenses_date_idx")
    await filled.db.execute("set plan_cache_mode = force_generic_plan")
    try:
        assert (await filled.page(after=Key(dt.date(2018, 5, 1), uuid4()))).uses(
            "expenses_date_idx"
        )
    finally:
        await filled.db.execute("reset plan_cache_mode")


async def test_every_filter_reads_its_own_index(filled: Filled) -> None:
    assert (await filled.page(category=str(filled.categories[3]))).uses("expenses_category_idx")
    assert (await filled.page(account=filled.account)).uses(
        "expenses_account_idx", "expenses_to_account_idx"
    )
    assert (await filled.page(kind="income")).uses("expenses_kind_idx")
    assert (await filled.page(sort="amount", currency="EUR")).uses("expenses_amount_idx")
    assert (await filled.page(currency="EUR", min="150", max="151")).plans
    assert (await filled.page(q="shop4321")).uses("expenses_words_idx")
    assert (await filled.page(q="shpo4321")).plans
    assert (await filled.page(q="coffee")).uses("expenses_date_idx")
    assert (await filled.page(tag=str(filled.tag))).plans
    assert (await filled.page(from_=dt.date(2017, 1, 1), to=dt.date(2017, 1, 3))).uses(
        "expenses_date_idx"
    )


async def test_summaries_read_the_totals_and_never_the_rows(filled: Filled) -> None:
    now = summary.Period(dt.date(2020, 3, 1), dt.date(2020, 3, 31))
    past = summary.Period(dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    for group in ("none", "category", "day", "month"):
        explained = Explained(filled.db)
        told = await summary.summarize(explained, filled.view, Filter(), None, now, past, group)  # type: ignore[arg-type]
        assert told.totals[0].spent > "0"
        assert explained.uses("daily_totals_pkey" if group == "day" else "monthly_totals_pkey")
        assert not any('"Relation Name": "expenses"' in plan for plan in explained.plans)
    explained = Explained(filled.db)
    told = await summary.summarize(explained, filled.view, Filter(), None, now, past, "tag")  # type: ignore[arg-type]
    assert {part.key for part in told.groups} == {None, str(filled.tag)}
    assert explained.uses("daily_tag_totals_pkey", "monthly_totals_pkey")
    assert not any('"Relation Name": "expenses"' in plan for plan in explained.plans)
    explained = Explained(filled.db)
    wanted = Filter(tag=str(filled.tag))
    told = await summary.summarize(explained, filled.view, wanted, None, now, past, "month")  # type: ignore[arg-type]
    assert told.groups
    assert explained.uses("daily_tag_totals_pkey")
    assert not any('"Relation Name": "expenses"' in plan for plan in explained.plans)
    for group in ("account", "description"):
        explained = Explained(filled.db)
        told = await summary.summarize(explained, filled.view, Filter(), None, now, past, group)  # type: ignore[arg-type]
        assert told.groups
        assert explained.uses("expenses_date_idx")
        assert not explained.scans_everything
