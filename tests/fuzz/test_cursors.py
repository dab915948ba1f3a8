"""A cursor is taken whole and where it was given, or not at all."""

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.resident import Resident
from world import World

LIST = "/ledgers/default/expenses"
SETTINGS = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


async def cursor_of(bob: Resident, **params: str) -> str:
    answer = await bob.person.call("GET", LIST, params={"limit": "1", **params}, status=200)
    return str(answer.json()["next"])


async def refused(bob: Resident, cursor: str, **params: str) -> None:
    asked = {"limit": "1", **params, "cursor": cursor}
    answer = await bob.person.call("GET", LIST, params=asked, status=422)
    assert answer.json()["errors"][0]["pointer"] == "/cursor"


async def test_a_cursor_with_any_letter_changed_added_or_lost_is_refused(bob: Resident) -> None:
    cursor = await cursor_of(bob)
    await bob.person.call("GET", LIST, params={"cursor": cursor}, status=200)
    for place, letter in enumerate(cursor):
        other = "A" if letter != "A" else "B"
        await refused(bob, cursor[:place] + other + cursor[place + 1 :])
        await refused(bob, cursor[:place] + cursor[place + 1 :])
        await refused(bob, cursor[:place] + other + cursor[place:])
    for odd in ("=", "==", " ", "\n", "\u00e9", "A" * 5000):
        await refused(bob, cursor + odd)


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "expense"},
        {"sort": "amount", "currency": "EUR"},
        {"from": "2020-01-01"},
        {"currency": "EUR"},
    ],
)
async def test_a_cursor_of_another_list_is_refused(other: dict[str, str], bob: Resident) -> None:
    await refused(bob, await cursor_of(bob), **other)


async def test_a_cursor_of_another_ledger_is_refused(bob: Resident, shared: World) -> None:
    eve = await shared.person("Eve")
    asked = {"cursor": await cursor_of(bob)}
    await eve.call("GET", LIST, params=asked, status=422)


@given(
    text=st.one_of(
        st.text(max_size=60),
        st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode()),
    )
)
@SETTINGS
async def test_no_text_is_a_cursor_by_chance(bob: Resident, text: str) -> None:
    for path in (LIST, "/users"):
        answer = await bob.person.call("GET", path, params={"cursor": text})
        assert answer.status_code == 422 or (path == "/users" and text == ""), (path, answer.text)


async def test_a_cursor_whose_row_is_gone_goes_on_from_its_place(bob: Resident) -> None:
    rows = [await bob.person.expense("1", f"row {n}", date=f"2031-01-{n + 1:02}") for n in range(4)]
    asked = {"from": "2031-01-01", "limit": "2"}
    first = (await bob.person.call("GET", LIST, params=asked, status=200)).json()
    last = first["items"][-1]
    await bob.person.call(
        "DELETE", f"{LIST}/{last['id']}", headers={"If-Match": last["etag"]}, status=200
    )
    rest = (
        await bob.person.call("GET", LIST, params={**asked, "cursor": first["next"]}, status=200)
    ).json()
    assert [item["id"] for item in rest["items"]] == [rows[1]["id"], rows[0]["id"]]
