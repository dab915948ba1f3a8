"""Archive out, archive in: the same ledger, whatever is in it and whatever happened to it."""

import csv
import io
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports.files import brought, lasting, written
from exports.household import LIVES, Household, Step, lived
from outlay.db import Pool, acquire
from outlay.expenses.filters import Filter
from outlay.exports import table
from outlay.exports.cells import neutral
from outlay.exports.snapshot import snapshot
from outlay.money.rules import format_amount
from world import World

SETTINGS = settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_TOTALS = """
select 'day', day::text, category_id::text, currency, kind, amount, entries
from daily_totals where ledger_id = $1 and (amount, entries) <> (0, 0)
union all select 'month', month::text, category_id::text, currency, kind, amount, entries
from monthly_totals where ledger_id = $1 and (amount, entries) <> (0, 0)
union all select 'account', day::text, account_id::text, '', '', amount, entries
from account_totals where ledger_id = $1 and (amount, entries) <> (0, 0)
union all select 'tag', day::text, tag_id::text, currency, kind, amount, entries
from daily_tag_totals where ledger_id = $1 and (amount, entries) <> (0, 0)
union all select 'tag', '', tag_id::text, '', '', 0, entries
from tag_totals where ledger_id = $1 and entries <> 0
order by 1, 2, 3, 4, 5
"""


async def at_home(pool: Pool, home: Household) -> None:
    """Ada has an account there; nobody else of the ledger has."""
    await pool.execute(
        "insert into users (id, email, name) values ($1, $2, 'Ada')", home.ada.id, f"{home.ada.id}@x.org"
    )  # fmt: skip


@SETTINGS
@given(LIVES, st.booleans())
async def test_an_imported_archive_is_exported_byte_for_byte(
    world: World, elsewhere: Pool, steps: list[Step], history: bool
) -> None:
    home = await lived(world, steps)
    first = await written(world.service.pool, home.ledger, history=history)
    await at_home(elsewhere, home)
    assert await brought(elsewhere, first, home.ada.id) == home.ledger
    second = await written(elsewhere, home.ledger, history=history)
    assert lasting(second) == lasting(first)
    here = await world.service.pool.fetch(_TOTALS, home.ledger)
    assert [tuple(row) for row in await elsewhere.fetch(_TOTALS, home.ledger)] == [
        tuple(row) for row in here
    ]


async def acquainted(pool: Pool, home: Household) -> None:
    """Ada and Bob share another ledger, whatever became of Bob in this one."""
    common = await pool.fetchval(
        "insert into ledgers (id, name, currency, time_zone) "
        "values (gen_random_uuid(), 'Common', 'EUR', 'UTC') returning id"
    )
    for person in (home.ada, home.bob):
        await pool.execute(
            "insert into members (ledger_id, user_id, role) values ($1, $2, 'owner')", common, person.id
        )  # fmt: skip


@SETTINGS
@given(LIVES, st.booleans())
async def test_a_copy_beside_the_original_differs_in_the_ledgers_id_alone(
    world: World, steps: list[Step], history: bool
) -> None:
    home = await lived(world, steps)
    pool = world.service.pool
    await acquainted(pool, home)
    first = await written(pool, home.ledger, history=history)
    copy = await brought(pool, first, home.ada.id, as_new=True)
    second = await written(pool, copy, history=False)
    plain = await written(pool, home.ledger, history=False)
    # Bob knows nothing of the copy: he is no member of it.
    kept = [line for line in lasting(plain)[1:-1] if b'"type":"member"' not in line]
    theirs = [line for line in lasting(second)[1:-1] if b'"type":"member"' not in line]
    people = {line for line in kept if b'"type":"person"' in line}
    assert [line for line in theirs if line not in people] == [
        line for line in kept if line not in people
    ]
    roles = await pool.fetch("select user_id, role from members where ledger_id = $1", copy)
    assert [tuple(row) for row in roles] == [(home.ada.id, "owner")]


@SETTINGS
@given(LIVES)
async def test_a_table_reads_back_as_the_rows_it_was_written_from(
    world: World, steps: list[Step]
) -> None:
    home = await lived(world, steps)
    pieces: list[bytes] = []

    async def write(piece: bytes) -> None:
        pieces.append(piece)

    async with snapshot(world.service.pool) as db:
        sql, params = table.query(home.ledger, Filter(), None)
        await db.copy_from_query(sql, *params, output=write, format="csv", header=True)
    text = b"".join(pieces).decode()
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    wanted = await expected(world.service.pool, home)
    assert read == [
        {name: neutral(cell) if name in TEXT_COLUMNS else cell for name, cell in row.items()}
        for row in wanted
    ]


TEXT_COLUMNS = {"description", "category", "account", "to_account", "tags", "note", "reference"}


async def expected(pool: Pool, home: Household) -> list[dict[str, str]]:
    """The same table, made in Python from the rows themselves."""
    async with acquire(pool) as db:
        rows = await db.fetch(
            "select * from expenses where ledger_id = $1 and deleted_at is null order by date, id",
            home.ledger,
        )
        named = {
            table_: {
                r["id"]: r for r in await db.fetch(f"select * from {table_} where ledger_id = $1", home.ledger)
            }
            for table_ in ("categories", "accounts", "tags")
        }  # fmt: skip

    def path(id_: object) -> str:
        if id_ is None:
            return ""
        row = named["categories"][id_]
        above = named["categories"].get(row["parent_id"])
        return f"{above['name']}: {row['name']}" if above else row["name"]

    def account(id_: object) -> str:
        return named["accounts"][id_]["name"] if id_ else ""

    found = []
    for row in rows:
        signed = row["amount"] if row["kind"] == "income" else -row["amount"]
        arriving = row["to_amount"]
        found.append(
            {
                "date": row["date"].isoformat(),
                "kind": row["kind"],
                "amount": format_amount(signed, row["currency"]),
                "currency": row["currency"],
                "description": row["description"],
                "category": path(row["category_id"]),
                "account": account(row["account_id"]),
                "to_account": account(row["to_account_id"]),
                "to_amount": ""
                if arriving is None
                else format_amount(arriving, row["to_currency"]),
                "to_currency": row["to_currency"] or "",
                "tags": ", ".join(named["tags"][tag]["name"] for tag in row["tag_ids"]),
                "note": row["note"],
                "reference": row["reference"],
                "purchase_id": str(row["purchase_id"] or ""),
                "refund_of": str(row["refund_of"] or ""),
                "id": str(row["id"]),
            }
        )
    assert all(Decimal(row["amount"]) for row in found)
    return found
