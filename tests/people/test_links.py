import asyncio
from uuid import UUID

from outlay.auth.links import create_sign_in_link
from people.doors import Doors


async def made(doors: Doors, user: UUID) -> str:
    async with doors.service.pool.acquire() as db:
        return await create_sign_in_link(db, user)


async def test_a_sign_in_link_works_once(doors: Doors) -> None:
    bea = await doors.account(password=None)
    secret = await made(doors, bea)
    browser = doors.browser()
    first = await browser.post("/session/link", json={"token": secret})
    assert first.status_code == 201
    assert first.json()["user"]["id"] == str(bea)
    assert first.json()["user"]["has_password"] is False
    again = await doors.browser().post("/session/link", json={"token": secret})
    assert again.status_code == 422
    assert again.json()["errors"][0]["pointer"] == "/token"
    assert (await browser.get("/session")).status_code == 200


async def test_of_two_who_use_a_link_at_once_one_gets_in(doors: Doors) -> None:
    bea = await doors.account()
    for _ in range(5):
        secret = await made(doors, bea)
        answers = await asyncio.gather(
            *(doors.browser().post("/session/link", json={"token": secret}) for _ in range(4))
        )
        assert sorted(a.status_code for a in answers) == [201, 422, 422, 422]


async def test_a_link_is_over_after_ten_minutes(doors: Doors) -> None:
    bea = await doors.account()
    secret = await made(doors, bea)
    pool = doors.service.pool
    life = await pool.fetchval("select expires_at - created_at from public.links")
    assert life.total_seconds() == 600
    await pool.execute("update public.links set expires_at = now() - interval '1 second'")
    answer = await doors.browser().post("/session/link", json={"token": secret})
    assert answer.status_code == 422


async def test_a_link_lets_nobody_disabled_in(doors: Doors) -> None:
    bea = await doors.account()
    secret = await made(doors, bea)
    await doors.service.pool.execute("update public.users set disabled_at = now()")
    answer = await doors.browser().post("/session/link", json={"token": secret})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


async def test_only_a_hash_of_the_secret_is_kept(doors: Doors) -> None:
    secret = await made(doors, await doors.account())
    kept = await doors.service.pool.fetchrow("select * from public.links")
    assert len(secret) >= 43
    assert secret not in str(dict(kept))


async def test_looking_at_a_link_says_what_it_is_for_and_does_not_use_it(doors: Doors) -> None:
    secret = await made(doors, await doors.account())
    for _ in range(2):
        shown = await doors.browser().post("/links/preview", json={"token": secret})
        assert shown.status_code == 200
        assert (shown.json()["kind"], shown.json()["name"]) == ("sign_in", "Bea")
        assert shown.headers["cache-control"] == "no-store"
    used = await doors.browser().post("/session/link", json={"token": secret})
    assert used.status_code == 201
    gone = await doors.browser().post("/links/preview", json={"token": secret})
    assert gone.status_code == 422


async def test_a_link_of_one_kind_does_nothing_else(doors: Doors) -> None:
    secret = await made(doors, await doors.account())
    reset = {"token": secret, "password": "a new password"}
    join = {**reset, "name": "Eve", "email": "eve@example.org"}
    browser = doors.browser()
    assert (await browser.post("/password-reset", json=reset)).status_code == 422
    assert (await browser.post("/invitations/join", json=join)).status_code == 422
    assert (await browser.post("/session/link", json={"token": secret})).status_code == 201
