from uuid import uuid4

from outlay.ledgers.defaults import GROUPS, default_categories
from world import World

NEW = {"name": "Trip", "currency": "JPY", "time_zone": "Asia/Tokyo"}


async def test_a_new_ledger_is_mine_with_two_levels_of_categories(world: World) -> None:
    ada = await world.person()
    body = {**NEW, "first_day_of_month": 25, "first_day_of_week": 7}
    answer = await ada.call("POST", "/ledgers", json=body, status=201)
    made = answer.json()
    assert {k: made[k] for k in body} == body
    assert (made["role"], made["is_default"], made["version"]) == ("owner", False, 1)
    read = await ada.call("GET", f"/ledgers/{made['id']}", status=200)
    assert (read.json(), read.headers["etag"]) == (made, answer.headers["etag"])
    rows = await world.service.pool.fetch(
        "select c.*, p.name as parent from public.categories c left join public.categories p "
        "on p.ledger_id = c.ledger_id and p.id = c.parent_id where c.ledger_id = $1::uuid",
        made["id"],
    )
    assert len(rows) == sum(1 + len(group.children) for group in GROUPS)
    assert {"Groceries": "Food", "Food": None}.items() <= {
        r["name"]: r["parent"] for r in rows
    }.items()
    sets = await world.service.pool.fetch(
        "select seq, action, entities, actor_id from public.change_sets where ledger_id = $1::uuid",
        made["id"],
    )
    assert [(s["seq"], s["action"], s["actor_id"]) for s in sets] == [(1, "ledger.create", ada.id)]
    assert sets[0]["entities"] == len(rows) + 2


def test_the_default_categories_fit_the_ledger() -> None:
    made = list(default_categories())
    assert len({(c.parent_id, c.kind, c.name) for c in made}) == len(made)
    assert all(0 <= c.hue <= 7 and 0 < len(c.icon) <= 16 for c in made)
    places = {c.id: place for place, c in enumerate(made)}
    assert all(places[c.parent_id] < places[c.id] for c in made if c.parent_id)


async def test_a_ledger_may_start_empty_and_with_an_id_of_ones_own(world: World) -> None:
    ada, own = await world.person(), str(uuid4())
    body = {**NEW, "id": own, "categories": "none"}
    assert (await ada.call("POST", "/ledgers", json=body, status=201)).json()["id"] == own
    count = "select count(*) from public.categories where ledger_id = $1::uuid"
    assert await world.service.pool.fetchval(count, own) == 0
    taken = await ada.call("POST", "/ledgers", json=body, status=409)
    assert taken.json()["errors"][0]["pointer"] == "/id"


async def test_the_same_post_with_a_key_makes_one_ledger(world: World) -> None:
    ada = await world.person()
    pool = world.service.pool
    await pool.execute("update public.users set default_ledger_id = null where id = $1", ada.id)
    key = {"Idempotency-Key": "first"}
    first = await ada.call("POST", "/ledgers", json=NEW, headers=key, status=201)
    again = await ada.call("POST", "/ledgers", json=NEW, headers=key, status=201)
    assert again.json() == first.json()
    assert await pool.fetchval("select count(*) from public.ledgers") == 2


async def test_i_list_my_ledgers_with_my_role(world: World) -> None:
    ada, bob = await world.person(), await world.person("Bob")
    await world.person("Vic", ledger=bob.ledger, role="viewer")
    await world.service.pool.execute(
        "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'viewer')",
        bob.ledger, ada.id,
    )  # fmt: skip
    listed = (await ada.call("GET", "/ledgers", status=200)).json()["items"]
    assert {(i["id"], i["role"], i["is_default"]) for i in listed} == {
        (str(ada.ledger), "owner", True),
        (str(bob.ledger), "viewer", False),
    }


async def test_a_ledger_is_changed_by_its_version(world: World) -> None:
    ada = await world.person()
    read = await ada.call("GET", "/ledgers/default", status=200)
    tag = {"If-Match": read.headers["etag"]}
    await ada.call("PATCH", "/ledgers/default", json={"name": "x"}, status=428)
    body = {"name": " Casa ", "currency": "CHF", "first_day_of_month": 31}
    changed = (
        await ada.call("PATCH", "/ledgers/default", json=body, headers=tag, status=200)
    ).json()
    assert (changed["name"], changed["currency"], changed["version"]) == ("Casa", "CHF", 2)
    stale = await ada.call("PATCH", "/ledgers/default", json=body, headers=tag, status=412)
    assert stale.json()["current"] == changed
    same = await ada.call(
        "PATCH", "/ledgers/default", json=body, headers={"If-Match": changed["etag"]}, status=200
    )
    assert same.json()["version"] == 2
    await ada.call(
        "GET", "/ledgers/default", headers={"If-None-Match": changed["etag"]}, status=304
    )


async def test_bad_input_about_a_ledger_points_to_its_field(world: World) -> None:
    ada = await world.person()
    for change, pointer in [
        ({"name": ""}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"currency": "XXX"}, "/currency"),
        ({"currency": "eur"}, "/currency"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"time_zone": ""}, "/time_zone"),
        ({"first_day_of_month": 0}, "/first_day_of_month"),
        ({"first_day_of_month": 32}, "/first_day_of_month"),
        ({"first_day_of_month": 99**9}, "/first_day_of_month"),
        ({"first_day_of_week": 8}, "/first_day_of_week"),
        ({"first_day_of_week": 1.5}, "/first_day_of_week"),
        ({"id": "mine"}, "/id"),
        ({"categories": "some"}, "/categories"),
        ({"colour": "red"}, "/colour"),
    ]:
        answer = await ada.call("POST", "/ledgers", json={**NEW, **change}, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer, change
        if pointer not in {"/id", "/categories"}:
            answer = await ada.call(
                "PATCH", "/ledgers/default", json=change, headers={"If-Match": "*"}, status=422
            )
            assert answer.json()["errors"][0]["pointer"] == pointer, change
    assert await world.service.pool.fetchval("select count(*) from public.ledgers") == 1


async def test_nobody_is_a_member_of_more_than_two_hundred_ledgers(world: World) -> None:
    ada = await world.person()
    await world.service.pool.execute(
        "with made as (insert into public.ledgers (id, name, currency, time_zone) "
        "select gen_random_uuid(), 'L', 'EUR', 'UTC' from generate_series(1, 198) returning id) "
        "insert into public.members (ledger_id, user_id, role) select id, $1, 'owner' from made",
        ada.id,
    )
    await ada.call("POST", "/ledgers", json=NEW, status=201)
    await ada.call("POST", "/ledgers", json=NEW, status=409)
    assert len((await ada.call("GET", "/ledgers", status=200)).json()["items"]) == 200
