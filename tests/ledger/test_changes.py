from uuid import UUID, uuid4

import asyncpg

from ledger.making import HOME, change, items, last_seq, make, read, remove, undo
from world import World


async def test_change_sets_list_newest_first_with_who_and_what(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="editor")
    food = await make(ada, "categories", name="Food")
    coffee = await bob.expense("4.20", "Coffee", category_id=food["id"])
    first, second = (await items(ada, "changes"))[:2]
    assert (first["action"], first["source"], first["entities"], first["kinds"]) == (
        "expense.create", "api", 1, ["expense"],
    )  # fmt: skip
    assert first["actor"] == {"id": str(bob.id), "name": "Bob"}
    assert first["summary"] == [{
        "entity": "expense", "id": coffee["id"], "op": "created", "label": "Coffee",
        "amount": "4.20", "currency": "EUR",
    }]  # fmt: skip
    assert second["seq"] == first["seq"] - 1
    assert [t["label"] for t in second["summary"]] == ["Food"]
    assert (first["undoes"], first["undone_by"]) == (None, None)


async def test_a_page_of_change_sets_follows_on_the_one_before(world: World) -> None:
    ada = await world.person()
    for amount in range(1, 6):
        await ada.expense(str(amount))
    whole = [c["seq"] for c in await items(ada, "changes")]
    found, before = [], None
    while True:
        params = {"limit": 2} | ({} if before is None else {"before": before})
        page = (await ada.call("GET", f"{HOME}/changes", params=params, status=200)).json()
        found += [c["seq"] for c in page["items"]]
        before = page["next"]
        if before is None:
            break
    assert found == whole == sorted(whole, reverse=True)


async def test_change_sets_filter_by_kind_and_person(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="editor")
    food = await make(ada, "categories", name="Food")
    await bob.expense("1", category_id=food["id"])
    await remove(ada, "categories", food)
    seen = await items(ada, "changes", entity="category")
    assert [c["action"] for c in seen] == ["category.delete", "category.create"]
    assert [c["action"] for c in await items(ada, "changes", actor=str(bob.id))] == [
        "expense.create"
    ]
    assert await items(ada, "changes", actor=str(uuid4())) == []


async def test_a_change_set_counts_each_row_once_and_tells_rarer_kinds_first(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    meal = await ada.expense("9", "Meal", category_id=food["id"])
    await ada.expense("2", "Back", kind="income", refund_of=meal["id"])
    await remove(ada, "categories", food)
    top = (await items(ada, "changes", limit=1))[0]
    assert (top["entities"], sorted(top["kinds"])) == (3, ["category", "expense"])
    assert next(t["label"] for t in top["summary"]) == "Food"


async def test_a_row_written_twice_in_a_transaction_is_one_row_of_its_set(
    world: World, db: asyncpg.Connection
) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    meal = await ada.expense("9", "Meal")
    async with db.transaction():
        for step in ("one", "two"):
            await db.execute("update public.categories set name = $1", step)
            await db.execute("update public.expenses set description = $1", step)
    top = (await items(ada, "changes", limit=1))[0]
    assert top["entities"] == 2
    rows = (await ada.call("GET", f"{HOME}/changes/{top['seq']}", status=200)).json()["rows"]
    assert [(r["before"]["name"], r["after"]["name"]) for r in rows[:1]] == [("Food", "two")]
    assert [r["before"]["description"] for r in rows[1:]] == ["Meal"]
    await undo(ada, top["seq"])
    assert (await read(ada, "categories", food))["name"] == "Food"
    assert (await read(ada, "expenses", meal))["description"] == "Meal"


async def test_a_change_set_reads_with_its_rows_page_by_page(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    rows = [await ada.expense(str(n), category_id=food["id"]) for n in (1, 2)]
    await remove(ada, "categories", food)
    seq = await last_seq(ada)
    whole = (await ada.call("GET", f"{HOME}/changes/{seq}", status=200)).json()
    assert [(r["entity"], r["id"], r["op"]) for r in whole["rows"]] == [
        ("category", food["id"], "removed"),
        *[("expense", id, "changed") for id in sorted(row["id"] for row in rows)],
    ]
    assert whole["rows"][0]["before"]["name"] == "Food"
    assert whole["rows"][0]["after"] is None
    assert whole["rows"][1]["before"]["category_id"] == food["id"]
    assert whole["rows"][1]["after"]["category_id"] is None
    found, after = [], None
    while True:
        params = {"limit": 1} | ({} if after is None else {"after": after})
        page = (await ada.call("GET", f"{HOME}/changes/{seq}", params=params, status=200)).json()
        found += page["rows"]
        after = page["next"]
        if after is None:
            break
    assert found == whole["rows"]
    await ada.call("GET", f"{HOME}/changes/{seq}", params={"after": "horse/1"}, status=422)
    for nowhere in (seq + 1, 0, -1, 2**80):
        await ada.call("GET", f"{HOME}/changes/{nowhere}", status=404)


async def test_an_expense_tells_its_history_also_after_it_was_purged(world: World) -> None:
    ada = await world.person()
    row = await ada.expense("3", "Tea")
    dear = await change(ada, "expenses", row, amount="5")
    trashed = await remove(ada, "expenses", dear)
    await ada.call(
        "DELETE", f"{HOME}/expenses/{row['id']}", params={"purge": "true"},
        headers={"If-Match": trashed["etag"]}, status=200,
    )  # fmt: skip
    told = await items(ada, f"expenses/{row['id']}/history")
    assert [entry["op"] for entry in told] == ["removed", "trashed", "changed", "created"]
    assert told[2]["before"] == row
    assert told[2]["after"] == dear
    assert told[3]["before"] is None
    assert told[0]["after"] is None
    assert {entry["actor"]["name"] for entry in told} == {"Ada"}
    page = await ada.call(
        "GET", f"{HOME}/expenses/{row['id']}/history",
        params={"limit": 2, "before": told[0]["seq"]}, status=200,
    )  # fmt: skip
    assert page.json() == {"items": told[1:3], "next": told[2]["seq"]}
    await ada.call("GET", f"{HOME}/expenses/{uuid4()}/history", status=404)


async def test_categories_accounts_and_tags_tell_their_history_as_the_api_shows_them(
    world: World,
) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    await change(ada, "categories", food, archived=True)
    told = await items(ada, f"categories/{food['id']}/history")
    food.pop("entries")
    assert [(e["op"], e["after"]["archived"]) for e in told] == [
        ("changed", True), ("created", False),
    ]  # fmt: skip
    assert told[1]["after"] == food
    bank = await make(ada, "accounts", name="Bank", opening_balance="-3.5")
    (told,) = await items(ada, f"accounts/{bank['id']}/history")
    assert told["after"]["opening_balance"] == "-3.50"
    trip = await make(ada, "tags", name="trip")
    await change(ada, "tags", trip, name="tour")
    told = await items(ada, f"tags/{trip['id']}/history")
    assert [e["after"]["name"] for e in told] == ["tour", "trip"]


async def test_undone_by_follows_undo_and_redo(world: World) -> None:
    ada = await world.person()
    await ada.expense("3")
    seq = await last_seq(ada)
    first = (await undo(ada, seq))["seq"]
    again = (await undo(ada, first))["seq"]
    marks = {c["seq"]: (c["undoes"], c["undone_by"]) for c in await items(ada, "changes")}
    assert (marks[seq], marks[first], marks[again]) == (
        (None, None), (seq, again), (first, None),
    )  # fmt: skip
    third = (await undo(ada, again))["seq"]
    marks = {c["seq"]: c["undone_by"] for c in await items(ada, "changes")}
    assert (marks[seq], marks[first], marks[again]) == (third, None, third)


async def test_what_a_program_wrote_has_no_actor(world: World) -> None:
    ada = await world.person()
    await world.service.pool.execute(
        "insert into public.tags (ledger_id, id, name) values ($1, $2, 'by hand')",
        ada.ledger, uuid4(),
    )  # fmt: skip
    top = (await items(ada, "changes", limit=1))[0]
    assert (top["actor"], top["source"], top["action"]) == (None, "sql", "sql")
    assert UUID(top["summary"][0]["id"])


async def test_members_and_settings_are_told_too(world: World) -> None:
    ada = await world.person()
    told = await items(ada, "changes")
    assert [c["kinds"] for c in told] == [["member"], ["ledger"]]
    assert told[0]["summary"][0]["label"] == "Ada"
    rows = (await ada.call("GET", f"{HOME}/changes/{told[0]['seq']}", status=200)).json()["rows"]
    assert (rows[0]["entity"], rows[0]["after"]["role"]) == ("member", "owner")
    await read(ada, "changes", str(told[1]["seq"]))
