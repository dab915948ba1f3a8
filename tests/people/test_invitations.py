import asyncio
from typing import Any
from uuid import UUID

import httpx

from people.doors import PASSWORD, Doors
from world import Person

ANY = {"If-Match": "*"}


async def invited(owner: Person, role: str = "editor", **more: Any) -> dict[str, Any]:
    body = {"role": role, **more}
    answer = await owner.call("POST", f"/ledgers/{owner.ledger}/invitations", json=body, status=201)
    return answer.json()  # type: ignore[no-any-return]


def account(token: str, name: str = "Cat") -> dict[str, str]:
    email = f"{name.lower()}@example.org"
    return {"token": token, "name": name, "email": email, "password": PASSWORD}


async def accepted(by: Person | httpx.AsyncClient, token: str) -> httpx.Response:
    if isinstance(by, Person):
        return await by.call("POST", "/invitations/accept", json={"token": token})
    return await by.post("/invitations/accept", json={"token": token})


async def test_somebody_signed_in_joins_with_the_invited_role(doors: Doors) -> None:
    ada, bob = await doors.person(), await doors.person("Bob")
    made = await invited(ada, "viewer", note="for Bob")
    assert made["url"] == f"http://localhost:8000/join#token={made['token']}"
    shown = (await doors.browser().post("/links/preview", json={"token": made["token"]})).json()
    assert (shown["kind"], shown["ledger"], shown["role"], shown["made_by"]) == (
        "invitation", "Home", "viewer", "Ada",
    )  # fmt: skip
    joined = await accepted(bob, made["token"])
    assert joined.json() == {"ledger_id": str(ada.ledger), "role": "viewer"}
    assert ada.ledger in doors.ended.touched
    seen = (await bob.call("GET", f"/ledgers/{ada.ledger}", status=200)).json()
    assert (seen["role"], seen["is_default"]) == ("viewer", False)
    assert (await accepted(bob, made["token"])).status_code == 422
    read = await ada.call(
        "GET", f"/ledgers/default/invitations/{made['invitation']['id']}", status=200
    )
    assert read.json()["used_at"] is not None
    assert read.json()["note"] == ""


async def test_somebody_without_an_account_joins_with_a_new_one(doors: Doors) -> None:
    ada = await doors.person()
    made = await invited(ada)
    browser = doors.browser()
    answer = await browser.post("/invitations/join", json=account(made["token"]))
    assert answer.status_code == 201, answer.text
    assert answer.json()["default_ledger_id"] == str(ada.ledger)
    assert (await browser.get("/ledgers/default")).json()["role"] == "editor"
    assert (await browser.get("/session")).json()["user"]["name"] == "Cat"
    last = await doors.service.pool.fetchrow(
        "select action, actor_id from public.change_sets where ledger_id = $1 order by seq desc limit 1",
        ada.ledger,
    )
    assert tuple(last) == ("member.join", UUID(answer.json()["user"]["id"]))


async def test_joining_is_all_or_nothing(doors: Doors) -> None:
    ada = await doors.person()
    await doors.account()
    made = await invited(ada)
    browser = doors.browser()
    taken = await browser.post("/invitations/join", json=account(made["token"], "Bea"))
    assert taken.status_code == 409
    assert taken.json()["errors"][0]["pointer"] == "/email"
    for change, pointer in [
        ({"name": ""}, "/name"),
        ({"email": "nonsense"}, "/email"),
        ({"password": "short"}, "/password"),
        ({"role": "owner"}, "/role"),
    ]:
        body = {**account(made["token"]), **change}
        refused = await browser.post("/invitations/join", json=body)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == pointer
    assert (await browser.post("/invitations/join", json=account(made["token"]))).status_code == 201


async def test_of_many_who_accept_at_once_one_joins(doors: Doors) -> None:
    ada = await doors.person()
    people = [await doors.person(f"P{n}") for n in range(4)]
    made = await invited(ada)
    newcomers = [
        doors.browser(f"198.51.100.{n}").post(
            "/invitations/join", json=account(made["token"], f"New{n}")
        )
        for n in range(3)
    ]
    answers = await asyncio.gather(*(accepted(who, made["token"]) for who in people), *newcomers)
    assert sum(a.is_success for a in answers) == 1
    assert {a.status_code for a in answers} <= {200, 201, 422}
    members = await ada.call("GET", "/ledgers/default/members", status=200)
    assert len(members.json()["items"]) == 2
    assert await doors.service.pool.fetchval("select count(*) from public.users") in {5, 6}


async def test_an_invitation_raises_a_role_and_never_lowers_one(doors: Doors) -> None:
    ada = await doors.person()
    vic = await doors.person("Vic", ledger=ada.ledger, role="editor")
    lower = await invited(ada, "viewer")
    assert (await accepted(vic, lower["token"])).status_code == 409
    bob = await doors.person("Bob")
    assert (await accepted(bob, lower["token"])).status_code == 200
    higher = await invited(ada, "owner")
    assert (await accepted(vic, higher["token"])).json()["role"] == "owner"
    assert (await accepted(ada, (await invited(ada, "owner"))["token"])).status_code == 409


async def test_an_invitation_is_over_after_a_week_or_when_it_is_ended(doors: Doors) -> None:
    ada, bob = await doors.person(), await doors.person("Bob")
    made = await invited(ada)
    pool = doors.service.pool
    assert (await pool.fetchval("select expires_at - created_at from public.links")).days == 7
    await pool.execute("update public.links set expires_at = now()")
    assert (await accepted(bob, made["token"])).status_code == 422
    made = await invited(ada)
    path = f"/ledgers/default/invitations/{made['invitation']['id']}"
    await ada.call("DELETE", path, status=204)
    await ada.call("DELETE", path, status=404)
    assert (await accepted(bob, made["token"])).status_code == 422


async def test_a_former_owner_has_no_way_back_in(doors: Doors) -> None:
    ada = await doors.person()
    bob = await doors.person("Bob", ledger=ada.ledger)
    demoted, removed = await invited(bob, "owner"), None
    path = f"/ledgers/default/members/{bob.id}"
    await ada.call("PATCH", path, json={"role": "viewer"}, headers=ANY, status=200)
    assert (await accepted(bob, demoted["token"])).status_code == 422
    await ada.call("PATCH", path, json={"role": "owner"}, headers=ANY, status=200)
    assert (await accepted(bob, demoted["token"])).status_code == 422
    removed = await invited(bob, "owner")
    await ada.call("DELETE", path, headers=ANY, status=204)
    assert (await accepted(bob, removed["token"])).status_code == 422
    await doors.service.pool.execute(
        "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'owner')",
        ada.ledger, bob.id,
    )  # fmt: skip
    disabled = await invited(bob, "owner")
    await doors.service.pool.execute(
        "update public.users set disabled_at = now() where id = $1", bob.id
    )
    eve = await doors.person("Eve")
    assert (await accepted(eve, disabled["token"])).status_code == 422


async def test_invitations_are_listed_without_their_secrets(doors: Doors) -> None:
    ada, eve = await doors.person(), await doors.person("Eve")
    made = await invited(ada, note="for Bob")
    listed = await ada.call("GET", "/ledgers/default/invitations", status=200)
    assert listed.json()["items"] == [made["invitation"]]
    assert made["token"] not in listed.text
    elsewhere = f"/ledgers/{eve.ledger}/invitations/{made['invitation']['id']}"
    await eve.call("GET", elsewhere, status=404)
    await eve.call("DELETE", elsewhere, status=404)
    for body, pointer in [
        ({"role": "king"}, "/role"),
        ({"role": "viewer", "note": "x" * 101}, "/note"),
    ]:
        bad = await ada.call("POST", "/ledgers/default/invitations", json=body, status=422)
        assert bad.json()["errors"][0]["pointer"] == pointer


async def test_no_more_than_fifty_invitations_are_open(doors: Doors) -> None:
    ada = await doors.person()
    await doors.service.pool.execute(
        "insert into public.links (id, token_hash, kind, ledger_id, role, created_by, expires_at) "
        "select gen_random_uuid(), int4send(n), 'invitation', $1, 'viewer', $2, now() + interval '1 day' "
        "from generate_series(1, 49) n",
        ada.ledger, ada.id,
    )  # fmt: skip
    await invited(ada)
    await ada.call("POST", "/ledgers/default/invitations", json={"role": "viewer"}, status=409)
    listed = await ada.call("GET", "/ledgers/default/invitations", status=200)
    assert len(listed.json()["items"]) == 50


async def test_a_ledger_has_two_hundred_members_at_most(doors: Doors) -> None:
    ada, bob, cat = await doors.person(), await doors.person("Bob"), await doors.person("Cat")
    await doors.service.pool.execute(
        "with made as (insert into public.users (id, name) "
        "select gen_random_uuid(), 'Somebody' from generate_series(1, 198) returning id) "
        "insert into public.members (ledger_id, user_id, role) select $1, id, 'viewer' from made",
        ada.ledger,
    )
    assert (await accepted(bob, (await invited(ada))["token"])).status_code == 200
    full = await invited(ada)
    assert (await accepted(cat, full["token"])).status_code == 409
    listed = await ada.call("GET", "/ledgers/default/members", status=200)
    assert len(listed.json()["items"]) == 200
