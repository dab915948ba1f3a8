"""Sending again is safe: whatever was created is answered as it is now, and never made twice."""

from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings

from laws import household as homes
from laws.household import Row
from world import Person, World

LEDGER = "/ledgers/default"
LIST = f"{LEDGER}/expenses"
NEW = {"If-None-Match": "*"}
SETTINGS = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(rows=homes.rows(12))
@SETTINGS
async def test_any_create_can_be_sent_again(world: World, rows: list[Row]) -> None:
    home = await homes.household(world)
    made = {}
    for row in rows:
        body = home.input(row)
        id_ = body.pop("id")
        answer = await home.person.call("PUT", f"{LIST}/{id_}", json=body, headers=NEW, status=201)
        made[id_] = (body, answer.json())
    for id_, (body, _) in made.items():
        again = await home.person.call("PUT", f"{LIST}/{id_}", json=body, headers=NEW, status=200)
        now = await home.person.call("GET", f"{LIST}/{id_}", status=200)
        assert again.json() == now.json()
    create = {"create": [{"id": id_, **body} for id_, (body, _) in made.items()]}
    told = (await home.person.call("POST", f"{LIST}/bulk", json=create, status=200)).json()
    assert {result["status"] for result in told["results"]} <= {"unchanged"}


async def created(ada: Person, body: dict[str, Any]) -> str:
    path = f"{LIST}/{uuid4()}"
    await ada.call("PUT", path, json=body, headers=NEW, status=201)
    return path


async def test_a_refund_without_its_category_can_be_sent_again(world: World) -> None:
    home = await homes.household(world)
    ada, category = home.person, str(home.categories[0])
    shoes = await ada.expense("50", "shoes", category_id=category)
    body = {"amount": "20", "kind": "income", "refund_of": shoes["id"]}
    path = await created(ada, body)
    again = await ada.call("PUT", path, json=body, headers=NEW, status=200)
    assert again.json()["category_id"] == category
    rows = [{"id": path.rsplit("/", 1)[1], **body}]
    told = await ada.call("POST", f"{LIST}/bulk", json={"create": rows}, status=200)
    assert told.json()["counts"] == {"unchanged": 1}


async def test_what_was_left_out_is_not_read_anew_from_changed_settings(world: World) -> None:
    ada = await world.person()
    path = await created(ada, {"amount": "20"})
    await world.service.pool.execute(
        "update ledgers set currency = 'KWD', time_zone = 'Pacific/Kiritimati' where id = $1", ada.ledger
    )  # fmt: skip
    again = await ada.call("PUT", path, json={"amount": "20"}, headers=NEW, status=200)
    assert again.json()["currency"] == "EUR"
    rows = [{"id": path.rsplit("/", 1)[1], "amount": "20.00"}]
    told = await ada.call("POST", f"{LIST}/bulk", json={"create": rows}, status=200)
    assert told.json()["counts"] == {"unchanged": 1}


async def test_a_key_is_of_one_address_as_of_one_body(world: World) -> None:
    ada = await world.person()
    await ada.expense("1")
    await ada.expense("2")
    key = {"Idempotency-Key": "once"}
    newest = (await ada.call("GET", f"{LEDGER}/changes", status=200)).json()["items"][0]["seq"]
    path = f"{LEDGER}/changes/{newest}/undo"
    first = await ada.call("POST", path, json={}, headers=key, status=200)
    other = f"{LEDGER}/changes/{newest - 1}/undo"
    await ada.call("POST", other, json={}, headers=key, status=422)
    by_id = f"/ledgers/{ada.ledger}/changes/{newest}/undo"
    again = await ada.call("POST", by_id, json={}, headers=key, status=200)
    assert again.json() == first.json()
