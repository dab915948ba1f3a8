from uuid import uuid4

import asyncpg

from ledger.making import (
    CREATE,
    HOME,
    change,
    items,
    last_seq,
    make,
    match,
    read,
    remove,
    undo,
    without_version,
)
from world import Person, World


async def test_undo_of_a_change_gives_the_former_row_back(world: World) -> None:
    ada = await world.person()
    tag = await make(ada, "tags", name="trip")
    row = await ada.expense("3", "Tea", tag_ids=[tag["id"]], note="green")
    await change(ada, "expenses", row, amount="5", tag_ids=[], description="Coffee")
    answer = await undo(ada, await last_seq(ada))
    assert (answer["undone"], answer["conflicts"], answer["conflict_count"]) == (1, [], 0)
    now = await read(ada, "expenses", row)
    assert without_version(now) == without_version(row)
    assert now["version"] == 3


async def test_undo_of_a_creation_trashes_and_its_undo_brings_back(world: World) -> None:
    ada = await world.person()
    row = await ada.expense("3", "Tea")
    done = await undo(ada, await last_seq(ada))
    assert (await read(ada, "expenses", row))["deleted_at"] is not None
    await undo(ada, done["seq"])
    assert without_version(await read(ada, "expenses", row)) == without_version(row)


async def test_what_was_undone_is_not_undone_twice(world: World) -> None:
    ada = await world.person()
    row = await ada.expense("3")
    seq = await last_seq(ada)
    done = await undo(ada, seq)
    refused = await undo(ada, seq, status=409)
    assert refused["undone_by"] == done["seq"]
    restored = await ada.call("POST", f"{HOME}/expenses/{row['id']}/restore", status=200)
    await undo(ada, seq, status=409)
    assert (await read(ada, "expenses", row)) == restored.json()


async def test_rows_changed_since_are_listed_until_they_are_forced(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    one, two = [await ada.expense(n, category_id=food["id"]) for n in ("1", "2")]
    await remove(ada, "categories", food)
    seq = await last_seq(ada)
    two = await change(ada, "expenses", await read(ada, "expenses", two), note="mine")
    answer = await undo(ada, seq)
    assert (answer["undone"], answer["conflict_count"]) == (2, 1)
    (conflict,) = answer["conflicts"]
    assert (conflict["entity"], conflict["id"], conflict["reason"], conflict["can_force"]) == (
        "expense", two["id"], "changed", True,
    )  # fmt: skip
    assert conflict["current"] == two
    assert (conflict["wanted"]["category_id"], conflict["wanted"]["note"]) == (food["id"], "")
    assert (await read(ada, "expenses", one))["category_id"] == food["id"]
    assert await read(ada, "expenses", two) == two
    again = await undo(ada, seq)
    assert (again["seq"], again["undone"], len(again["conflicts"])) == (None, 0, 1)
    forced = await undo(ada, seq, force=[f"expense/{two['id']}"])
    assert (forced["undone"], forced["conflicts"]) == (1, [])
    now = await read(ada, "expenses", two)
    assert (now["category_id"], now["note"]) == (food["id"], "")
    await undo(ada, seq, status=409)


async def test_a_row_that_was_changed_back_is_no_conflict(world: World) -> None:
    ada = await world.person()
    row = await ada.expense("1")
    two = await change(ada, "expenses", row, amount="2")
    seq = await last_seq(ada)
    three = await change(ada, "expenses", two, amount="3")
    await change(ada, "expenses", three, amount="2")
    assert (await undo(ada, seq))["undone"] == 1
    assert (await read(ada, "expenses", row))["amount"] == "1.00"


async def test_a_row_that_already_is_as_before_leaves_nothing_to_undo(world: World) -> None:
    ada = await world.person()
    row = await ada.expense("1")
    two = await change(ada, "expenses", row, amount="2")
    seq = await last_seq(ada)
    await change(ada, "expenses", two, amount="1")
    assert "Nothing is left" in (await undo(ada, seq, status=409))["detail"]


async def test_a_purge_comes_back_into_the_trash_with_a_higher_version(world: World) -> None:
    ada = await world.person()
    row = await remove(ada, "expenses", await ada.expense("3", "Tea"))
    await world.service.pool.execute(
        "update public.expenses set deleted_at = now() - interval '40 days' where ledger_id = $1",
        ada.ledger,
    )
    path = f"{HOME}/expenses/{row['id']}"
    await ada.call("DELETE", path, params={"purge": "1"}, headers={"If-Match": "*"}, status=200)
    await ada.call("GET", path, status=404)
    await undo(ada, await last_seq(ada))
    now = await read(ada, "expenses", row)
    assert (now["amount"], now["description"], now["version"]) == ("3.00", "Tea", 4)
    assert now["created_at"] == row["created_at"]
    assert now["deleted_at"] > row["deleted_at"], "it has its thirty days anew"
    await ada.call("POST", f"{path}/restore", status=200)


async def test_a_row_purged_since_comes_back_only_when_forced(world: World) -> None:
    ada = await world.person()
    row = await change(ada, "expenses", await ada.expense("3"), amount="4")
    seq = await last_seq(ada)
    await remove(ada, "expenses", row)
    path = f"{HOME}/expenses/{row['id']}"
    await ada.call("DELETE", path, params={"purge": "1"}, headers={"If-Match": "*"}, status=200)
    (conflict,) = (await undo(ada, seq))["conflicts"]
    assert (conflict["reason"], conflict["current"], conflict["wanted"]["amount"]) == (
        "gone", None, "3.00",
    )  # fmt: skip
    await undo(ada, seq, force=[f"expense/{row['id']}"])
    now = await read(ada, "expenses", row)
    assert (now["amount"], now["deleted_at"], now["version"]) == ("3.00", None, 4)


async def test_trash_and_restore_of_an_expense_take_its_refunds_along(world: World) -> None:
    ada = await world.person()
    meal = await ada.expense("9")
    back = await ada.expense("2", kind="income", refund_of=meal["id"])
    await remove(ada, "expenses", meal)
    done = await undo(ada, await last_seq(ada))
    assert done["undone"] == 2
    for row in (meal, back):
        assert without_version(await read(ada, "expenses", row)) == without_version(row)
    await undo(ada, done["seq"])
    for row in (meal, back):
        assert (await read(ada, "expenses", row))["deleted_at"] is not None


async def test_a_creation_that_was_refunded_since_is_in_use(world: World) -> None:
    ada = await world.person()
    meal = await ada.expense("9")
    seq = await last_seq(ada)
    back = await ada.expense("2", kind="income", refund_of=meal["id"])
    (conflict,) = (await undo(ada, seq))["conflicts"]
    assert (conflict["reason"], conflict["can_force"]) == ("in_use", True)
    await undo(ada, seq, force=[f"expense/{meal['id']}"])
    assert (await read(ada, "expenses", back))["deleted_at"] is not None


async def test_a_former_amount_below_the_refunds_made_since_is_a_conflict(world: World) -> None:
    ada = await world.person()
    meal = await ada.expense("5")
    await change(ada, "expenses", meal, amount="10")
    seq = await last_seq(ada)
    await ada.expense("8", kind="income", refund_of=meal["id"])
    answer = await undo(ada, seq, force=[f"expense/{meal['id']}"])
    (conflict,) = answer["conflicts"]
    assert (conflict["reason"], conflict["can_force"], answer["seq"]) == ("rule", False, None)


async def test_a_refund_does_not_come_back_to_an_expense_in_the_trash(world: World) -> None:
    ada = await world.person()
    meal = await ada.expense("5")
    back = await ada.expense("2", kind="income", refund_of=meal["id"])
    await remove(ada, "expenses", back)
    seq = await last_seq(ada)
    await remove(ada, "expenses", meal)
    (conflict,) = (await undo(ada, seq))["conflicts"]
    assert conflict["reason"] == "rule"


async def test_a_bulk_change_is_undone_as_one(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    rows = [await ada.expense(str(n)) for n in range(1, 8)]
    await ada.call(
        "POST", f"{HOME}/expenses/bulk",
        json={"change": {"category_id": food["id"]}, "ids": [row["id"] for row in rows]},
        status=200,
    )  # fmt: skip
    seq = await last_seq(ada)
    await change(ada, "expenses", await read(ada, "expenses", rows[0]), note="x")
    answer = await undo(ada, seq)
    assert (answer["undone"], [c["id"] for c in answer["conflicts"]]) == (6, [rows[0]["id"]])
    assert (await read(ada, "categories", food))["entries"] == 1


async def test_undo_of_nothing_is_not_found_and_bad_names_are_told(world: World) -> None:
    ada = await world.person()
    await ada.expense("1")
    seq = await last_seq(ada)
    for nowhere in (seq + 1, 0, -1, 2**70):
        await undo(ada, nowhere, status=404)
    for force, pointer in [
        (["expense"], "/force/0"),
        (["a/b"], "/force/0"),
        (["x"] * 10_001, "/force"),
    ]:
        answer = await undo(ada, seq, force=force, status=422)
        assert answer["errors"][0]["pointer"] == pointer


async def test_an_idempotent_undo_answers_the_same_again(world: World) -> None:
    ada = await world.person()
    await ada.expense("1")
    path = f"{HOME}/changes/{await last_seq(ada)}/undo"
    headers = {"Idempotency-Key": "u-1"}
    first = await ada.call("POST", path, headers=headers, status=200)
    again = await ada.call("POST", path, headers=headers, status=200)
    assert again.json() == first.json()
    other = f"{HOME}/changes/{first.json()['seq']}/undo"
    await ada.call("POST", other, headers=headers, status=422)


async def test_undo_of_many_kinds_in_one_set_keeps_every_reference(
    world: World, db: asyncpg.Connection
) -> None:
    ada = await world.person()
    names = ("top", "sub", "bank", "cash", "trip", "back", "meal", "move")
    # In this order: the refund is met before what it refunds.
    ids = dict(zip(names, sorted(uuid4() for _ in names), strict=True))
    async with db.transaction():
        await _fill(db, ada, ids)
    seq = await last_seq(ada)
    done = await undo(ada, seq)
    assert (done["undone"], done["conflicts"]) == (8, [])
    assert await items(ada, "categories") == await items(ada, "tags") == []
    assert [a["archived"] for a in await items(ada, "accounts")] == [True, True]
    assert await items(ada, "expenses") == []
    again = await undo(ada, done["seq"])
    assert (again["undone"], again["conflicts"]) == (8, [])
    meal, back = [await read(ada, "expenses", str(ids[name])) for name in ("meal", "back")]
    assert meal["category_id"] == back["category_id"] == str(ids["sub"])
    assert meal["tag_ids"] == [str(ids["trip"])]
    assert {a["name"]: a["balance"] for a in await items(ada, "accounts")} == {
        "bank": "-12.00", "cash": "4.00",
    }  # fmt: skip


async def _fill(db: asyncpg.Connection, ada: Person, ids: dict) -> None:
    await db.execute(
        "insert into public.categories (ledger_id, id, name, parent_id) values "
        "($1, $2, 'top', null), ($1, $3, 'sub', $2)",
        ada.ledger, ids["top"], ids["sub"],
    )  # fmt: skip
    await db.execute(
        "insert into public.accounts (ledger_id, id, name, currency) values "
        "($1, $2, 'bank', 'EUR'), ($1, $3, 'cash', 'EUR')",
        ada.ledger, ids["bank"], ids["cash"],
    )  # fmt: skip
    await db.execute(
        "insert into public.tags (ledger_id, id, name) values ($1, $2, 'trip')",
        ada.ledger, ids["trip"],
    )  # fmt: skip
    await db.execute(
        "insert into public.expenses (ledger_id, id, kind, date, amount, currency, category_id, "
        "tag_ids, account_id, to_account_id, to_amount, to_currency, refund_of) values "
        "($1, $3, 'income', '2026-01-02', 200, 'EUR', null, '{}', $7, null, null, null, $2), "
        "($1, $2, 'expense', '2026-01-01', 1000, 'EUR', $5, array[$6::uuid], $7, null, null, null, null), "
        "($1, $4, 'transfer', '2026-01-03', 400, 'EUR', null, '{}', $7, $8, 400, 'EUR', null)",
        ada.ledger, ids["meal"], ids["back"], ids["move"], ids["sub"], ids["trip"], ids["bank"],
        ids["cash"],
    )  # fmt: skip


async def test_an_expense_cannot_become_a_refund_while_it_has_refunds(world: World) -> None:
    ada = await world.person()
    meal, other = await ada.expense("9"), await ada.expense("9")
    await ada.expense("2", kind="income", refund_of=meal["id"])
    answer = await ada.call(
        "PATCH", f"{HOME}/expenses/{meal['id']}", json={"kind": "income", "refund_of": other["id"]},
        headers=match(meal), status=422,
    )  # fmt: skip
    assert answer.json()["errors"][0]["pointer"] == "/refund_of"


async def test_a_create_under_the_id_of_an_undone_creation_conflicts(world: World) -> None:
    ada = await world.person()
    path = f"{HOME}/tags/{uuid4()}"
    await ada.call("PUT", path, json={"name": "trip"}, headers=CREATE, status=201)
    await undo(ada, await last_seq(ada))
    await ada.call("PUT", path, json={"name": "trip"}, headers=CREATE, status=409)
