from uuid import uuid4

from people.doors import Doors
from world import World


async def test_i_change_my_name_address_and_default_ledger(world: World) -> None:
    ada = await world.person()
    mine = await ada.call("GET", "/me", status=200)
    second = (
        await ada.call("POST", "/ledgers", json={"name": "Trip", "currency": "JPY"}, status=201)
    ).json()
    body = {"name": " Ada L. ", "email": "al@example.org", "default_ledger_id": second["id"]}
    changed = await ada.call(
        "PATCH", "/me", json=body, headers={"If-Match": mine.headers["etag"]}, status=200
    )
    assert changed.json()["name"] == "Ada L."
    assert changed.json()["default_ledger_id"] == second["id"]
    assert (await ada.call("GET", "/me", status=200)).json() == changed.json()
    unchanged = {"If-None-Match": changed.headers["etag"]}
    await ada.call("GET", "/me", headers=unchanged, status=304)
    assert (await ada.call("GET", "/ledgers/default", status=200)).json()["currency"] == "JPY"


async def test_a_stale_or_blind_change_of_me_is_refused(world: World) -> None:
    ada = await world.person()
    tag = (await ada.call("GET", "/me", status=200)).headers["etag"]
    await ada.call("PATCH", "/me", json={"name": "A"}, status=428)
    await ada.call("PATCH", "/me", json={"name": "A"}, headers={"If-Match": tag}, status=200)
    stale = await ada.call(
        "PATCH", "/me", json={"name": "B"}, headers={"If-Match": tag}, status=412
    )
    assert stale.json()["current"]["name"] == "A"


async def test_bad_input_about_me_points_to_its_field(world: World) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    for body, pointer in [
        ({"name": ""}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": "a\u0000"}, "/name"),
        ({"email": "nonsense"}, "/email"),
        ({"email": None}, "/email"),
        ({"is_admin": True}, "/is_admin"),
        ({"password": "sneaked in"}, "/password"),
        ({"default_ledger_id": str(eve.ledger)}, "/default_ledger_id"),
        ({"default_ledger_id": str(uuid4())}, "/default_ledger_id"),
    ]:
        answer = await ada.call("PATCH", "/me", json=body, headers={"If-Match": "*"}, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer, body


async def test_two_people_never_have_one_address(doors: Doors) -> None:
    await doors.account()
    ada = await doors.person()
    taken = await ada.call(
        "PATCH", "/me", json={"email": "BEA@example.org"}, headers={"If-Match": "*"}, status=409
    )
    assert taken.json()["errors"][0]["pointer"] == "/email"
