"""Who may give whom a new password, and that nobody gains a right by it."""

import asyncio

from people.doors import PASSWORD, Doors, credentials
from world import Person

NEW = "another fine horse"


async def asked(owner: Person, member: Person, status: int) -> str:
    path = f"/ledgers/{owner.ledger}/members/{member.id}/password-reset"
    answer = await owner.call("POST", path, status=status)
    return answer.json().get("token", "")  # type: ignore[no-any-return]


async def test_an_owner_helps_a_member_of_their_own_ledger(doors: Doors) -> None:
    ada = await doors.person()
    bob = await doors.person("Bob", ledger=ada.ledger, role="editor")
    answer = await ada.call(
        "POST", f"/ledgers/{ada.ledger}/members/{bob.id}/password-reset", status=201
    )
    token = answer.json()["token"]
    assert answer.json()["url"] == f"http://localhost:8000/reset#token={token}"
    shown = (await doors.browser().post("/links/preview", json={"token": token})).json()
    assert (shown["kind"], shown["name"], shown["made_by"]) == ("password_reset", "Bob", "Ada")
    browser = doors.browser()
    done = await browser.post("/password-reset", json={"token": token, "password": NEW})
    assert done.status_code == 201
    assert (await browser.get("/session")).json()["user"]["id"] == str(bob.id)
    assert ("revoke_user", str(bob.id)) in doors.ended.told
    body = {"email": shown["email"], "password": NEW}
    assert (await doors.browser().post("/session", json=body)).status_code == 201


async def test_a_reset_ends_the_persons_sessions_and_works_once(doors: Doors) -> None:
    ada = await doors.person()
    bea = await doors.account()
    await _moves_in(doors, bea, ada)
    phone = await doors.signed_in()
    path = f"/ledgers/{ada.ledger}/members/{bea}/password-reset"
    first = (await ada.call("POST", path, status=201)).json()["token"]
    second = (await ada.call("POST", path, status=201)).json()["token"]
    assert (await phone.get("/session")).status_code == 200
    body = {"token": first, "password": NEW}
    assert (await doors.browser().post("/password-reset", json=body)).status_code == 422
    answers = await asyncio.gather(
        *(
            doors.browser().post("/password-reset", json={"token": second, "password": NEW + word})
            for word in ("1", "2", "3")
        )
    )
    assert sorted(a.status_code for a in answers) == [201, 422, 422]
    assert (await phone.get("/session")).status_code == 401
    assert (await doors.browser().post("/session", json=credentials())).status_code == 401


async def test_an_owner_cannot_take_over_somebody_with_another_ledger(doors: Doors) -> None:
    ada, bob = await doors.person(), await doors.person("Bob")
    await _joins(doors, bob, ada, "editor")
    await asked(ada, bob, 403)


async def test_an_owner_cannot_take_over_an_administrator_or_themselves(doors: Doors) -> None:
    ada = await doors.person()
    root = await doors.person("Root", ledger=ada.ledger, role="viewer", is_admin=True)
    await asked(ada, root, 403)
    await asked(ada, ada, 403)


async def test_only_owners_help_and_only_members_are_helped(doors: Doors) -> None:
    ada, eve = await doors.person(), await doors.person("Eve")
    ed = await doors.person("Ed", ledger=ada.ledger, role="editor")
    vic = await doors.person("Vic", ledger=ada.ledger, role="viewer")
    await asked(ed, vic, 403)
    await asked(ada, eve, 404)


async def test_a_token_limited_to_ledgers_resets_nobody(doors: Doors) -> None:
    ada = await doors.person()
    bob = await doors.person("Bob", ledger=ada.ledger, role="editor")
    await doors.service.pool.execute(
        "update public.api_tokens set ledger_ids = array[$1::uuid] where user_id = $2",
        ada.ledger,
        ada.id,
    )
    await asked(ada, bob, 403)


async def test_a_link_is_worth_nothing_once_its_maker_lost_the_right(doors: Doors) -> None:
    ada = await doors.person()
    bob = await doors.person("Bob", ledger=ada.ledger, role="editor")
    pool = doors.service.pool
    for took_right in (
        lambda: _joins(doors, bob, None, "viewer"),
        lambda: pool.execute("update public.users set is_admin = true where id = $1", bob.id),
        lambda: pool.execute("update public.users set disabled_at = now() where id = $1", ada.id),
    ):
        token = await asked(ada, bob, 201)
        await took_right()
        body = {"token": token, "password": NEW}
        assert (
            await doors.browser().post("/links/preview", json={"token": token})
        ).status_code == 422
        assert (await doors.browser().post("/password-reset", json=body)).status_code == 422
        await pool.execute("update public.users set is_admin = false, disabled_at = null")
        await pool.execute(
            "delete from public.members where user_id = $1 and ledger_id <> $2", bob.id, ada.ledger
        )


async def test_an_administrator_helps_anybody_but_administrators(doors: Doors) -> None:
    root, ada = await doors.person("Root", is_admin=True), await doors.person()
    other = await doors.person("Other", is_admin=True)
    answer = await root.call("POST", f"/users/{ada.id}/password-reset", status=201)
    await root.call("POST", f"/users/{other.id}/password-reset", status=403)
    await root.call("POST", f"/users/{root.id}/password-reset", status=403)
    body = {"token": answer.json()["token"], "password": "short"}
    refused = await doors.browser().post("/password-reset", json=body)
    assert refused.json()["errors"][0]["pointer"] == "/password"
    body["password"] = PASSWORD
    assert (await doors.browser().post("/password-reset", json=body)).status_code == 201


async def _joins(doors: Doors, who: Person, to: Person | None, role: str) -> None:
    ledger = to.ledger if to else await doors.ledger("Another")
    await doors.service.pool.execute(
        "insert into public.members (ledger_id, user_id, role) values ($1, $2, $3)",
        ledger, who.id, role,
    )  # fmt: skip


async def _moves_in(doors: Doors, user: object, to: Person) -> None:
    pool = doors.service.pool
    async with pool.acquire() as db, db.transaction():
        await db.execute("select set_config('outlay.mode', 'erase', true)")
        await db.execute("delete from public.members where user_id = $1", user)
        await db.execute("select set_config('outlay.mode', '', true)")
        await db.execute(
            "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'viewer')",
            to.ledger, user,
        )  # fmt: skip
