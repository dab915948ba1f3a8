import json

from people.doors import Doors, email_of
from world import Person


async def test_an_erased_person_leaves_a_placeholder_and_nothing_else(doors: Doors) -> None:
    ada = await doors.person()
    bob = await doors.person("Bob", ledger=ada.ledger, role="editor")
    made = await bob.expense("3", "bread")
    await bob.call("POST", "/tokens", json={"name": "phone"}, status=201)
    await bob.call(
        "POST", "/ledgers/default/expenses", json={"amount": "4"}, headers={"Idempotency-Key": "k"}
    )
    await bob.call("DELETE", "/me", params={"confirm": "Bob"}, status=204)
    assert ("revoke_user", str(bob.id)) in doors.ended.told
    await bob.call("GET", "/me", status=401)
    pool = doors.service.pool
    kept = await pool.fetchrow("select * from public.users where id = $1", bob.id)
    assert (kept["name"], kept["email"], kept["is_placeholder"]) == ("Former member", None, True)
    for table in ("sessions", "api_tokens", "members", "idempotency_keys"):
        count = f"select count(*) from public.{table} where user_id = $1"
        assert await pool.fetchval(count, bob.id) == 0, table
    assert "bob" not in await everything(doors)
    read = await ada.call("GET", f"/ledgers/default/expenses/{made['id']}", status=200)
    assert read.json()["created_by"] == str(bob.id)
    assert bob.id not in {m["user_id"] for m in await members(ada)}


async def test_a_last_owner_of_a_shared_ledger_cannot_go_yet(doors: Doors) -> None:
    ada = await doors.person()
    bob = await doors.person("Bob", ledger=ada.ledger, role="editor")
    refused = await ada.call("DELETE", "/me", params={"confirm": "Ada"}, status=409)
    assert refused.json()["type"] == "urn:outlay:problem:ledgers-in-the-way"
    assert refused.json()["ledgers"] == [{"id": str(ada.ledger), "name": "Home"}]
    assert "owner" in refused.json()["detail"]
    await ada.call(
        "PATCH",
        f"/ledgers/default/members/{bob.id}",
        json={"role": "owner"},
        headers={"If-Match": "*"},
        status=200,
    )
    await ada.call("DELETE", "/me", params={"confirm": "Ada"}, status=204)
    assert [m["user_id"] for m in await members(bob)] == [str(bob.id)]


async def test_ledgers_nobody_else_uses_go_only_when_it_is_said(doors: Doors) -> None:
    ada = await doors.person()
    await ada.expense("3")
    await ada.call("DELETE", "/me", params={"confirm": "Ada"}, status=409)
    both = {"confirm": "Ada", "delete_ledgers": "true"}
    await ada.call("DELETE", "/me", params=both, status=204)
    pool = doors.service.pool
    assert await pool.fetchval("select count(*) from public.ledgers") == 0
    assert await pool.fetchval("select count(*) from public.change_log") == 0


async def test_a_disabled_member_keeps_their_ledger(doors: Doors) -> None:
    ada = await doors.person()
    bob = await doors.person("Bob", ledger=ada.ledger, role="editor")
    await doors.service.pool.execute(
        "update public.users set disabled_at = now() where id = $1", bob.id
    )
    both = {"confirm": "Ada", "delete_ledgers": "true"}
    await ada.call("DELETE", "/me", params=both, status=409)


async def test_erasing_wants_the_name(doors: Doors) -> None:
    ada = await doors.person()
    answer = await ada.call("DELETE", "/me", params={"delete_ledgers": "true"}, status=422)
    assert answer.json()["errors"][0]["pointer"] == "/confirm"
    await ada.call("GET", "/me", status=200)


async def test_the_last_administrator_stays(doors: Doors) -> None:
    root = await doors.person("Root", is_admin=True)
    both = {"confirm": "Root", "delete_ledgers": "true"}
    refused = await root.call("DELETE", "/me", params=both, status=409)
    assert "administrator" in refused.json()["detail"]
    await doors.person("Other", is_admin=True)
    await root.call("DELETE", "/me", params=both, status=204)


async def test_an_erased_person_cannot_sign_in_again(doors: Doors) -> None:
    await doors.account()
    browser = await doors.signed_in()
    both = {"confirm": "Bea", "delete_ledgers": "true"}
    assert (await browser.delete("/me", params=both)).status_code == 204
    assert doors.service.cookie not in browser.cookies
    assert await doors.service.pool.fetchval("select count(*) from public.sessions") == 0
    free = await doors.account()
    assert free
    assert email_of("Bea") in await everything(doors)


async def members(person: Person) -> list[dict[str, str]]:
    answer = await person.call("GET", f"/ledgers/{person.ledger}/members", status=200)
    return answer.json()["items"]  # type: ignore[no-any-return]


async def everything(doors: Doors) -> str:
    """All rows of all tables, in small letters."""
    pool = doors.service.pool
    tables = await pool.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    rows = []
    for table in tables:
        found = await pool.fetch(
            f"select to_jsonb(t)::text as row from public.{table['relname']} t"
        )
        rows += [row["row"] for row in found]
    return json.dumps(rows).lower()
