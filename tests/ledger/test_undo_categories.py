from ledger.making import HOME, change, items, last_seq, make, read, remove, undo, without_version
from world import World


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


async def test_a_category_and_the_child_of_its_name_change_places_and_back(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    await make(ada, "categories", name="food", parent_id=food["id"])
    row = await ada.expense("1", category_id=food["id"])
    before = await items(ada, "categories")
    await remove(ada, "categories", food)
    after = await items(ada, "categories")
    assert [(each["name"], each["parent_id"]) for each in after] == [("food", None)]
    back = await undo(ada, await last_seq(ada))
    assert back["conflicts"] == []
    assert [without_version(c) for c in await items(ada, "categories")] == [
        without_version(c) for c in before
    ]
    assert (await read(ada, "expenses", row))["category_id"] == food["id"]
    again = await undo(ada, back["seq"])
    assert again["conflicts"] == []
    assert [without_version(c) for c in await items(ada, "categories")] == [
        without_version(c) for c in after
    ]


async def test_a_child_does_not_take_the_name_of_a_category_that_is_still_used(
    world: World,
) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    child = await make(ada, "categories", name="food", parent_id=food["id"])
    await remove(ada, "categories", food)
    back = await undo(ada, await last_seq(ada))
    await ada.expense("1", category_id=food["id"])
    again = await undo(ada, back["seq"])
    reasons = {each["id"]: each["reason"] for each in again["conflicts"]}
    assert reasons == {child["id"]: "name_taken", food["id"]: "in_use"}
