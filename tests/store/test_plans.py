"""With 200,000 rows in one ledger every list and summary still reads an index."""

import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator
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
CATEGORIES = [uuid4() for _ in range(30)]
ACCOUNT, TAG, PURCHASE, LARGE_IMPORT, SMALL_IMPORT = (uuid4() for _ in range(5))
# The small import lies at the far end of the ledger: by date, everything comes before it.
FILL = """
insert into public.expenses (ledger_id, id, kind, date, amount, currency, description, category_id,
  account_id, tag_ids, purchase_id, import_id, deleted_at)
select $1, gen_random_uuid(), case when n % 50 = 0 then 'income' else 'expense' end,
  date '2016-01-01' + (n * 3650 / 200000), 100 + (n * 7919) % 20000, case when n % 100 = 7 then 'USD' else 'EUR' end,
  case when n % 2 = 0 then 'market food ' else 'coffee ' end || 'shop' || (n % 5000),
  case when n % 900 <> 5 then ($2::uuid[])[1 + n % cardinality($2::uuid[])] end,
  case when n % 100 = 7 then null when n % 3 = 0 then $3::uuid end,
  case when n % 1000 = 0 then array[$4::uuid] else '{}' end,
  case when n between 501 and 503 then $5::uuid when n % 100 = 1 then gen_random_uuid() end,
  case when n between 1000 and 1099 then $6::uuid when n % 4 = 1 then $7::uuid end,
  case when n % 400 = 3 then now() end
from generate_series(1, $8) n
"""
# What grows with a ledger. Categories, accounts and tags are few, and quickest read as a whole.
LARGE = frozenset(
    {"expenses", "daily_totals", "monthly_totals", "daily_tag_totals", "words", "change_log"}
)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


class Explained:
    """A connection that notes the plans of every select it runs.

    A statement that is prepared once and run often may get a plan for its values or one for any
    values. Both are noted, but where the program asks for the one by values.
    """

    def __init__(self, db: asyncpg.Connection) -> None:
        self.db = db
        self.by_values: list[dict[str, Any]] = []
        self.for_any: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)

    async def fetch(self, sql: str, *params: Any) -> list[asyncpg.Record]:
        plan = _nodes_of(await self.db.fetchval(f"explain (format json) {sql}", *params))
        self.by_values += plan
        if await self.db.fetchval("show plan_cache_mode") == "force_custom_plan":
            self.for_any += plan
        else:
            self.for_any += await self._for_any(sql, len(params))
        return await self.db.fetch(sql, *params)

    async def _for_any(self, sql: str, params: int) -> list[dict[str, Any]]:
        nulls = f"({', '.join(['null'] * params)})" if params else ""
        await self.db.execute(f"prepare explained as {sql}")
        await self.db.execute("set plan_cache_mode = force_generic_plan")
        try:
            return _nodes_of(
                await self.db.fetchval(f"explain (format json) execute explained{nulls}")
            )
        finally:
            await self.db.execute("reset plan_cache_mode")
            await self.db.execute("deallocate explained")

    def uses(self, *names: str) -> bool:
        """Whether each of these indexes is read by either kind of plan."""
        return all(
            set(names) <= {node.get("Index Name") for node in found}
            for found in (self.by_values, self.for_any)
        )

    @property
    def ways(self) -> tuple[set[str], set[str]]:
        """The indexes by which either kind of plan comes to expenses, but for single rows by their id."""
        return tuple(  # type: ignore[return-value]
            {
                node["Index Name"]
                for node in found
                if node.get("Index Name", "").startswith("expenses_")
            }
            - {"expenses_pkey"}
            for found in (self.by_values, self.for_any)
        )

    def starts_at(self, column: str) -> bool:
        """Whether an index is entered at the key where the page before ended."""
        return all(
            any(f"ROW({column}, id) <" in node.get("Index Cond", "") for node in found)
            for found in (self.by_values, self.for_any)
        )

    @property
    def both(self) -> list[dict[str, Any]]:
        return [*self.by_values, *self.for_any]

    @property
    def indexes(self) -> tuple[set[str], set[str]]:
        """Names of the indexes read, by either kind of plan: what a failure shows."""
        return tuple(  # type: ignore[return-value]
            {node["Index Name"] for node in found if "Index Name" in node}
            for found in (self.by_values, self.for_any)
        )

    @property
    def relations(self) -> set[str]:
        return {node["Relation Name"] for node in self.both if "Relation Name" in node}

    @property
    def scanned(self) -> set[str]:
        """The large tables of which some statement reads every row."""
        scans = [node for node in self.both if node["Node Type"] == "Seq Scan"]
        return {node["Relation Name"] for node in scans} & LARGE


def _nodes_of(explained: str) -> list[dict[str, Any]]:
    return list(nodes(json.loads(explained)[0]["Plan"]))


class Filled:
    def __init__(self, db: asyncpg.Connection, ledger: UUID) -> None:
        self.db, self.ledger = db, ledger

    async def page(
        self, *, sort: page.Sort = "date", after: Key | None = None, **wanted: Any
    ) -> Explained:
        """A page and the sums of its days."""
        explained = Explained(self.db)
        filter_ = Filter(**wanted)
        words = await words_query(explained, self.ledger, filter_.q) if filter_.q else None  # type: ignore[arg-type]
        search = Search(
            ledger=self.ledger, wanted=filter_, words=words, sort=sort, after=after, limit=50
        )
        found = await page.find(explained, search)  # type: ignore[arg-type]
        assert found.records, wanted
        days = sorted({record["date"] for record in found.records})
        await page.day_totals(explained, search, days)  # type: ignore[arg-type]
        assert not explained.scanned, (wanted, explained.both)
        return explained

    async def summary(self, group: summary.Group, **wanted: Any) -> Explained:
        """March 2020 beside the month before it."""
        explained = Explained(self.db)
        filter_ = Filter(**wanted)
        words = await words_query(explained, self.ledger, filter_.q) if filter_.q else None  # type: ignore[arg-type]
        view = LedgerView(self.ledger, "EUR", "Europe/Rome", 1, 1, Role.owner)
        now = summary.Period(dt.date(2020, 3, 1), dt.date(2020, 3, 31))
        past = summary.Period(dt.date(2020, 2, 1), dt.date(2020, 2, 29))
        told = await summary.summarize(explained, view, filter_, words, now, past, group)  # type: ignore[arg-type]
        assert told.totals
        assert (group == "none") is not bool(told.groups)
        assert not explained.scanned, (group, wanted, explained.both)
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
    ledger = uuid4()
    await db.execute(
        "insert into ledgers (id, name, currency, time_zone) values ($1, 'Home', 'EUR', 'Europe/Rome')",
        ledger,
    )
    await db.executemany(
        "insert into categories (ledger_id, id, name) values ($1, $2, $3)",
        [(ledger, id_, f"c{n}") for n, id_ in enumerate(CATEGORIES)],
    )
    await db.execute(
        "insert into accounts (ledger_id, id, name, currency) values ($1, $2, 'Cash', 'EUR')",
        ledger,
        ACCOUNT,
    )
    await db.execute("insert into tags (ledger_id, id, name) values ($1, $2, 'trip')", ledger, TAG)
    await db.execute(
        FILL, ledger, CATEGORIES, ACCOUNT, TAG, PURCHASE, SMALL_IMPORT, LARGE_IMPORT, ROWS
    )
    await db.execute("vacuum analyze")
    return Filled(db, ledger)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from public.expenses where note <> ''",
        "select count(*) from public.expenses where note = $1",
        """with e as materialized (select id from public.expenses where note = $1)
        select * from (select 1) one left join lateral (select * from e limit 1) two on true""",
    ],
    ids=["alone", "under a sum", "in a part of its own"],
)
async def test_a_statement_that_reads_every_row_is_noticed(filled: Filled, sql: str) -> None:
    explained = Explained(filled.db)
    await explained.fetch(sql, *(["x"] if "$1" in sql else []))
    assert explained.scanned == {"expenses"}
    assert not explained.uses("expenses_date_idx")


async def test_a_plan_for_any_values_is_noticed_too(filled: Filled) -> None:
    """A few rows of one import are found by its index; for any import, rows in order seem nearer."""
    explained = Explained(filled.db)
    await explained.fetch(
        "select id from public.expenses where ledger_id = $1 and import_id = $2"
        " and deleted_at is null order by date desc, id desc limit 51",
        filled.ledger, SMALL_IMPORT,
    )  # fmt: skip
    assert explained.ways == ({"expenses_import_idx"}, {"expenses_date_idx"})
    assert not explained.uses("expenses_import_idx")


async def test_the_first_page_and_one_deep_inside_read_the_index_by_date(filled: Filled) -> None:
    assert (await filled.page()).uses("expenses_date_idx", "daily_totals_pkey")
    deep = await filled.page(after=Key(dt.date(2018, 5, 1), uuid4()))
    assert deep.uses("expenses_date_idx")
    assert deep.starts_at("date")


async def test_a_page_deep_inside_by_amount_starts_where_the_one_before_ended(
    filled: Filled,
) -> None:
    deep = await filled.page(sort="amount", currency="EUR", after=Key(5000, uuid4()))
    assert deep.uses("expenses_amount_idx")
    assert deep.starts_at("amount")


@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [
        ({"category": str(CATEGORIES[3])}, ["expenses_category_idx"]),
        ({"category": "none"}, ["expenses_uncategorised_idx"]),
        ({"account": ACCOUNT}, ["expenses_account_idx", "expenses_to_account_idx"]),
        ({"kind": "income"}, ["expenses_kind_idx"]),
        ({"kind": "expense"}, ["expenses_date_idx"]),
        ({"currency": "EUR"}, ["expenses_date_idx", "expenses_amount_idx"]),
        ({"sort": "amount", "currency": "EUR"}, ["expenses_amount_idx"]),
        ({"currency": "EUR", "min": "150", "max": "151"}, ["expenses_amount_idx"]),
        ({"q": "shop4321"}, ["expenses_date_idx", "expenses_words_idx"]),
        ({"q": "shpo4321"}, ["expenses_date_idx", "expenses_words_idx"]),
        ({"q": "coffee"}, ["expenses_date_idx"]),
        ({"tag": str(TAG)}, ["expenses_date_idx", "expenses_tags_idx"]),
        ({"tag": "none"}, ["expenses_date_idx"]),
        ({"from_": dt.date(2017, 1, 1), "to": dt.date(2017, 1, 3)}, ["expenses_date_idx"]),
        ({"trashed": True}, ["expenses_trash_idx", "expenses_trash_age_idx"]),
        ({"purchase": PURCHASE}, ["expenses_purchase_idx"]),
        ({"import_id": SMALL_IMPORT}, ["expenses_import_idx"]),
        ({"import_id": LARGE_IMPORT}, ["expenses_date_idx", "expenses_import_idx"]),
    ],
    ids=[
        "category", "no category", "account", "kind", "common kind", "currency", "by amount", "amounts",
        "rare word", "misspelt word", "common word", "tag", "no tag", "dates", "trash", "purchase",
        "small import", "large import",
    ],
)  # fmt: skip
async def test_every_filter_reads_its_own_index(
    filled: Filled, wanted: dict[str, Any], indexes: list[str]
) -> None:
    """Where there are two, one finds the page or its beginning, the other counts or finds the rest."""
    assert (await filled.page(**wanted)).ways == (set(indexes), set(indexes))


@pytest.mark.parametrize(
    ("group", "wanted", "indexes"),
    [
        ("none", {}, ["monthly_totals_pkey"]),
        ("category", {}, ["monthly_totals_pkey"]),
        ("month", {}, ["monthly_totals_pkey"]),
        ("day", {}, ["daily_totals_pkey"]),
        ("week", {}, ["daily_totals_pkey"]),
        ("tag", {}, ["daily_tag_totals_pkey", "monthly_totals_pkey"]),
        ("month", {"tag": str(TAG)}, ["daily_tag_totals_pkey"]),
    ],
    ids=["none", "category", "month", "day", "week", "tag", "month of a tag"],
)
async def test_summaries_read_the_totals_and_never_the_rows(
    filled: Filled, group: summary.Group, wanted: dict[str, Any], indexes: list[str]
) -> None:
    explained = await filled.summary(group, **wanted)
    assert explained.uses(*indexes), explained.indexes
    assert "expenses" not in explained.relations


@pytest.mark.parametrize(
    ("group", "wanted", "indexes"),
    [
        ("account", {}, ["expenses_date_idx"]),
        ("description", {}, ["expenses_date_idx"]),
        ("none", {"account": ACCOUNT}, ["expenses_account_idx"]),
        ("week", {"account": ACCOUNT}, ["expenses_account_idx"]),
        ("none", {"q": "coffee"}, ["expenses_date_idx"]),
        ("category", {"q": "shop4321"}, ["expenses_words_idx"]),
    ],
    ids=["account", "description", "of an account", "weeks of an account", "of a word", "of a rare word"],
)  # fmt: skip
async def test_summaries_that_no_total_answers_read_their_period_by_an_index(
    filled: Filled, group: summary.Group, wanted: dict[str, Any], indexes: list[str]
) -> None:
    """Every row of the period is read, as each counts; no row of another time is."""
    explained = await filled.summary(group, **wanted)
    assert explained.uses(*indexes), explained.indexes
