import asyncio
from typing import Any
from uuid import uuid4

from people.doors import Doors
from world import Person, World

ANY = {"If-Match": "*"}


async def listed(who: Person, ledger: object = "default") -> list[dict[str, Any]]:
    answer = await who.call("GET", f"/ledgers/{ledger}/members", status=200)
    return answer.json()["items"]  # type: ignore[no-any-return]


async def test_members_see_each_other_and_owners_see_addresses(world: World) -> None:
    ada = await world.person()
    vic = await world.person("Vic", ledger=ada.ledger, role="viewer")
    await world.service.pool.execute(
        "with gone as (insert into public.users (id, name, is_placeholder) "
        "values ($1, 'Aunt', true) returning id) "
        "insert into public.members (ledger_id, user_id, role) select $2, id, 'viewer' from gone",
        uuid4(), ada.ledger,
    )  # fmt: skip
    seen = await listed(ada)
    assert [(m["name"], m["role"], m["is_placeholder"]) for m in seen] == [
        ("Ada", "owner", False), ("Vic", "viewer", False), ("Aunt", "viewer", True),
    ]  # fmt: skip
    assert [m["email"] is None for m in seen] == [False, False, True]
    assert [(m["email"] is None, m["is_me"]) for m in await listed(vic)] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip
    one = await vic.call("GET", f"/ledgers/default/members/{ada.id}", status=200)
    assert one.json()["name"] == "Ada"


async def test_a_role_is_changed_by_its_version_and_told_in_the_history(world: World) -> None:
    ada = await world.person()
    vic = await world.person("Vic", ledger=ada.ledger, role="viewer")
    path = f"/ledgers/default/members/{vic.id}"
    await vic.call("POST", "/ledgers/default/expenses", json={"amount": "1"}, status=403)
    await ada.call("PATCH", path, json={"role": "editor"}, status=428)
    tag = {"If-Match": (await ada.call("GET", path, status=200)).headers["etag"]}
    await ada.call("PATCH", path, json={"role": "editor"}, headers=tag, status=200)
    stale = await ada.call("PATCH", path, json={"role": "viewer"}, headers=tag, status=412)
    assert stale.json()["current"]["role"] == "editor"
    await vic.call("POST", "/ledgers/default/expenses", json={"amount": "1"}, status=201)
    await ada.call("PATCH", path, json={"role": "king"}, headers=ANY, status=422)
    last = await world.service.pool.fetchrow(
        "select l.before ->> 'role' as before, l.after ->> 'role' as after, s.action, s.actor_id "
        "from public.change_log l join public.change_sets s using (ledger_id, seq) "
        "where l.entity = 'member' and l.entity_id = $1 and l.before is not null",
        vic.id,
    )
    assert tuple(last) == ("viewer", "editor", "member.change", ada.id)


async def test_a_removed_member_is_out_at_once(doors: Doors) -> None:
    ada = await doors.person()
    vic = await doors.person("Vic", ledger=ada.ledger, role="viewer")
    own = (
        await vic.call("POST", "/ledgers", json={"name": "V", "currency": "EUR"}, status=201)
    ).json()
    path = f"/ledgers/{ada.ledger}/members/{vic.id}"
    await ada.call("DELETE", path, status=428)
    await ada.call("DELETE", path, headers=ANY, status=204)
    assert doors.ended.told == [("revoke_member", str(ada.ledger), str(vic.id))]
    await vic.call("GET", f"/ledgers/{ada.ledger}", status=404)
    assert (await vic.call("GET", "/ledgers/default", status=200)).json()["id"] == own["id"]
    await ada.call("DELETE", path, headers=ANY, status=404)


async def test_everybody_may_leave_but_the_last_owner(doors: Doors) -> None:
    ada = await doors.person()
    vic = await doors.person("Vic", ledger=ada.ledger, role="viewer")
    refused = await ada.call("DELETE", "/ledgers/default/members/me", status=409)
    assert "owner" in refused.json()["detail"]
    await vic.call("DELETE", "/ledgers/default/members/me", status=204)
    await vic.call("GET", f"/ledgers/{ada.ledger}", status=404)
    await ada.call("DELETE", f"/ledgers/default/members/{ada.id}", headers=ANY, status=409)
    path = f"/ledgers/default/members/{ada.id}"
    await ada.call("PATCH", path, json={"role": "editor"}, headers=ANY, status=409)
    assert [m["role"] for m in await listed(ada)] == ["owner"]


async def test_two_owners_who_leave_at_once_do_not_both_go(world: World) -> None:
    for _ in range(4):
        ada = await world.person()
        bob = await world.person("Bob", ledger=ada.ledger)
        answers = await asyncio.gather(
            *(who.call("DELETE", f"/ledgers/{ada.ledger}/members/me") for who in (ada, bob))
        )
        assert sorted(a.status_code for a in answers) == [204, 409]


async def test_an_owner_who_cannot_sign_in_is_none(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger)
    await world.service.pool.execute(
        "update public.users set disabled_at = now() where id = $1", bob.id
    )
    await ada.call("DELETE", "/ledgers/default/members/me", status=409)
    path = f"/ledgers/default/members/{bob.id}"
    await ada.call("DELETE", path, headers=ANY, status=204)


async def test_nobody_reaches_into_another_ledger(world: World) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    for method in ("GET", "DELETE", "PATCH"):
        for ledger, user in ((eve.ledger, ada.id), (ada.ledger, ada.id)):
            answer = await eve.call(
                method, f"/ledgers/{ledger}/members/{user}", json={"role": "viewer"}, headers=ANY
            )
            assert answer.status_code == 404
    assert [m["role"] for m in await listed(ada)] == ["owner"]
