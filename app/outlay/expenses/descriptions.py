"""What the money of a period went to, by what people wrote: the largest descriptions of each currency."""

from typing import Final

import asyncpg

from outlay.db import Connection
from outlay.expenses.filters import Where
from outlay.expenses.page import custom_plans

MOST: Final = 50

# Texts are fewer than rows: sums of each as it is written come first. What fold_text() does besides
# (punctuation, invisible marks) takes ten times as long as the rest, and plain ASCII needs lower()
# only. The key is how the row that was recorded last has it (of rows recorded at once, the first in the
# order of its letters), the same in every currency.
_TOP: Final = """
with written as materialized (
  select e.date >= {start} as is_now, e.description, e.currency, max(e.created_at) as at, {sums}
  from public.expenses e where {where} and e.kind <> 'transfer' group by 1, 2, 3
), folded as materialized (
  select *, case when octet_length(description) = length(description) then lower(description)
    else lower(public.unaccent('public.unaccent'::regdictionary, normalize(description, nfkc)))
    end collate "C" as fold
  from written
), named as (
  select *, first_value(description)
    over (partition by fold order by at desc, description collate "C") as key
  from folded
), parts as (
  select fold, key, currency,
    coalesce(sum(spent) filter (where is_now), 0) as spent,
    coalesce(sum(income) filter (where is_now), 0) as income,
    coalesce(sum(entries) filter (where is_now), 0) as entries,
    coalesce(sum(spent) filter (where not is_now), 0) as previous_spent
  from named group by 1, 2, 3
), placed as (
  select *, row_number() over (partition by currency order by spent desc, fold) as place from parts
)
select nullif(key, '') as key, currency, spent, income, entries, previous_spent
from placed where place <= {most} order by currency, place
"""


async def top(db: Connection, where: Where, start: str, sums: str) -> list[asyncpg.Record]:
    """At most fifty of each currency, largest spending from `start` on first.

    `where` has the dates of both periods; `start` and `sums` are SQL. Rows without a description
    have the key null; case and accents do not tell descriptions apart.
    """
    sql = _TOP.format(start=start, sums=sums, where=where.sql, most=MOST)
    async with db.transaction(readonly=True):
        await custom_plans(db)
        return await db.fetch(sql, *where.params)
