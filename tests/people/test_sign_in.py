import logging

import pytest
from argon2 import PasswordHasher

from contracts.routes import ruled
from outlay.access import secret_hash
from outlay.main import Service
from outlay.metrics import SIGN_INS
from outlay.settings import Settings
from people.conftest import CHEAP
from people.doors import PASSWORD, Doors, credentials, email_of

# What anybody may send from any page: it sets no cookie and changes nothing.
HARMLESS = {"/api/v1/links/preview"}


async def test_a_password_opens_a_session_whose_secret_only_the_cookie_has(doors: Doors) -> None:
    bea = await doors.account()
    browser = doors.browser()
    answer = await browser.post("/session", json=credentials())
    assert answer.status_code == 201
    assert answer.json()["user"] == {
        "id": str(bea), "name": "Bea", "email": email_of("Bea"), "is_admin": False, "has_password": True,
    }  # fmt: skip
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{doors.service.cookie}=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", "max-age=2592000"} <= attributes
    assert "secure" not in attributes
    secret = browser.cookies[doors.service.cookie]
    assert secret not in answer.text
    kept = await doors.service.pool.fetchrow("select * from public.sessions")
    assert kept["token_hash"] == secret_hash(secret)
    assert secret not in str(dict(kept))
    who = await browser.get("/session")
    assert who.json() == answer.json()
    assert who.json()["credential"]["id"] == str(kept["id"])


async def test_over_https_the_cookie_is_secure_and_bound_to_its_host(dsn: str) -> None:
    settings = Settings(public_url="https://outlay.example.org", log_level="warning")
    service = Service(settings, dsn, hasher=CHEAP)
    async with service.running(), Doors(service) as doors:
        await doors.account()
        browser = doors.browser(Origin="https://outlay.example.org")
        answer = await browser.post("/session", json=credentials())
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-outlay_session_")
        assert "secure" in {part.strip().lower() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()


async def test_wrong_unknown_disabled_and_passwordless_accounts_answer_alike(doors: Doors) -> None:
    await doors.account()
    await doors.account("Cat", password=None)
    await doors.account("Dan")
    await doors.service.pool.execute(
        "update public.users set disabled_at = now() where name = 'Dan'"
    )
    tries = [
        credentials("Bea", "wrong horse battery"), credentials("Nobody"), credentials("Cat"), credentials("Dan"),
    ]  # fmt: skip
    answers = [await doors.browser().post("/session", json=body) for body in tries]
    assert {a.status_code for a in answers} == {401}
    assert len({a.text for a in answers}) == 1
    assert all("set-cookie" not in a.headers for a in answers)


async def test_the_address_is_taken_in_any_case_and_the_password_in_any_composition(
    doors: Doors,
) -> None:
    composed, decomposed = "caf\u00e9 au lait!", "cafe\u0301 au lait!"
    await doors.account(password=composed)
    body = {"email": " BEA@Example.org ", "password": decomposed}
    assert (await doors.browser().post("/session", json=body)).status_code == 201


async def test_signing_in_ends_the_session_that_was_shown(doors: Doors) -> None:
    await doors.account()
    browser = doors.browser()
    await browser.post("/session", json=credentials())
    first = browser.cookies[doors.service.cookie]
    first_id = (await browser.get("/session")).json()["credential"]["id"]
    await browser.post("/session", json=credentials())
    assert browser.cookies[doors.service.cookie] != first
    assert doors.ended.told == [("revoke_session", first_id)]
    stale = doors.browser()
    stale.cookies.set(doors.service.cookie, first)
    assert (await stale.get("/session")).status_code == 401


async def test_signing_out_ends_the_session_and_removes_the_cookie(doors: Doors) -> None:
    await doors.account()
    browser = doors.browser()
    await browser.post("/session", json=credentials())
    secret = browser.cookies[doors.service.cookie]
    session = (await browser.get("/session")).json()["credential"]["id"]
    answer = await browser.delete("/session")
    assert answer.status_code == 204
    assert doors.service.cookie not in browser.cookies
    assert doors.ended.told == [("revoke_session", session)]
    browser.cookies.set(doors.service.cookie, secret)
    assert (await browser.get("/session")).status_code == 401


async def test_another_sites_page_cannot_sign_its_visitor_in(doors: Doors) -> None:
    await doors.account()
    posts = {r.template for r, _ in ruled(doors.service, "anyone") if r.method != "GET"} - HARMLESS
    assert len(posts) == 4
    for path in (template.removeprefix("/api/v1") for template in posts):
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}):
            foreign = doors.browser(**headers)
            answer = await foreign.post(path, json=_body(path))
            assert answer.status_code == 403, (path, headers)
            assert "set-cookie" not in answer.headers
    assert await doors.service.pool.fetchval("select count(*) from public.sessions") == 0


async def test_another_sites_page_cannot_write_with_the_cookie(doors: Doors) -> None:
    await doors.account()
    browser = await doors.signed_in()
    answer = await browser.delete("/session", headers={"Origin": "http://localhost:9999"})
    assert answer.status_code == 403
    assert (await browser.get("/session")).status_code == 200


async def test_a_hash_of_weaker_cost_is_replaced_at_sign_in(doors: Doors) -> None:
    bea = await doors.account()
    old = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(PASSWORD)
    pool = doors.service.pool
    await pool.execute("update public.users set password_hash = $1", old)
    assert (await doors.browser().post("/session", json=credentials())).status_code == 201
    kept = await pool.fetchval("select password_hash from public.users where id = $1", bea)
    assert "m=64," in kept
    assert (await doors.browser().post("/session", json=credentials())).status_code == 201


async def test_the_oldest_session_ends_when_there_are_fifty(doors: Doors) -> None:
    bea = await doors.account()
    pool = doors.service.pool
    await pool.execute(
        "insert into public.sessions (id, token_hash, user_id, created_at, expires_at) "
        "select gen_random_uuid(), int4send(n), $1, now() - make_interval(hours => n), "
        "now() + interval '1 day' from generate_series(1, 60) n",
        bea,
    )
    browser = await doors.signed_in()
    listed = (await browser.get("/sessions")).json()["items"]
    assert len(listed) == 50
    assert sum(item["current"] for item in listed) == 1
    assert await pool.fetchval("select count(*) from public.sessions") == 50


async def test_bad_input_points_to_its_field_and_is_no_try(doors: Doors) -> None:
    for body, pointer in [
        ({"email": "a@b.c"}, ""),
        ({"email": 1, "password": "x"}, "/email"),
        ({"email": "a@b.c", "password": "x" * 513}, "/password"),
        ({"email": "a@b.c", "password": "x", "remember": True}, "/remember"),
    ]:
        answer = await doors.browser().post("/session", json=body)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert await doors.service.pool.fetchval("select count(*) from public.sign_in_attempts") == 0


async def test_no_log_line_and_no_metric_holds_a_secret(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    await doors.account()
    browser = doors.browser()
    with caplog.at_level(logging.DEBUG):
        await browser.post("/session", json=credentials("Bea", "wrong horse battery"))
        await browser.post("/session", json=credentials())
        await browser.post("/session/link", json={"token": "no-such-secret"})
        await browser.get("/session")
    said = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    secret = browser.cookies[doors.service.cookie]
    for word in (secret, PASSWORD, "wrong horse", "no-such-secret", email_of("Bea")):
        assert word not in said
    outcomes = {s.labels["outcome"] for m in SIGN_INS.collect() for s in m.samples}
    assert outcomes <= {"ok", "wrong", "limited", "busy", "link_ok", "link_wrong"}
    assert {"ok", "wrong", "link_wrong"} <= outcomes


def _body(path: str) -> dict[str, str]:
    match path:
        case "/session":
            return credentials()
        case "/session/link":
            return {"token": "x"}
        case "/password-reset":
            return {"token": "x", "password": PASSWORD}
        case _:
            return {"token": "x", "name": "Eve", "email": "eve@example.org", "password": PASSWORD}
