"""Ten years of a household in SQL: few words are common, most are rare, as in real descriptions."""

from uuid import UUID

import asyncpg

from bench.house import ACCOUNTS, CATEGORIES, TAGS, USER, account, category, console, tag

VOCABULARY = 20_000
BATCH = 100_000
DAYS = 3650

# Words with a known number of rows, whatever the size of the ledger.
IN_TWENTY_ROWS = "lighthouse"
IN_TWO_HUNDRED_ROWS = "harmonica"
# Each in a tenth of the rows, never together.
NEVER_MEET = ("wednesday", "thursday")
# In half of the rows of the first year, and in none since.
ONLY_OLD = "millennium"
# These carry twenty rows each.
RARE_CATEGORY, RARE_TAG, RARE_CURRENCY = CATEGORIES - 1, TAGS - 1, "CHF"

_WORDS = """
create schema if not exists bench;
create table if not exists bench.words (rank integer primary key, word text not null);
insert into bench.words
select rank, string_agg(
  (array['ba','ko','li','mar','ten','os','ri','pa','vu','sel','an','do','ge','hu','ist','ja','ke',
    'lo','mi','nor','pe','qua','ro','sta','tu','ul','ve','wi','xa','yo','za','bri','cha','den',
    'el','fa','gro','ham','in','jo','kra','lun','me','na','or','pli','ques','rum','so','tra'])
    [1 + get_byte(sha256(rank::text::bytea), place) % 50], '' order by place)
from generate_series(1, $1::integer) as rank,
  generate_series(0, 2 + get_byte(sha256(rank::text::bytea), 31) % 3) as place
group by rank on conflict do nothing
"""
_FILL = """
with drawn as materialized (
  select n, random() as luck,
    (current_date - ((($3::bigint - n) * $4::integer) / $3::bigint)::integer) as date,
    least($5::integer, floor(power($5::integer, random())))::integer as r1,
    least($5::integer, floor(power($5::integer, random())))::integer as r2,
    case when random() < 0.6 then least($5::integer, floor(power($5::integer, random())))::integer end as r3,
    1 + least(cardinality($6::uuid[]) - 1, floor(-ln(random()) * cardinality($6::uuid[]) / 5))::integer as c,
    1 + floor(power(random(), 2) * cardinality($7::uuid[]))::integer as a,
    1 + floor(power(random(), 2) * cardinality($8::uuid[]))::integer as t,
    random() as tagged, round(exp(random() * 5 + 4))::bigint as amount
  from generate_series($1::integer, $2::integer) as n
)
insert into public.expenses (ledger_id, id, kind, date, amount, currency, description, note,
  category_id, tag_ids, account_id, to_account_id, to_amount, to_currency, source, created_by, deleted_at)
select $9::uuid, uuidv7(make_interval(days => date - current_date)), kind, date, amount, currency,
  concat_ws(' ', w1.word, w2.word, w3.word,
    case when n % 10 = 3 then $10 when n % 10 = 6 then $11 end,
    case when n <= $3::bigint / 10 and n % 2 = 0 then $12 end,
    case when n % ($3::bigint / 20) = 7 then $13 end, case when n % ($3::bigint / 200) = 9 then $14 end),
  case when luck > 0.95 then w2.word || ' ' || w1.word || ' receipt' else '' end,
  case when kind = 'transfer' or luck between 0.6 and 0.62 then null
    when n % ($3::bigint / 20) = 13 then $17 else ($6::uuid[])[c] end,
  case when n % ($3::bigint / 20) = 17 then array[$18::uuid]
    when tagged < 0.2 then array[($8::uuid[])[t]] else '{}' end,
  case when currency = 'EUR' then ($7::uuid[])[case kind when 'transfer' then 1 else a end] end,
  case kind when 'transfer' then ($7::uuid[])[2] end,
  case kind when 'transfer' then amount end,
  case kind when 'transfer' then currency end,
  'import', $15::uuid, case when luck between 0.5 and 0.505 then now() end
from (select *, case when luck < 0.92 then 'expense' when luck < 0.97 then 'income' else 'transfer' end as kind,
    case when n % ($3::bigint / 20) = 11 and luck < 0.97 then $16
      when tagged > 0.98 and luck < 0.97 then 'USD' else 'EUR' end as currency from drawn) drawn
join bench.words w1 on w1.rank = r1 join bench.words w2 on w2.rank = r2
left join bench.words w3 on w3.rank = r3
order by n
"""


async def fill(db: asyncpg.Connection, ledger: UUID, rows: int, days: int = DAYS) -> None:
    """Fill an empty ledger with the `rows` rows of `days`, triggers included but for the change log."""
    if await db.fetchval("select true from public.expenses where ledger_id = $1 limit 1", ledger):
        return
    await make_words(db)
    for start in range(1, rows + 1, BATCH):
        async with db.transaction():
            await db.execute("set local outlay.mode = 'replay'")
            await db.execute("set local work_mem = '128MB'")
            await db.execute(
                _FILL, start, min(rows, start + BATCH - 1), rows, days, VOCABULARY,
                [category(ledger, n) for n in range(RARE_CATEGORY)],
                [account(ledger, n) for n in range(ACCOUNTS)],
                [tag(ledger, n) for n in range(RARE_TAG)],
                ledger, *NEVER_MEET, ONLY_OLD, IN_TWENTY_ROWS, IN_TWO_HUNDRED_ROWS, USER,
                RARE_CURRENCY, category(ledger, RARE_CATEGORY), tag(ledger, RARE_TAG),
            )  # fmt: skip
        if rows > BATCH:
            console.print(f"  {min(rows, start + BATCH - 1):,} of {rows:,} rows are there")
    for table in (
        "expenses",
        "daily_totals",
        "account_totals",
        "tag_totals",
        "daily_tag_totals",
        "words",
    ):
        await db.execute(f"vacuum (analyze) public.{table}")


async def make_words(db: asyncpg.Connection) -> None:
    create_schema, create_table, insert = _WORDS.split(";")
    await db.execute(create_schema)
    await db.execute(create_table)
    await db.execute(insert, VOCABULARY)
