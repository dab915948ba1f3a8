from people.doors import Doors
from world import World


async def test_sessions_are_listed_with_where_they_are_from(doors: Doors) -> None:
    await doors.account()
    phone = await doors.signed_in(address="192.0.2.5")
    laptop = await doors.signed_in(address="192.0.2.6")
    items = (await laptop.get("/sessions")).json()["items"]
    assert [(i["address"], i["current"]) for i in items] == [
        ("192.0.2.6", True),
        ("192.0.2.5", False),
    ]
    assert items[0]["user_agent"].startswith("python-httpx")
    assert not {"token_hash", "token"} & set(items[0])
    assert (await phone.get("/sessions")).json()["items"][1]["current"] is True


async def test_a_session_is_ended_from_elsewhere_at_once(doors: Doors) -> None:
    await doors.account()
    phone, laptop = await doors.signed_in(), await doors.signed_in()
    lost = (await phone.get("/session")).json()["credential"]["id"]
    assert (await laptop.delete(f"/sessions/{lost}")).status_code == 204
    assert doors.ended.told == [("revoke_session", lost)]
    assert (await phone.get("/session")).status_code == 401
    assert (await laptop.delete(f"/sessions/{lost}")).status_code == 404


async def test_nobody_ends_another_persons_session(doors: Doors) -> None:
    await doors.account()
    await doors.account("Eve")
    bea, eve = await doors.signed_in(), await doors.signed_in("Eve")
    session = (await bea.get("/session")).json()["credential"]["id"]
    assert (await eve.delete(f"/sessions/{session}")).status_code == 404
    assert (await eve.delete("/sessions")).status_code == 204
    assert (await bea.get("/session")).status_code == 200


async def test_signing_out_everywhere_leaves_no_session(doors: Doors) -> None:
    await doors.account()
    phone, laptop = await doors.signed_in(), await doors.signed_in()
    assert (await laptop.delete("/sessions", params={"others": "true"})).status_code == 204
    assert (await phone.get("/session")).status_code == 401
    assert (await laptop.get("/session")).status_code == 200
    assert (await laptop.delete("/sessions")).status_code == 204
    assert doors.service.cookie not in laptop.cookies
    assert await doors.service.pool.fetchval("select count(*) from public.sessions") == 0
    assert [name for name, _ in doors.ended.told] == ["revoke_session"] * 2


async def test_a_session_that_was_not_used_for_long_is_over(doors: Doors) -> None:
    await doors.account()
    browser = await doors.signed_in()
    await doors.service.pool.execute("update public.sessions set expires_at = now()")
    assert (await browser.get("/session")).status_code == 401
    await doors.signed_in()
    assert await doors.service.pool.fetchval("select count(*) from public.sessions") == 1


async def test_asking_who_i_am_renews_the_cookie(doors: Doors) -> None:
    await doors.account()
    browser = await doors.signed_in()
    answer = await browser.get("/session")
    assert (
        f"{doors.service.cookie}={browser.cookies[doors.service.cookie]}"
        in answer.headers["set-cookie"]
    )


async def test_a_token_learns_who_it_is_and_cannot_sign_out(world: World) -> None:
    ada = await world.person()
    who = (await ada.call("GET", "/session", status=200)).json()
    assert who["credential"]["kind"] == "token"
    assert who["instance"]["id"] == world.service.instance
    assert who["default_ledger_id"] == str(ada.ledger)
    await ada.call("DELETE", "/session", status=409)
