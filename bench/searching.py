"""Three ways to find words among a million rows: plain trigrams, plain full text, and ours.

The same descriptions and notes are copied into a table of their own for each of the two plain ones.
Each gives the newest fifty matches of a ledger as it would have to for a list.
"""

from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from bench import data, house, scale, statements
from bench.figures import Figure, told
from bench.house import console
from outlay.expenses.filters import Filter
from outlay.expenses.search import MIN_SIMILARITY, words_query

PART = "searching"
TRIES, WARMING = 9, 2
LIMIT = 50

_COPY = (
    "drop table if exists bench.plain",
    """create table bench.plain as
    select ledger_id, id, date, description || ' ' || note as text,
      public.fold_text(description || ' ' || note) as folded, ''::tsvector as search
    from public.expenses where ledger_id = $1 and deleted_at is null limit 0""",
    """insert into bench.plain
    select ledger_id, id, date, description || ' ' || note, public.fold_text(description || ' ' || note),
      to_tsvector('simple', public.fold_text(description || ' ' || note))
    from public.expenses where ledger_id = $1 and deleted_at is null""",
    "create index plain_date_idx on bench.plain (ledger_id, date desc, id desc)",
)
_TRIGRAMS_INDEX = (
    "create index plain_trigram_idx on bench.plain using gin (folded public.gin_trgm_ops)"
)
_FULL_TEXT_INDEX = "create index plain_text_idx on bench.plain using gin (search)"
_TRIGRAMS = """
select id, date, text from bench.plain
where ledger_id = $1 and (folded like '%' || $2 || '%' or $2 operator(public.<%) folded)
order by date desc, id desc limit $3
"""
_FULL_TEXT = """
select id, date, text from bench.plain
where ledger_id = $1 and search @@ plainto_tsquery('simple', $2) order by date desc, id desc limit $3
"""

Way = Callable[[str], Awaitable[int]]


async def run(dsn: str, rows: int) -> list[Figure]:
    async with house.connected(dsn) as db:
        ledger = await scale.furnish(db, scale.LARGE, rows)
        await _copy(db, ledger)
        common = (await scale.common_words(db))[0]
        rare = data.IN_TWENTY_ROWS
        words = {
            "common word": common, "rare word": rare, "rare word, mistyped": scale.mistyped(rare),
            "common word, mistyped": scale.mistyped(common),
        }  # fmt: skip
        figures = [told(PART, *size) for size in await _sizes(db)]
        for way, find in _ways(db, ledger).items():
            for name, word in words.items():
                figures.append(await _measured(f"{name}: {way}", find, word))
        await db.execute("drop table bench.plain")
    return figures


async def _copy(db: asyncpg.Connection, ledger: UUID) -> None:
    drop, shape, fill, index = _COPY
    await db.execute(drop)
    await db.execute(shape.replace("$1", f"'{ledger}'"))
    await db.execute(fill, ledger)
    console.print("  the texts are copied")
    for statement in (index, _TRIGRAMS_INDEX, _FULL_TEXT_INDEX, "vacuum (analyze) bench.plain"):
        await db.execute(statement)
    console.print("  the plain indexes are there")


async def _sizes(db: asyncpg.Connection) -> list[tuple[str, str]]:
    names = {
        "index: plain trigrams": "bench.plain_trigram_idx",
        "index: plain full text": "bench.plain_text_idx",
        "index: ours, of all ledgers": "public.expenses_words_idx",
        "index: ours, the vocabulary": "public.words_similar_idx",
    }
    return [
        (name, await db.fetchval("select pg_size_pretty(pg_relation_size($1::text::regclass))", index))
        for name, index in names.items()
    ]  # fmt: skip


def _ways(db: asyncpg.Connection, ledger: UUID) -> dict[str, Way]:
    async def plain(sql: str, word: str) -> int:
        async with db.transaction(readonly=True):
            await db.execute("set local plan_cache_mode = force_custom_plan")
            await db.execute(f"set local pg_trgm.word_similarity_threshold = {MIN_SIMILARITY}")
            return len(await db.fetch(sql, ledger, word, LIMIT))

    async def ours(word: str) -> int:
        words = await words_query(db, ledger, word)
        if not words:
            return 0
        found: list[Any] = await statements.list_page(db, ledger, Filter(q=word), words=words)
        return len(found[:LIMIT])

    return {
        "plain trigrams": lambda word: plain(_TRIGRAMS, word),
        "plain full text": lambda word: plain(_FULL_TEXT, word),
        "ours, counting and day totals included": ours,
    }


async def _measured(name: str, find: Way, word: str) -> Figure:
    times, found = [], 0
    for _ in range(WARMING + TRIES):
        started = perf_counter()
        found = await find(word)
        times.append((perf_counter() - started) * 1000)
    middle, worst = median(times[WARMING:]), max(times[WARMING:])
    console.print(f"  {name}: {middle:.1f} ms")
    return told(PART, name, f"{middle:.1f} ms, at worst {worst:.1f} ms, {found} rows")
