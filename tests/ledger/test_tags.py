from uuid import uuid4

from ledger.making import CREATE, HOME, change, items, make, match, read, remove
from world import World


async def test_tags_list_by_name_with_the_rows_that_carry_them(world: World) -> None:
    ada = await world.person()
    trip = await make(ada, "tags", name="trip")
    home = await make(ada, "tags", name="Home")
    await ada.expense("1", tag_ids=[trip["id"], home["id"]])
    await ada.expense("2", tag_ids=[trip["id"]])
    gone = await ada.expense("3", tag_ids=[trip["id"]])
    await remove(ada, "expenses", gone)
    assert [(t["name"], t["entries"]) for t in await items(ada, "tags")] == [
        ("Home", 1), ("trip", 2),
    ]  # fmt: skip
    assert (await read(ada, "tags", trip))["entries"] == 2


async def test_a_tag_is_created_once_renamed_and_never_named_twice(world: World) -> None:
    ada = await world.person()
    path = f"{HOME}/tags/{uuid4()}"
    made = await ada.call("PUT", path, json={"name": "Trip"}, headers=CREATE, status=201)
    again = await ada.call("PUT", path, json={"name": "Trip"}, headers=CREATE, status=200)
    assert again.json() == made.json()
    await ada.call("PUT", path, json={"name": "Other"}, headers=CREATE, status=409)
    clash = await ada.call("POST", f"{HOME}/tags", json={"name": "TRIP"}, status=409)
    assert clash.json()["errors"][0]["pointer"] == "/name"
    renamed = await change(ada, "tags", made.json(), name="Voyage")
    assert renamed["name"] == "Voyage"
    await ada.call("PATCH", path, json={"name": "X"}, headers=match(made.json()), status=412)
    await ada.call("PUT", path, json={"name": "Trip"}, headers=match(renamed), status=200)
    for name in ("", "x" * 51, "a\u0007"):
        bad = await ada.call("POST", f"{HOME}/tags", json={"name": name}, status=422)
        assert bad.json()["errors"][0]["pointer"] == "/name"


async def test_a_removed_tag_leaves_every_expense_but_keeps_the_others(world: World) -> None:
    ada = await world.person()
    trip, home = await make(ada, "tags", name="trip"), await make(ada, "tags", name="home")
    live = await ada.expense("1", tag_ids=[home["id"], trip["id"]])
    gone = await ada.expense("3", tag_ids=[trip["id"]])
    await remove(ada, "expenses", gone)
    assert (await remove(ada, "tags", trip))["expenses"] == 2
    assert (await read(ada, "expenses", live))["tag_ids"] == [home["id"]]
    assert (await read(ada, "expenses", gone))["tag_ids"] == []
    await ada.call("PUT", f"{HOME}/tags/{trip['id']}", json={"name": "trip"}, headers=CREATE,
                   status=409)  # fmt: skip


async def test_a_merge_replaces_a_tag_and_never_doubles_the_other(world: World) -> None:
    ada = await world.person()
    trip, tour = await make(ada, "tags", name="trip"), await make(ada, "tags", name="tour")
    home = await make(ada, "tags", name="home")
    both = await ada.expense("1", tag_ids=[tour["id"], trip["id"]])
    one = await ada.expense("2", tag_ids=[trip["id"], home["id"]])
    gone = await ada.expense("3", tag_ids=[trip["id"]])
    await remove(ada, "expenses", gone)
    path = f"{HOME}/tags/{trip['id']}/merge"
    await ada.call("POST", path, json={"into": trip["id"]}, status=422)
    await ada.call("POST", path, json={"into": str(uuid4())}, status=422)
    done = (await ada.call("POST", path, json={"into": tour["id"]}, status=200)).json()
    assert (done["expenses"], done["into"]["entries"]) == (3, 2)
    assert (await read(ada, "expenses", both))["tag_ids"] == [tour["id"]]
    assert (await read(ada, "expenses", one))["tag_ids"] == [tour["id"], home["id"]]
    assert (await read(ada, "expenses", gone))["tag_ids"] == [tour["id"]]
    await ada.call("POST", path, json={"into": tour["id"]}, status=404)
