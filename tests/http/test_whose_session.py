"""A page says for whom it sends what it kept; another person's session does not take it."""

import secrets
from uuid import uuid4

import pytest

from outlay.access import secret_hash
from world import Person, World


async def cookie(world: World, person: Person) -> str:
    secret = secrets.token_urlsafe(32)
    await world.service.pool.execute(
        "insert into public.sessions (id, token_hash, user_id, expires_at)"
        " values ($1, $2, $3, now() + interval '1 day')",
        uuid4(), secret_hash(secret), person.id,
    )  # fmt: skip
    return f"{world.service.cookie}={secret}"


@pytest.mark.parametrize(("meant", "status"), [("ada", 201), ("ben", 401), (None, 201)])
async def test_only_the_person_who_is_meant_records_an_expense(
    world: World, meant: str | None, status: int
) -> None:
    ada = await world.person("Ada")
    ben = await world.person("Ben", ledger=ada.ledger, role="editor")
    people = {"ada": ada, "ben": ben}
    headers = {
        "Cookie": await cookie(world, ada), "Origin": "http://localhost:8000",
        "If-None-Match": "*",
    } | ({"Outlay-User": str(people[meant].id)} if meant else {})  # fmt: skip
    answer = await world.client(**headers).put(
        f"/api/v1/ledgers/{ada.ledger}/expenses/{uuid4()}", json={"amount": "4.20"}
    )
    assert answer.status_code == status, answer.text
    kept = (await ada.call("GET", "/ledgers/default/expenses")).json()["items"]
    assert len(kept) == (1 if status == 201 else 0)
