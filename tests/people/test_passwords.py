import pytest

from outlay.auth.rules import check_email, check_password
from people.doors import PASSWORD, Doors, credentials
from world import World

NEW = "another fine horse"


async def test_a_new_password_ends_every_other_session_and_every_link(doors: Doors) -> None:
    await doors.account()
    here, phone = await doors.signed_in(), await doors.signed_in()
    other = (await phone.get("/session")).json()["credential"]["id"]
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await here.put("/me/password", json=body)).status_code == 204
    assert (await here.get("/session")).status_code == 200
    assert (await phone.get("/session")).status_code == 401
    assert doors.ended.told == [("revoke_session", other)]
    assert await doors.service.pool.fetchval("select count(*) from public.links") == 0
    assert (await doors.browser().post("/session", json=credentials())).status_code == 401
    assert (await doors.browser().post("/session", json=credentials("Bea", NEW))).status_code == 201


async def test_the_current_password_is_asked_for_unless_there_is_none(doors: Doors) -> None:
    await doors.account(password=None)
    browser = await doors.signed_in()
    assert (await browser.put("/me/password", json={"new_password": PASSWORD})).status_code == 204
    for given in ({}, {"current_password": "not this one"}):
        answer = await browser.put("/me/password", json={"new_password": NEW, **given})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/current_password"
    assert (await browser.get("/me")).json()["has_password"] is True


async def test_a_thief_of_a_session_cannot_guess_the_password_for_long(doors: Doors) -> None:
    await doors.account()
    browser = await doors.signed_in()
    wrong = {"current_password": "not this one", "new_password": NEW}
    codes = [(await browser.put("/me/password", json=wrong)).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    assert (
        await doors.browser("198.51.100.1").post("/session", json=credentials())
    ).status_code == 201


async def test_a_token_sets_no_first_password(world: World) -> None:
    ada = await world.person()
    await ada.call("PUT", "/me/password", json={"new_password": PASSWORD}, status=403)


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 513, "aaaaaaaaaaaa", "abcabcabcabc", "ada lovelace", "ADA@example.org"],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    found = check_password("/password", password, of=("Ada Lovelace", "ada@example.org"))
    assert [error.pointer for error in found] == ["/password"]


def test_a_sentence_is_a_fine_password() -> None:
    assert check_password("/password", "zwölf Äpfel im Korb", of=("Ada", None)) == []


@pytest.mark.parametrize(
    "email", ["", "ada", "@b", "a@", "a b@c", "a@b@c", "a@b\u0000", "x" * 251 + "@b.c"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert [error.pointer for error in check_email("/email", email)] == ["/email"]
