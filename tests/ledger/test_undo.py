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


async def test_undo_of_a_merge_brings_categories_and_rows_back(world: World) -> None:
    ada = await world.person()
    eating = await make(ada, "categories", name="Eating", hue=5)
    food = await make(ada, "categories", name="Food")
    fruit = await make(ada, "categories", name="Fruit", parent_id=eating["id"])
    twin = await make(ada, "categories", name="Fruit", parent_id=food["id"])
    meal = await ada.expense("9", category_id=eating["id"])
    back = await ada.expense("2", kind="income", refund_of=meal["id"])
    apple = await ada.expense("1", category_id=fruit["id"])
    before = await items(ada, "categories")
    path = f"{HOME}/categories/{eating['id']}/merge"
    merged = (await ada.call("POST", path, json={"into": food["id"]}, status=200)).json()
    done = await undo(ada, merged["seq"])
    after = await items(ada, "categories")
    assert [without_version(c) for c in after] == [without_version(c) for c in before]
    for row, category in [(meal, eating), (back, eating), (apple, fruit)]:
        assert (await read(ada, "expenses", row))["category_id"] == category["id"]
    again = await undo(ada, done["seq"])
    assert {c["id"] for c in await items(ada, "categories")} == {food["id"], twin["id"]}
    assert (await read(ada, "expenses", back))["category_id"] == food["id"]
    await undo(ada, again["seq"])
    assert [without_version(c) for c in await items(ada, "categories")] == [
        without_version(c) for c in before
    ]


async def test_a_creation_that_is_used_stays_unless_forced(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    made_food = await last_seq(ada)
    trip = await make(ada, "tags", name="trip")
    made_trip = await last_seq(ada)
    row = await ada.expense("1", category_id=food["id"], tag_ids=[trip["id"]])
    for seq, entity, thing in [(made_food, "category", food), (made_trip, "tag", trip)]:
        (conflict,) = (await undo(ada, seq))["conflicts"]
        assert (conflict["reason"], conflict["wanted"]) == ("in_use", None)
        assert (await undo(ada, seq, force=[f"{entity}/{thing['id']}"]))["undone"] == 1
    now = await read(ada, "expenses", row)
    assert (now["category_id"], now["tag_ids"]) == (None, [])


async def test_a_category_with_children_made_since_is_in_use(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    seq = await last_seq(ada)
    await make(ada, "categories", name="Fruit", parent_id=food["id"])
    assert (await undo(ada, seq))["conflicts"][0]["reason"] == "in_use"


async def test_an_account_in_use_stays_and_one_that_the_trash_names_is_archived(
    world: World,
) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank")
    seq = await last_seq(ada)
    row = await ada.expense("1", account_id=bank["id"])
    (conflict,) = (await undo(ada, seq, force=[f"account/{bank['id']}"]))["conflicts"]
    assert (conflict["reason"], conflict["can_force"]) == ("in_use", False)
    await remove(ada, "expenses", row)
    done = await undo(ada, seq)
    assert (await read(ada, "accounts", bank))["archived"] is True
    await undo(ada, done["seq"])
    assert (await read(ada, "accounts", bank))["archived"] is False


async def test_an_unused_account_goes_and_comes_back(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank", opening_balance="12")
    done = await undo(ada, await last_seq(ada))
    assert await items(ada, "accounts") == []
    await undo(ada, done["seq"])
    (now,) = await items(ada, "accounts")
    assert without_version(now) == without_version(bank)


async def test_a_former_currency_is_refused_once_rows_use_the_account(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank")
    await change(ada, "accounts", bank, currency="USD")
    seq = await last_seq(ada)
    await ada.expense("1", currency="USD", account_id=bank["id"])
    assert (await undo(ada, seq))["conflicts"][0]["reason"] == "in_use"


async def test_a_name_taken_since_is_a_conflict(world: World) -> None:
    ada = await world.person()
    for what, entity in [("categories", "category"), ("accounts", "account"), ("tags", "tag")]:
        old = await make(ada, what, name="Old")
        await change(ada, what, old, name="New")
        renamed = await last_seq(ada)
        await make(ada, what, name="OLD")
        (conflict,) = (await undo(ada, renamed, force=[f"{entity}/{old['id']}"]))["conflicts"]
        assert (conflict["entity"], conflict["reason"]) == (entity, "name_taken")
        gone = await make(ada, what, name="Gone")
        await remove(ada, what, gone)
        removed = await last_seq(ada)
        await make(ada, what, name="gone")
        assert (await undo(ada, removed))["conflicts"][0]["reason"] == "name_taken"


async def test_what_a_row_named_and_is_gone_is_missing(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    trip = await make(ada, "tags", name="trip")
    bank = await make(ada, "accounts", name="Bank")
    cases = []
    for more in (
        {"category_id": food["id"]},
        {"tag_ids": [trip["id"]]},
        {"account_id": bank["id"]},
    ):
        row = await ada.expense("1", **more)
        empty = {name: [] if name == "tag_ids" else None for name in more}
        await change(ada, "expenses", row, **empty)
        cases.append((row, await last_seq(ada)))
    for what, thing in [("categories", food), ("tags", trip), ("accounts", bank)]:
        await remove(ada, what, thing)
    for row, seq in cases:
        (conflict,) = (await undo(ada, seq, force=[f"expense/{row['id']}"]))["conflicts"]
        assert (conflict["reason"], conflict["can_force"]) == ("missing", False)


async def test_a_removed_child_does_not_come_back_below_a_missing_or_deeper_parent(
    world: World,
) -> None:
    ada = await world.person()
    top, other = [await make(ada, "categories", name=n) for n in ("Top", "Other")]
    child = await make(ada, "categories", name="Child", parent_id=top["id"])
    await remove(ada, "categories", child)
    seq = await last_seq(ada)
    top = await change(ada, "categories", top, parent_id=other["id"])
    assert (await undo(ada, seq))["conflicts"][0]["reason"] == "rule"
    await remove(ada, "categories", top)
    assert (await undo(ada, seq))["conflicts"][0]["reason"] == "missing"


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


async def test_only_owners_undo_settings_and_members(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="editor")
    writer = await world.person("Wil", ledger=ada.ledger, scopes=("read", "write"))
    ledger = (await ada.call("GET", HOME, status=200)).json()
    await ada.call("PATCH", HOME, json={"name": "Castle"}, headers=match(ledger), status=200)
    seq = await last_seq(ada)
    await undo(bob, seq, status=403)
    await undo(writer, seq, status=403)
    await undo(ada, seq)
    assert (await ada.call("GET", HOME, status=200)).json()["name"] == "Home"


async def test_the_beginning_of_a_ledger_is_not_undone(world: World) -> None:
    ada = await world.person()
    made = await ada.call("POST", "/ledgers", json={"name": "New", "currency": "EUR"}, status=201)
    path = f"/ledgers/{made.json()['id']}/changes"
    seq = (await ada.call("GET", path, status=200)).json()["items"][-1]["seq"]
    await ada.call("POST", f"{path}/{seq}/undo", status=409)


async def _member_seq(ada: Person) -> int:
    return (await items(ada, "changes", entity="member", limit=1))[0]["seq"]


async def test_a_removed_member_comes_back_only_by_undoing_the_removal(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="viewer")
    path = f"{HOME}/members/{bob.id}"
    member = (await ada.call("GET", path, status=200)).json()
    await ada.call("PATCH", path, json={"role": "editor"}, headers=match(member), status=200)
    raised = await _member_seq(ada)
    await ada.call("DELETE", path, headers={"If-Match": "*"}, status=204)
    removed = await _member_seq(ada)
    (conflict,) = (await undo(ada, raised, force=[f"member/{bob.id}"]))["conflicts"]
    assert (conflict["reason"], conflict["can_force"]) == ("gone", False)
    await ada.call("GET", path, status=404)
    await undo(ada, removed)
    assert (await ada.call("GET", path, status=200)).json()["role"] == "editor"


async def test_a_disabled_person_does_not_become_a_member_again(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="viewer")
    await ada.call("DELETE", f"{HOME}/members/{bob.id}", headers={"If-Match": "*"}, status=204)
    removed = await _member_seq(ada)
    await world.service.pool.execute(
        "update public.users set disabled_at = now() where id = $1", bob.id
    )
    assert (await undo(ada, removed))["conflicts"][0]["reason"] == "missing"


async def test_undo_never_takes_the_last_owner(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="viewer")
    path = f"{HOME}/members/{bob.id}"
    await ada.call("PATCH", path, json={"role": "owner"}, headers={"If-Match": "*"}, status=200)
    seq = await _member_seq(ada)
    await bob.call(
        "PATCH", f"{HOME}/members/{ada.id}", json={"role": "editor"}, headers={"If-Match": "*"},
        status=200,
    )  # fmt: skip
    (conflict,) = (await undo(bob, seq, force=[f"member/{bob.id}"]))["conflicts"]
    assert (conflict["reason"], conflict["can_force"]) == ("last_owner", False)


async def test_undoing_a_membership_ends_it(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="editor")
    await undo(ada, await _member_seq(ada))
    await bob.call("GET", f"/ledgers/{ada.ledger}/expenses", status=404)


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
