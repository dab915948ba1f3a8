import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from events.sse import following
from outlay.access import secret_hash
from outlay.events.hub import EventHub
from outlay.main import Service
from world import Person, World


async def credential_id(world: World, person: Person) -> UUID:
    return await world.service.pool.fetchval(
        "select id from public.api_tokens where token_hash = $1", secret_hash(person.token)
    )


async def member(world: World, ledger: UUID, person: Person) -> None:
    await world.service.pool.execute(
        "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'viewer')",
        ledger, person.id,
    )  # fmt: skip


async def test_only_members_follow_a_ledger(world: World, url: str) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    details = []
    for ledgers in ([ada.ledger], [eve.ledger, ada.ledger], [uuid4()], ["nonsense"]):
        async with following(url, eve.token, *ledgers) as client:
            assert client.answer.status_code == 404
            details.append(client.answer.json())
    assert all(each == details[0] for each in details)
    async with following(url, "no-such-token") as client:
        assert client.answer.status_code == 401
    async with following(url, eve.token, *[uuid4() for _ in range(51)]) as client:
        assert client.answer.status_code == 400


async def test_a_token_follows_only_the_ledgers_it_is_limited_to(world: World, url: str) -> None:
    ada = await world.person()
    second = await world.ledger()
    await member(world, second, ada)
    await world.service.pool.execute(
        "update public.api_tokens set ledger_ids = array[$1::uuid] where user_id = $2",
        ada.ledger, ada.id,
    )  # fmt: skip
    async with following(url, ada.token, ada.ledger) as client:
        await client.named("hello")
    async with following(url, ada.token, second) as client:
        assert client.answer.status_code == 404


async def test_a_token_without_the_scope_to_read_follows_nothing(world: World, url: str) -> None:
    ada = await world.person(scopes=("write",))
    async with following(url, ada.token) as client:
        assert client.answer.status_code == 403


Revoke = Callable[[EventHub, Person, UUID], None]
REVOCATIONS: dict[str, Revoke] = {
    "token": lambda hub, _, credential: hub.revoke_token(credential),
    "user": lambda hub, person, _: hub.revoke_user(person.id),
    "member": lambda hub, person, _: hub.revoke_member(person.ledger, person.id),
}


@pytest.mark.parametrize("what", REVOCATIONS)
async def test_a_stream_ends_with_the_right_to_it(world: World, url: str, what: str) -> None:
    ada = await world.person()
    bea = await world.person("Bea", ledger=ada.ledger)
    credential = await credential_id(world, ada)
    async with following(url, ada.token) as mine, following(url, bea.token) as other:
        await mine.named("hello")
        await other.named("hello")
        REVOCATIONS[what](world.service.hub, ada, credential)
        if what == "member":
            assert (await mine.named("gone")).data == {"ledger": str(ada.ledger)}
        await mine.ended()
        await bea.expense("1")
        await other.named("change")


async def test_a_lost_membership_leaves_the_other_ledgers_of_a_stream(
    world: World, url: str
) -> None:
    ada, bea = await world.person(), await world.person("Bea")
    await member(world, bea.ledger, ada)
    async with following(url, ada.token, ada.ledger, bea.ledger) as client:
        await client.named("hello")
        world.service.hub.revoke_member(bea.ledger, ada.id)
        assert (await client.named("gone")).data == {"ledger": str(bea.ledger)}
        await bea.expense("1")
        await ada.expense("2")
        assert (await client.named("change")).data["ledger"] == str(ada.ledger)


async def test_a_session_follows_and_ends_with_it(world: World, url: str) -> None:
    ada = await world.person()
    session, secret = uuid4(), secrets.token_urlsafe(32)
    pool = world.service.pool
    await pool.execute(
        "insert into public.sessions (id, token_hash, user_id, expires_at) "
        "values ($1, $2, $3, now() + interval '1 day')",
        session, secret_hash(secret), ada.id,
    )  # fmt: skip
    cookies = {world.service.cookie: secret}
    async with httpx.AsyncClient(cookies=cookies, timeout=30) as browser:
        async with browser.stream("GET", f"{url}/api/v1/events") as answer:
            lines = answer.aiter_lines()
            async for line in lines:
                if line.startswith("id:"):
                    break
            world.service.hub.revoke_session(uuid4())
            world.service.hub.revoke_session(session)
            rest = [line async for line in lines]
        assert ": signed out" in rest
        await pool.execute("delete from public.sessions where id = $1", session)
        assert (await browser.get(f"{url}/api/v1/events")).status_code == 401


LOSSES: dict[str, tuple[str, bool]] = {
    "token deleted": ("delete from public.api_tokens where user_id = $1", False),
    "token expired": ("update public.api_tokens set expires_at = now() where user_id = $1", False),
    "token limited": (
        "update public.api_tokens set ledger_ids = array[gen_random_uuid()] where user_id = $1", True,
    ),
    "person shut out": ("update public.users set disabled_at = now() where id = $1", False),
    "member removed": ("delete from public.members where user_id = $1", True),
}  # fmt: skip


@pytest.mark.parametrize("what", LOSSES)
async def test_what_nobody_told_is_found_by_the_regular_check(
    world: World, url: str, what: str
) -> None:
    owner = await world.person("Bea")
    ada = await world.person(ledger=owner.ledger, role="viewer")
    statement, is_gone = LOSSES[what]
    async with following(url, ada.token) as client:
        await client.named("hello")
        await world.service.pool.execute(statement, ada.id)
        seen = [event.name for event in await client.rest()]
    # The removal itself may be told before the check finds it.
    assert ("gone" in seen) is is_gone


async def test_a_right_lost_while_the_stream_opens_is_noticed(
    world: World, url: str, service: Service, monkeypatch: Any
) -> None:
    ada = await world.person()
    credential = await credential_id(world, ada)
    join = service.hub.join

    def late(*args: Any) -> None:
        service.hub.revoke_token(credential)
        join(*args)

    monkeypatch.setattr(service.hub, "join", late)
    async with following(url, ada.token) as client:
        await client.named("hello")
        await client.ended()
