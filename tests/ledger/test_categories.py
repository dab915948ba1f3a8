from uuid import uuid4

from ledger.making import CREATE, HOME, change, items, make, match, read, remove
from world import World


async def test_a_created_category_reads_back_and_lists_below_its_parent(world: World) -> None:
    ada = await world.person()
    home = await make(ada, "categories", name="Home", position=2)
    food = await make(ada, "categories", name=" Food ", hue=3, icon="🍎", position=1)
    rent = await make(ada, "categories", name="Rent", parent_id=home["id"])
    pay = await make(ada, "categories", name="Salary", kind="income")
    assert await read(ada, "categories", food) == food
    assert (food["name"], food["kind"], food["archived"], food["entries"]) == (
        "Food", "expense", False, 0,
    )  # fmt: skip
    assert [c["id"] for c in await items(ada, "categories")] == [
        food["id"], home["id"], rent["id"], pay["id"],
    ]  # fmt: skip


async def test_entries_count_what_lies_outside_the_trash(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    await ada.expense("3", category_id=food["id"])
    gone = await ada.expense("4", category_id=food["id"])
    await remove(ada, "expenses", gone)
    assert (await read(ada, "categories", food))["entries"] == 1
    assert [c["entries"] for c in await items(ada, "categories")] == [1]


async def test_the_same_create_again_answers_with_the_row_and_another_body_conflicts(
    world: World,
) -> None:
    ada = await world.person()
    path = f"{HOME}/categories/{uuid4()}"
    made = await ada.call("PUT", path, json={"name": "Food"}, headers=CREATE, status=201)
    again = await ada.call("PUT", path, json={"name": "Food "}, headers=CREATE, status=200)
    assert again.json() == made.json()
    other = await ada.call("PUT", path, json={"name": "Fun"}, headers=CREATE, status=409)
    assert other.json()["current"] == made.json()
    await ada.call("DELETE", path, headers=match(made.json()), status=200)
    await ada.call("PUT", path, json={"name": "Food"}, headers=CREATE, status=409)


async def test_a_post_with_an_idempotency_key_creates_one_category(world: World) -> None:
    ada = await world.person()
    headers = {"Idempotency-Key": "c-1"}
    for _ in range(2):
        await ada.call(
            "POST", f"{HOME}/categories", json={"name": "Food"}, headers=headers, status=201
        )
    assert len(await items(ada, "categories")) == 1


async def test_a_put_with_if_match_replaces_everything_but_the_archive(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food", hue=3, position=4)
    food = await change(ada, "categories", food, archived=True)
    path = f"{HOME}/categories/{food['id']}"
    await ada.call("PUT", path, json={"name": "Eating"}, status=428)
    answer = await ada.call("PUT", path, json={"name": "Eating"}, headers=match(food), status=200)
    new = answer.json()
    assert (new["name"], new["hue"], new["position"], new["archived"]) == ("Eating", 0, 0, True)
    stale = await ada.call("PUT", path, json={"name": "X"}, headers=match(food), status=412)
    assert stale.json()["current"] == new


async def test_names_clash_within_a_level_and_kind_unless_one_is_archived(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    other = await make(ada, "categories", name="Drink")
    await make(ada, "categories", name="Food", kind="income")
    await make(ada, "categories", name="Food", parent_id=food["id"])
    clash = await ada.call("POST", f"{HOME}/categories", json={"name": "FOOD"}, status=409)
    assert clash.json()["errors"][0]["pointer"] == "/name"
    clash = await ada.call(
        "PATCH", f"{HOME}/categories/{other['id']}", json={"name": "food"}, headers=match(other),
        status=409,
    )  # fmt: skip
    assert clash.json()["errors"][0]["pointer"] == "/name"
    food = await change(ada, "categories", food, archived=True)
    await change(ada, "categories", other, name="Food")
    await ada.call(
        "PATCH", f"{HOME}/categories/{food['id']}", json={"archived": False}, headers=match(food),
        status=409,
    )  # fmt: skip


async def test_a_change_that_changes_nothing_keeps_the_version(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    assert await change(ada, "categories", food, name="Food", archived=False) == food


async def test_bad_categories_point_to_their_field(world: World) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    top = await make(ada, "categories", name="Top")
    below = await make(ada, "categories", name="Below", parent_id=top["id"])
    foreign = await make(eve, "categories", name="Foreign")
    for body, pointer in [
        ({"name": " "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": "a\u0000"}, "/name"),
        ({"name": "a", "hue": 8}, "/hue"),
        ({"name": "a", "icon": "x" * 17}, "/icon"),
        ({"name": "a", "position": 10**20}, "/position"),
        ({"name": "a", "parent_id": foreign["id"]}, "/parent_id"),
        ({"name": "a", "parent_id": below["id"]}, "/parent_id"),
        ({"name": "a", "parent_id": top["id"], "kind": "income"}, "/kind"),
        ({"name": "a", "colour": 1}, "/colour"),
    ]:
        answer = await ada.call("POST", f"{HOME}/categories", json=body, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer, body
    for row, body, pointer in [
        (top, {"parent_id": top["id"]}, "/parent_id"),
        (top, {"kind": "income"}, "/kind"),
    ]:
        answer = await ada.call(
            "PATCH", f"{HOME}/categories/{row['id']}", json=body, headers=match(row), status=422
        )
        assert answer.json()["errors"][0]["pointer"] == pointer, body


async def test_a_removed_category_leaves_its_expenses_and_its_children(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    fruit = await make(ada, "categories", name="Fruit", parent_id=food["id"])
    kept = await ada.expense("9", category_id=food["id"])
    back = await ada.expense("2", kind="income", refund_of=kept["id"])
    trashed = await ada.expense("1", category_id=food["id"])
    await remove(ada, "expenses", trashed)
    assert (await remove(ada, "categories", food))["expenses"] == 3
    await ada.call("GET", f"{HOME}/categories/{food['id']}", status=404)
    assert (await read(ada, "categories", fruit))["parent_id"] is None
    for row in (kept, back, trashed):
        assert (await read(ada, "expenses", row))["category_id"] is None


async def test_a_removal_that_would_make_two_names_meet_is_refused(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    await make(ada, "categories", name="Fruit", parent_id=food["id"])
    await make(ada, "categories", name="FRUIT")
    answer = await ada.call(
        "DELETE", f"{HOME}/categories/{food['id']}", headers=match(food), status=409
    )
    assert "Fruit" in answer.json()["detail"]


async def test_a_child_may_move_up_into_the_name_of_the_parent_that_goes(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    below = await make(ada, "categories", name="Food", parent_id=food["id"])
    await remove(ada, "categories", food)
    assert (await read(ada, "categories", below))["parent_id"] is None


async def test_a_merge_moves_rows_and_children_as_its_preview_said(world: World) -> None:
    ada = await world.person()
    eating = await make(ada, "categories", name="Eating")
    food = await make(ada, "categories", name="Food")
    fruit = await make(ada, "categories", name="Fruit", parent_id=eating["id"])
    twin = await make(ada, "categories", name="fruit", parent_id=food["id"])
    bread = await make(ada, "categories", name="Bread", parent_id=eating["id"])
    meal = await ada.expense("9", category_id=eating["id"])
    back = await ada.expense("2", kind="income", refund_of=meal["id"])
    apple = await ada.expense("1", category_id=fruit["id"])
    gone = await ada.expense("5", category_id=fruit["id"])
    await remove(ada, "expenses", gone)

    path = f"{HOME}/categories/{eating['id']}/merge"
    look = await ada.call("GET", path, params={"into": food["id"]}, status=200)
    assert look.json() == {
        "merged": [
            {"id": eating["id"], "into": food["id"], "expenses": 2, "trashed": 0},
            {"id": fruit["id"], "into": twin["id"], "expenses": 1, "trashed": 1},
        ],
        "moved": [bread["id"]],
        "expenses": 3,
        "trashed": 1,
    }
    done = (await ada.call("POST", path, json={"into": food["id"]}, status=200)).json()
    assert (done["expenses"], done["into"]["id"], done["into"]["entries"]) == (4, food["id"], 2)
    for row, category in [(meal, food), (back, food), (apple, twin), (gone, twin)]:
        assert (await read(ada, "expenses", row))["category_id"] == category["id"]
    left = {c["id"]: c["parent_id"] for c in await items(ada, "categories")}
    assert left == {food["id"]: None, twin["id"]: food["id"], bread["id"]: food["id"]}


async def test_merges_that_do_not_fit_are_refused(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    fruit = await make(ada, "categories", name="Fruit", parent_id=food["id"])
    pay = await make(ada, "categories", name="Pay", kind="income")
    old = await make(ada, "categories", name="Old")
    await change(ada, "categories", old, archived=True)
    for into in (food["id"], fruit["id"], pay["id"], old["id"], str(uuid4())):
        path = f"{HOME}/categories/{food['id']}/merge"
        answer = await ada.call("POST", path, json={"into": into}, status=422)
        assert answer.json()["errors"][0]["pointer"] == "/into"
        await ada.call("GET", path, params={"into": into}, status=422)
    await ada.call(
        "POST", f"{HOME}/categories/{uuid4()}/merge", json={"into": food["id"]}, status=404
    )


async def test_a_child_merges_into_its_own_parent(world: World) -> None:
    ada = await world.person()
    food = await make(ada, "categories", name="Food")
    fruit = await make(ada, "categories", name="Fruit", parent_id=food["id"])
    apple = await ada.expense("1", category_id=fruit["id"])
    await ada.call(
        "POST", f"{HOME}/categories/{fruit['id']}/merge", json={"into": food["id"]}, status=200
    )
    assert (await read(ada, "expenses", apple))["category_id"] == food["id"]
