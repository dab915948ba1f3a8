import asyncio
from uuid import uuid4

from people.doors import PASSWORD, Doors, credentials


async def test_an_administrator_creates_people_with_a_password_or_a_link(doors: Doors) -> None:
    root = await doors.person("Root", is_admin=True)
    body = {"name": "Bea", "email": "bea@example.org", "password": PASSWORD}
    made = await root.call("POST", "/users", json=body, status=201)
    assert made.json()["link"] is None
    assert PASSWORD not in made.text
    assert (await doors.browser().post("/session", json=credentials())).status_code == 201
    body = {"name": "Cat", "email": "cat@example.org", "is_admin": True}
    linked = (await root.call("POST", "/users", json=body, status=201)).json()
    assert linked["user"]["has_password"] is False
    token = {"token": linked["link"]["token"], "password": PASSWORD}
    browser = doors.browser()
    assert (await browser.post("/password-reset", json=token)).status_code == 201
    assert (await browser.get("/users")).status_code == 200


async def test_people_are_listed_page_by_page_and_found_by_words(doors: Doors) -> None:
    root = await doors.person("Root", is_admin=True)
    for name in ("Anna", "Bert", "Annika"):
        body = {"name": name, "email": f"{name}@example.org"}
        await root.call("POST", "/users", json=body, status=201)
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await root.call("GET", "/users", params=params, status=200)).json()
        seen += [user["name"] for user in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == ["Anna", "Annika", "Bert", "Root"]
    found = (await root.call("GET", "/users", params={"q": "ANN"}, status=200)).json()["items"]
    assert [user["name"] for user in found] == ["Anna", "Annika"]
    assert (await root.call("GET", "/users", params={"q": "%"}, status=200)).json()["items"] == []
    for limit in (0, 201):
        await root.call("GET", "/users", params={"limit": limit}, status=422)


async def test_whoever_is_disabled_is_out_at_once_and_back_when_enabled(doors: Doors) -> None:
    root = await doors.person("Root", is_admin=True)
    bea = await doors.account()
    browser = await doors.signed_in()
    path = f"/users/{bea}"
    tag = {"If-Match": (await root.call("GET", path, status=200)).headers["etag"]}
    done = await root.call("PATCH", path, json={"is_disabled": True}, headers=tag, status=200)
    assert done.json()["is_disabled"] is True
    assert ("revoke_user", str(bea)) in doors.ended.told
    assert (await browser.get("/session")).status_code == 401
    assert (await doors.browser().post("/session", json=credentials())).status_code == 401
    tag = {"If-Match": done.headers["etag"]}
    await root.call("PATCH", path, json={"is_disabled": False}, headers=tag, status=200)
    assert (await doors.browser().post("/session", json=credentials())).status_code == 201


async def test_a_disabled_persons_token_rests(doors: Doors) -> None:
    root, bob = await doors.person("Root", is_admin=True), await doors.person("Bob")
    any_tag = {"If-Match": "*"}
    for disabled, status in ((True, 401), (False, 200)):
        body = {"is_disabled": disabled}
        await root.call("PATCH", f"/users/{bob.id}", json=body, headers=any_tag, status=200)
        await bob.call("GET", "/me", status=status)


async def test_two_administrators_cannot_demote_each_other_at_once(doors: Doors) -> None:
    for _ in range(3):
        first = await doors.person("First", is_admin=True)
        second = await doors.person("Second", is_admin=True)
        answers = await asyncio.gather(
            *(
                by.call(
                    "PATCH", f"/users/{of.id}", json={"is_admin": False}, headers={"If-Match": "*"}
                )
                for by, of in ((first, second), (second, first))
            )
        )
        assert sorted(a.status_code for a in answers) in ([200, 403], [200, 409])
        left = "select count(*) from public.users where is_admin"
        assert await doors.service.pool.fetchval(left) == 1
        await doors.service.pool.execute("update public.users set is_admin = false")


async def test_the_last_administrator_cannot_step_down_or_be_disabled(doors: Doors) -> None:
    root = await doors.person("Root", is_admin=True)
    for body in ({"is_admin": False}, {"is_disabled": True}):
        await root.call(
            "PATCH", f"/users/{root.id}", json=body, headers={"If-Match": "*"}, status=409
        )


async def test_an_administrator_erases_a_person(doors: Doors) -> None:
    root = await doors.person("Root", is_admin=True)
    bob = await doors.person("Bob", ledger=root.ledger, role="viewer")
    await root.call("DELETE", f"/users/{bob.id}", status=422)
    await root.call("DELETE", f"/users/{bob.id}", params={"confirm": "Bob"}, status=204)
    await root.call("GET", f"/users/{bob.id}", status=404)
    await root.call("DELETE", f"/users/{bob.id}", params={"confirm": "Bob"}, status=404)
    names = [u["name"] for u in (await root.call("GET", "/users", status=200)).json()["items"]]
    assert names == ["Root"]


async def test_bad_input_about_people_points_to_its_field(doors: Doors) -> None:
    root = await doors.person("Root", is_admin=True)
    good = {"name": "Bea", "email": "bea@example.org"}
    for change, pointer in [
        ({"name": " "}, "/name"),
        ({"email": "nonsense"}, "/email"),
        ({"password": "short"}, "/password"),
        ({"password": "bea@example.org"}, "/password"),
        ({"is_admin": "yes"}, "/is_admin"),
        ({"id": str(uuid4())}, "/id"),
    ]:
        answer = await root.call("POST", "/users", json={**good, **change}, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer, change
    await root.call("POST", "/users", json=good, status=201)
    await root.call("POST", "/users", json={**good, "email": "BEA@EXAMPLE.ORG"}, status=409)
    await root.call("PATCH", f"/users/{root.id}", json={"name": "x"}, status=428)
