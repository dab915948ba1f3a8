import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from outlay.ledgers.erase import TABLES
from people.doors import Doors
from world import Person, World

# Columns that name a ledger elsewhere, with what becomes of them.
EXCEPTIONS = {("users", "default_ledger_id"), ("api_tokens", "ledger_ids"), ("ledgers", "id")}

_NAMING = """
select c.relname as relation, a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attnum > 0
  and not a.attisdropped and (a.attname like '%ledger%' or c.relname = 'ledgers' and a.attname = 'id')
"""


async def test_every_table_that_names_a_ledger_is_emptied_of_it(db: asyncpg.Connection) -> None:
    found = {(row["relation"], row["name"]) for row in await db.fetch(_NAMING)}
    assert found - EXCEPTIONS == {(table, "ledger_id") for table in TABLES}
    assert len(set(TABLES)) == len(TABLES)


async def test_a_deleted_ledger_leaves_no_row_and_no_other_ledger_changes(doors: Doors) -> None:
    ada, bob = await doors.person(), await doors.person("Bob")
    await doors.person("Vic", ledger=ada.ledger, role="viewer")
    for owner in (ada, bob):
        await _fill(doors, owner)
    before = await _rows(doors, bob.ledger)
    mine = await _rows(doors, ada.ledger)
    assert [table for table in TABLES if not mine[table]] == []
    await _delete(ada, 204)
    assert not any((await _rows(doors, ada.ledger)).values())
    assert await _rows(doors, bob.ledger) == before
    members = {name for name, *_ in doors.ended.told}
    assert members == {"revoke_member"}
    assert len(doors.ended.told) == 2
    await ada.call("GET", f"/ledgers/{ada.ledger}", status=404)


async def test_deleting_wants_the_name_the_version_and_an_owner(world: World) -> None:
    ada = await world.person()
    ed = await world.person("Ed", ledger=ada.ledger, role="editor")
    path, any_tag = f"/ledgers/{ada.ledger}", {"If-Match": "*"}
    await ed.call("DELETE", path, params={"confirm": "Home"}, headers=any_tag, status=403)
    await ada.call("DELETE", path, params={"confirm": "Home"}, status=428)
    for params in ({}, {"confirm": "home"}):
        answer = await ada.call("DELETE", path, params=params, headers=any_tag, status=422)
        assert answer.json()["errors"][0]["pointer"] == "/confirm"
    tag = (await ada.call("GET", path, status=200)).headers["etag"]
    await ada.call("PATCH", path, json={"name": "Casa"}, headers=any_tag, status=200)
    await ada.call(
        "DELETE", path, params={"confirm": "Casa"}, headers={"If-Match": tag}, status=412
    )


async def test_the_default_moves_on_and_tokens_shrink_or_end(world: World) -> None:
    ada = await world.person()
    other = (
        await ada.call("POST", "/ledgers", json={"name": "B", "currency": "EUR"}, status=201)
    ).json()
    for name, ledgers in (("one", [ada.ledger]), ("two", [ada.ledger, UUID(other["id"])])):
        body = {"name": name, "ledger_ids": [str(each) for each in ledgers]}
        await ada.call("POST", "/tokens", json=body, status=201)
    await _delete(ada, 204)
    tokens = (await ada.call("GET", "/tokens", status=200)).json()["items"]
    assert {t["name"]: t["ledger_ids"] for t in tokens} == {"two": [other["id"]], "test": None}
    assert (await ada.call("GET", "/ledgers/default", status=200)).json()["id"] == other["id"]


async def test_of_two_who_delete_at_once_one_does_while_writers_find_nothing(world: World) -> None:
    ada = await world.person()
    await _fill(world, ada)
    writes = [
        ada.call("POST", f"/ledgers/{ada.ledger}/expenses", json={"amount": "1"}) for _ in range(4)
    ]
    answers = await asyncio.gather(_delete(ada, None), _delete(ada, None), *writes)
    codes = [a.status_code for a in answers]
    assert sorted(codes[:2]) == [204, 404]
    assert set(codes[2:]) <= {201, 404, 409}
    assert await world.service.pool.fetchval("select count(*) from public.expenses") == 0


@pytest.mark.slow
async def test_a_ledger_of_a_hundred_thousand_expenses_is_gone_in_one_request(world: World) -> None:
    ada = await world.person()
    await _fill(world, ada)
    pool = world.service.pool
    db = await world.service.connect()
    await db.execute(
        "insert into public.expenses (ledger_id, id, kind, date, amount, currency, description) "
        "select $1, gen_random_uuid(), 'expense', '2016-01-01'::date + (n / 30)::integer, n, 'EUR', "
        "'shop ' || n % 500 from generate_series(1, 100000) n",
        ada.ledger,
        timeout=120,
    )
    await db.close()
    await _delete(ada, 204)
    assert await pool.fetchval("select count(*) from public.expenses") == 0
    assert await pool.fetchval("select count(*) from public.change_log") == 0


async def _delete(owner: Person, status: int | None) -> Any:
    return await owner.call(
        "DELETE", f"/ledgers/{owner.ledger}", params={"confirm": "Home"},
        headers={"If-Match": "*"}, status=status,
    )  # fmt: skip


async def _fill(world: World, owner: Person) -> None:
    """A row in every table that a ledger has."""
    home, pool = owner.ledger, world.service.pool
    account, category, tag = uuid4(), uuid4(), uuid4()
    async with pool.acquire() as db, db.transaction():
        await db.execute(
            "insert into public.accounts (ledger_id, id, name, currency) values ($1, $2, 'Cash', 'EUR')",
            home, account,
        )  # fmt: skip
        await db.execute(
            "insert into public.categories (ledger_id, id, name) values ($1, $2, 'Food')",
            home,
            category,
        )
        await db.execute(
            "insert into public.tags (ledger_id, id, name) values ($1, $2, 'x')", home, tag
        )
    bought = await owner.expense(
        "5", "shoes", category_id=str(category), account_id=str(account), tag_ids=[str(tag)]
    )
    await owner.expense("2", kind="income", refund_of=bought["id"])
    key = {"Idempotency-Key": str(uuid4())}
    await owner.call(
        "POST", f"/ledgers/{home}/expenses", json={"amount": "9"}, headers=key, status=201
    )
    await owner.call("POST", f"/ledgers/{home}/invitations", json={"role": "viewer"}, status=201)
    path, file = f"/ledgers/{home}/imports", b"Date,What,Amount\n2026-01-02,Tea,-1.00\n"
    staged = (await owner.call("POST", path, content=file, status=201)).json()["id"]
    await owner.call("POST", f"{path}/{staged}/profile", json={"name": "Bank"}, status=201)


async def _rows(doors: World, ledger: UUID) -> dict[str, int]:
    pool = doors.service.pool
    return {
        table: await pool.fetchval(
            f"select count(*) from public.{table} where ledger_id = $1", ledger
        )
        for table in TABLES
    }
