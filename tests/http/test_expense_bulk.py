from uuid import uuid4

from world import World

BULK = "/ledgers/default/expenses/bulk"


async def test_many_rows_are_created_in_one_change_set(world: World) -> None:
    ada = await world.person()
    target = str(uuid4())
    rows = [
        {
            "amount": "5",
            "kind": "income",
            "refund_of": target,
            "description": "back",
            "date": "2026-01-03",
        },
        {"amount": "12.50", "id": target, "description": "shoes", "date": "2026-01-02"},
        *({"amount": "1", "date": "2026-01-01"} for _ in range(100)),
    ]
    answer = (await ada.call("POST", BULK, json={"create": rows}, status=200)).json()
    assert answer["counts"] == {"created": 102}
    count = await world.service.pool.fetchval(
        "select count(*) from change_sets where action = 'expenses.create' and entities = 102"
    )
    assert count == 1
    again = {
        "create": [{"amount": "12.50", "id": target, "description": "shoes", "date": "2026-01-02"}]
    }
    assert (await ada.call("POST", BULK, json=again, status=200)).json()["counts"] == {
        "unchanged": 1
    }
    again["create"][0]["amount"] = "13"
    refused = await ada.call("POST", BULK, json=again, status=409)
    assert refused.json()["errors"][0]["pointer"] == "/create/0/id"


async def test_one_wrong_row_changes_nothing_and_is_named(world: World) -> None:
    ada = await world.person()
    rows = [{"amount": "1"}, {"amount": "x"}, {"amount": "2", "category_id": str(uuid4())}]
    answer = await ada.call("POST", BULK, json={"create": rows}, status=422)
    assert [e["pointer"] for e in answer.json()["errors"]] == [
        "/create/1/amount",
        "/create/2/category_id",
    ]
    assert await world.service.pool.fetchval("select count(*) from expenses") == 0


async def test_rows_are_changed_by_filter_and_by_id(world: World) -> None:
    ada = await world.person()
    tag = uuid4()
    await world.service.pool.execute(
        "insert into tags (ledger_id, id, name) values ($1, $2, 'trip')", ada.ledger, tag
    )
    made = [await ada.expense("1", f"bus {n}") for n in range(3)]
    other = await ada.expense("1", "coffee")
    body = {"add_tags": [str(tag)], "change": {"note": "to work"}, "filter": {"q": "bus"}}
    assert (await ada.call("POST", BULK, json=body, status=200)).json()["counts"] == {"changed": 3}
    assert (await ada.call("POST", BULK, json=body, status=200)).json()["counts"] == {
        "unchanged": 3
    }
    missing = str(uuid4())
    body = {"trash": True, "ids": [made[0]["id"], other["id"], missing]}
    assert (await ada.call("POST", BULK, json=body, status=200)).json()["counts"] == {
        "trashed": 2,
        "missing": 1,
    }
    body = {"restore": True, "filter": {"trashed": True}}
    assert (await ada.call("POST", BULK, json=body, status=200)).json()["counts"] == {"restored": 2}
    body = {"change": {"amount": "0"}, "ids": [made[1]["id"]]}
    wrong = await ada.call("POST", BULK, json=body, status=422)
    assert wrong.json()["errors"][0]["pointer"] == "/ids/0/amount"


async def test_shapes_that_say_too_little_or_too_much_are_refused(world: World) -> None:
    ada = await world.person()
    for body in (
        {}, {"trash": True}, {"trash": True, "restore": True, "ids": []}, {"trash": True, "ids": [], "filter": {}},
        {"create": [], "ids": []}, {"create": [{"amount": "1"}] * 10_001}, {"trash": True, "filter": {"min": "1"}},
        {"create": [{"amount": "1", "id": (same := str(uuid4()))}, {"amount": "1", "id": same}]},
    ):  # fmt: skip
        await ada.call("POST", BULK, json=body, status=422)


async def test_a_bulk_body_may_have_as_many_bytes_as_the_settings_say(world: World) -> None:
    ada = await world.person()
    rows = [{"amount": "1", "note": "n" * 9_900, "date": "2026-01-01"} for _ in range(1_200)]
    answer = await ada.call("POST", BULK, json={"create": rows}, status=200)
    assert answer.json()["counts"] == {"created": 1_200}
    rows = [{"amount": "1", "note": "n" * 9_900} for _ in range(1_800)]
    await ada.call("POST", BULK, json={"create": rows}, status=413)
