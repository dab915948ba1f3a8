from uuid import uuid4

from world import World

CREATE = {"If-None-Match": "*"}


async def test_a_created_expense_reads_back_as_it_was_written(world: World) -> None:
    ada = await world.person()
    made = await ada.expense("4.20", "Coffee at Rossi", date="2026-11-02")
    read = await ada.call("GET", f"/ledgers/default/expenses/{made['id']}", status=200)
    assert read.json() == made
    assert (made["amount"], made["currency"], made["kind"]) == ("4.20", "EUR", "expense")
    assert read.headers["etag"] == made["etag"]


async def test_the_same_create_again_answers_with_the_row_as_it_is_now(world: World) -> None:
    ada = await world.person()
    path = f"/ledgers/default/expenses/{uuid4()}"
    first = await ada.call("PUT", path, json={"amount": "3"}, headers=CREATE, status=201)
    again = await ada.call("PUT", path, json={"amount": "3.00"}, headers=CREATE, status=200)
    assert again.json() == first.json()
    changed = await ada.call(
        "PATCH",
        path,
        json={"note": "for two"},
        headers={"If-Match": first.headers["etag"]},
        status=200,
    )
    replay = await ada.call("PUT", path, json={"amount": "3"}, headers=CREATE, status=200)
    assert replay.json() == changed.json()


async def test_another_body_under_a_used_id_is_a_conflict(world: World) -> None:
    ada = await world.person()
    path = f"/ledgers/default/expenses/{uuid4()}"
    made = await ada.call("PUT", path, json={"amount": "3"}, headers=CREATE, status=201)
    other = await ada.call("PUT", path, json={"amount": "4"}, headers=CREATE, status=409)
    assert other.json()["current"] == made.json()
    trashed = await ada.call("DELETE", path, headers={"If-Match": made.headers["etag"]}, status=200)
    await ada.call("PUT", path, json={"amount": "4"}, headers=CREATE, status=409)
    await ada.call(
        "DELETE",
        path,
        params={"purge": "true"},
        headers={"If-Match": trashed.headers["etag"]},
        status=200,
    )
    await ada.call("PUT", path, json={"amount": "3"}, headers=CREATE, status=409)


async def test_a_stale_change_gets_the_current_row(world: World) -> None:
    ada = await world.person()
    made = await ada.expense("3")
    path = f"/ledgers/default/expenses/{made['id']}"
    await ada.call("PATCH", path, json={"amount": "5"}, status=428)
    await ada.call(
        "PATCH", path, json={"amount": "5"}, headers={"If-Match": made["etag"]}, status=200
    )
    stale = await ada.call(
        "PATCH", path, json={"amount": "6"}, headers={"If-Match": made["etag"]}, status=412
    )
    assert stale.json()["current"]["amount"] == "5.00"


async def test_bad_input_points_to_its_field(world: World) -> None:
    ada = await world.person()
    for body, pointer in [
        ({"amount": 12.5}, "/amount"),
        ({"amount": "1e5"}, "/amount"),
        ({"amount": "NaN"}, "/amount"),
        ({"amount": "12.345"}, "/amount"),
        ({"amount": "1", "currency": "XXX"}, "/currency"),
        ({"amount": "1", "date": "2026-02-30"}, "/date"),
        ({"amount": "1", "date": "1899-12-31"}, "/date"),
        ({"amount": "1", "colour": "red"}, "/colour"),
        ({"amount": "1", "description": "a\u0000b"}, "/description"),
        ({"amount": "1", "description": "x" * 501}, "/description"),
        ({"amount": "1", "category_id": str(uuid4())}, "/category_id"),
        ({"amount": "1", "tag_ids": [str(uuid4())]}, "/tag_ids"),
    ]:
        answer = await ada.call("POST", "/ledgers/default/expenses", json=body, status=422)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["pointer"] == pointer, body


async def test_a_post_with_an_idempotency_key_writes_once(world: World) -> None:
    ada = await world.person()
    headers = {"Idempotency-Key": "k-1"}
    first = await ada.call(
        "POST", "/ledgers/default/expenses", json={"amount": "3"}, headers=headers, status=201
    )
    again = await ada.call(
        "POST", "/ledgers/default/expenses", json={"amount": "3"}, headers=headers, status=201
    )
    assert again.json() == first.json()
    await ada.call(
        "POST", "/ledgers/default/expenses", json={"amount": "4"}, headers=headers, status=422
    )


async def test_another_household_sees_nothing(world: World) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    made = await ada.expense("3")
    there = await eve.call("GET", f"/ledgers/{ada.ledger}/expenses/{made['id']}", status=404)
    nowhere = await eve.call("GET", f"/ledgers/{uuid4()}/expenses/{made['id']}", status=404)
    assert there.json() == nowhere.json()
    await world.client().get(f"/api/v1/ledgers/{ada.ledger}/expenses/{made['id']}")
