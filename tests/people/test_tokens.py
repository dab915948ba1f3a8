from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from contracts.routes import ruled
from outlay.access import SCOPES, Caller
from outlay.errors import InvalidInput
from outlay.tokens.model import TokenInput
from outlay.tokens.rules import check
from people.doors import Doors
from world import Person

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LEDGERS = [uuid4() for _ in range(3)]


def with_token(doors: Doors, owner: Person, answer: dict[str, Any]) -> Person:
    secret = answer["secret"]
    client = doors.client(Authorization=f"Bearer {secret}")
    return Person(owner.id, owner.ledger, client, secret)


async def minted(doors: Doors, by: Person, **body: Any) -> Person:
    answer = await by.call("POST", "/tokens", json={"name": "made", **body}, status=201)
    return with_token(doors, by, answer.json())


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def test_a_token_is_shown_once_and_enters_with_its_scopes(doors: Doors) -> None:
    ada = await doors.person()
    answer = await ada.call(
        "POST", "/tokens", json={"name": "phone", "scopes": ["read"]}, status=201
    )
    secret = answer.json()["secret"]
    assert secret.startswith("olt_")
    assert len(secret) >= 47
    assert answer.headers["cache-control"] == "no-store"
    phone = with_token(doors, ada, answer.json())
    await phone.call("GET", "/ledgers/default/expenses", status=200)
    await phone.call("POST", "/ledgers/default/expenses", json={"amount": "3"}, status=403)
    listed = await ada.call("GET", "/tokens", status=200)
    assert secret not in listed.text
    assert listed.json()["items"][0]["hint"] == secret[:8]
    kept = await doors.service.pool.fetch("select t::text as row from public.api_tokens t")
    assert all(secret not in row["row"] for row in kept)


async def test_an_ended_token_opens_nothing_and_ends_what_it_made(doors: Doors) -> None:
    ada = await doors.person()
    parent = await minted(doors, ada, scopes=["read", "admin"])
    child = await minted(doors, parent, scopes=["read", "admin"])
    grandchild = await minted(doors, child)
    tokens = (await ada.call("GET", "/tokens", status=200)).json()["items"]
    top = next(t for t in tokens if t["hint"] == parent.token[:8])
    assert [t["parent_id"] for t in tokens if t["hint"] == child.token[:8]] == [top["id"]]
    await ada.call("DELETE", f"/tokens/{top['id']}", status=204)
    for ended in (parent, child, grandchild):
        await ended.call("GET", "/session", status=401)
    assert {name for name, _ in doors.ended.told} == {"revoke_token"}
    assert len(doors.ended.told) == 3
    await ada.call("DELETE", f"/tokens/{top['id']}", status=404)


async def test_a_token_cannot_mint_more_than_itself(doors: Doors) -> None:
    ada = await doors.person()
    other = (
        await ada.call("POST", "/ledgers", json={"name": "B", "currency": "EUR"}, status=201)
    ).json()
    ends = in_days(2)
    limited = await minted(
        doors, ada, scopes=["read", "admin"], ledger_ids=[str(ada.ledger)], expires_at=ends
    )
    good = {"name": "x", "ledger_ids": [str(ada.ledger)], "expires_at": in_days(1)}
    await limited.call("POST", "/tokens", json=good, status=201)
    for change, pointer in [
        ({"scopes": ["read", "write"]}, "/scopes/1"),
        ({"ledger_ids": None}, "/ledger_ids"),
        ({"ledger_ids": [other["id"]]}, "/ledger_ids/0"),
        ({"expires_at": None}, "/expires_at"),
        ({"expires_at": in_days(3)}, "/expires_at"),
    ]:
        answer = await limited.call("POST", "/tokens", json={**good, **change}, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer, change


@given(
    own_scopes=st.sets(st.sampled_from(SCOPES), min_size=1),
    own_ledgers=st.none() | st.sets(st.sampled_from(LEDGERS), min_size=1),
    own_end=st.none() | st.integers(1, 10),
    scopes=st.lists(st.sampled_from(SCOPES), max_size=4),
    ledgers=st.none() | st.lists(st.sampled_from(LEDGERS), max_size=4),
    end=st.none() | st.integers(-2, 12),
)
def test_whatever_is_asked_a_new_token_reaches_no_further(
    own_scopes: set[Any], own_ledgers: set[Any] | None, own_end: int | None, scopes: list[Any],
    ledgers: list[Any] | None, end: int | None,
) -> None:  # fmt: skip
    caller = Caller(
        uuid4(), "Ada", None, is_admin=False, credential="token", credential_id=uuid4(), scopes=tuple(own_scopes),
        ledger_ids=None if own_ledgers is None else tuple(own_ledgers),
    )  # fmt: skip
    ends = None if own_end is None else NOW + timedelta(days=own_end)
    asked = TokenInput(
        name="t",
        scopes=tuple(scopes),
        ledger_ids=None if ledgers is None else tuple(ledgers),
        expires_at=None if end is None else NOW + timedelta(days=end),
    )
    fits = (
        bool(scopes) and set(scopes) <= own_scopes
        and (own_ledgers is None if ledgers is None else bool(ledgers)
             and (own_ledgers is None or set(ledgers) <= own_ledgers))
        and (own_end is None if end is None else end > 0 and (own_end is None or end <= own_end))
    )  # fmt: skip
    try:
        made = check(asked, caller, ends, NOW)
    except InvalidInput:
        assert not fits
    else:
        assert fits
        assert set(made.scopes) == set(scopes)


async def test_a_token_limited_to_ledgers_sees_nothing_beyond_them(doors: Doors) -> None:
    ada = await doors.person(is_admin=True)
    other = (
        await ada.call("POST", "/ledgers", json={"name": "B", "currency": "EUR"}, status=201)
    ).json()
    limited = await minted(doors, ada, scopes=["read", "write", "admin"], ledger_ids=[other["id"]])
    listed = (await limited.call("GET", "/ledgers", status=200)).json()["items"]
    assert [item["id"] for item in listed] == [other["id"]]
    for ledger in (str(ada.ledger), "default", str(uuid4())):
        await limited.call("GET", f"/ledgers/{ledger}", status=404)
        await limited.call("GET", f"/ledgers/{ledger}/members", status=404)
    await limited.call("GET", f"/ledgers/{other['id']}", status=200)
    kept_out = [r for r, rule in ruled(doors.service, "user", "admin") if not rule.limited]
    assert len(kept_out) >= 15
    for route in kept_out:
        answer = await limited.client.request(route.method, route.path("default"), content=b"{}")
        assert answer.status_code == 403, route
        assert "limited to ledgers" in answer.json()["detail"]
    who = (await limited.call("GET", "/session", status=200)).json()
    assert (who["user"]["email"], who["user"]["is_admin"]) == (None, False)
    assert who["default_ledger_id"] is None
    seen = (await limited.call("GET", "/tokens", status=200)).json()["items"]
    assert [t["current"] for t in seen] == [True]
    all_tokens = (await ada.call("GET", "/tokens", status=200)).json()["items"]
    for token in all_tokens:
        if token["ledger_ids"] is None:
            await limited.call("GET", f"/tokens/{token['id']}", status=404)
            await limited.call("DELETE", f"/tokens/{token['id']}", status=404)


async def test_a_token_ends_when_it_said(doors: Doors) -> None:
    ada = await doors.person()
    brief = await minted(doors, ada, expires_at=in_days(1))
    await brief.call("GET", "/session", status=200)
    await doors.service.pool.execute(
        "update public.api_tokens set expires_at = now() where name = 'made'"
    )
    await brief.call("GET", "/session", status=401)


async def test_a_token_is_renamed_by_its_version(doors: Doors) -> None:
    ada = await doors.person()
    made = (await ada.call("POST", "/tokens", json={"name": "a"}, status=201)).json()["token"]
    path, tag = f"/tokens/{made['id']}", {"If-Match": made["etag"]}
    await ada.call("PATCH", path, json={"name": "b"}, status=428)
    await ada.call("PATCH", path, json={"name": "b"}, headers=tag, status=200)
    stale = await ada.call("PATCH", path, json={"name": "c"}, headers=tag, status=412)
    assert stale.json()["current"]["name"] == "b"
    await ada.call("PATCH", path, json={"scopes": ["admin"]}, headers={"If-Match": "*"}, status=422)
    assert (await ada.call("GET", path, status=200)).json()["name"] == "b"


async def test_nobody_sees_or_ends_another_persons_token(doors: Doors) -> None:
    ada, eve = await doors.person(), await doors.person("Eve")
    made = (await ada.call("POST", "/tokens", json={"name": "a"}, status=201)).json()["token"]
    for method in ("GET", "DELETE"):
        await eve.call(method, f"/tokens/{made['id']}", status=404)
    tag = {"If-Match": made["etag"]}
    await eve.call("PATCH", f"/tokens/{made['id']}", json={"name": "x"}, headers=tag, status=404)


async def test_bad_input_about_tokens_points_to_its_field(doors: Doors) -> None:
    ada, eve = await doors.person(), await doors.person("Eve")
    for change, pointer in [
        ({"name": ""}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["root"]}, "/scopes/0"),
        ({"ledger_ids": []}, "/ledger_ids"),
        ({"ledger_ids": [str(ada.ledger), str(eve.ledger)]}, "/ledger_ids/1"),
        ({"ledger_ids": [str(uuid4())] * 201}, "/ledger_ids"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "/expires_at"),
        ({"secret": "mine"}, "/secret"),
    ]:
        answer = await ada.call("POST", "/tokens", json={"name": "t", **change}, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer, change


async def test_nobody_has_more_than_a_hundred_tokens(doors: Doors) -> None:
    ada = await doors.person()
    await doors.service.pool.execute(
        "insert into public.api_tokens (id, token_hash, hint, user_id, name, scopes) "
        "select gen_random_uuid(), int4send(n), 'olt_', $1, 'old', array['read'] "
        "from generate_series(1, 98) n",
        ada.id,
    )
    await ada.call("POST", "/tokens", json={"name": "last"}, status=201)
    refused = await ada.call("POST", "/tokens", json={"name": "more"}, status=409)
    assert "100" in refused.json()["detail"]
    assert len((await ada.call("GET", "/tokens", status=200)).json()["items"]) == 100
