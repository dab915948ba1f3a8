from typing import Any

import pytest

from events.sse import following
from events.writing import foreign
from outlay.main import Service
from world import World


async def test_a_change_is_told_with_its_row_as_the_api_shows_it(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        hello = await client.named("hello")
        made = await ada.expense("4.20", "Coffee at Rossi", note="two\nlines\u2028or three")
        change = await client.named("change")
    assert client.answer.headers["content-type"] == "text/event-stream"
    assert client.answer.headers["cache-control"] == "no-store, no-transform"
    assert "content-encoding" not in client.answer.headers
    assert client.retry == [2000]
    epoch, ledger = hello.data["epoch"], str(ada.ledger)
    assert hello.data["positions"] == {ledger: change.data["seq"] - 1}
    assert hello.id == f"{epoch}.{change.data['seq'] - 1}"
    assert change.id == f"{epoch}.{change.data['seq']}"
    told = change.data
    assert (told["ledger"], told["actor"], told["source"]) == (ledger, str(ada.id), "api")
    assert (told["action"], told["entities"], told["truncated"]) == ("expense.create", 1, False)
    assert told["changes"] == [
        {"entity": "expense", "id": made["id"], "op": "created", "row": made}
    ]


async def test_what_became_of_a_row_is_named(world: World, url: str) -> None:
    ada = await world.person()
    made = await ada.expense("3")
    path = f"/ledgers/default/expenses/{made['id']}"
    any_version = {"If-Match": "*"}
    async with following(url, ada.token) as client:
        await client.named("hello")
        await ada.call("PATCH", path, json={"amount": "5"}, headers=any_version, status=200)
        await ada.call("DELETE", path, headers=any_version, status=200)
        await ada.call("POST", path + "/restore", status=200)
        trashed = await ada.call("DELETE", path, headers=any_version, status=200)
        gone = {"If-Match": trashed.headers["etag"]}
        await ada.call("DELETE", path, params={"purge": "true"}, headers=gone, status=200)
        told = [(await client.named("change")).data["changes"][0] for _ in range(5)]
    ops = [each["op"] for each in told]
    assert ops == ["changed", "trashed", "restored", "trashed", "removed"]
    assert told[3]["row"] == trashed.json()
    assert told[4]["row"] is None


async def test_a_request_finds_its_own_change_by_its_id(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        made = await ada.call(
            "POST", "/ledgers/default/expenses", json={"amount": "3"},
            headers={"X-Request-Id": "my-own-request"}, status=201,
        )  # fmt: skip
        change = await client.named("change")
    assert made.headers["x-request-id"] == change.data["request_id"] == "my-own-request"


async def test_a_large_change_set_is_told_in_part(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        await foreign(world.service.dsn, ada.ledger, rows=51)
        many = (await client.named("change")).data
        await foreign(world.service.dsn, ada.ledger, rows=50)
        fitting = (await client.named("change")).data
        await foreign(world.service.dsn, ada.ledger, rows=10, note="long " * 1900)
        long = (await client.named("change")).data
    assert (many["entities"], len(many["changes"]), many["truncated"]) == (51, 50, True)
    assert (len(fitting["changes"]), fitting["truncated"]) == (50, False)
    assert 0 < len(long["changes"]) < 10
    assert long["truncated"]


MADE = [
    ("account", "/accounts", {"name": "Purse", "kind": "cash", "opening_balance": "7.50"}),
    ("category", "/categories", {"name": "Hobby", "hue": 3}),
    ("tag", "/tags", {"name": "holiday"}),
]


@pytest.mark.parametrize(("entity", "path", "body"), MADE)
async def test_other_entities_are_told_as_the_api_shows_them(
    world: World, url: str, entity: str, path: str, body: dict[str, Any]
) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        made = (await ada.call("POST", "/ledgers/default" + path, json=body, status=201)).json()
        [told] = (await client.named("change")).data["changes"]
    assert (told["entity"], told["id"], told["op"]) == (entity, made["id"], "created")
    assert told["row"] == {name: made[name] for name in told["row"]}


async def test_changes_of_ledger_and_members_are_told(world: World, url: str) -> None:
    ada, bea = await world.person(), await world.person("Bea")
    async with following(url, ada.token) as client:
        await client.named("hello")
        await join(world, ada.ledger, bea.id)
        [joined] = (await client.named("change")).data["changes"]
        await world.service.pool.execute(
            "update public.ledgers set name = 'Ours' where id = $1", ada.ledger
        )
        [named] = (await client.named("change")).data["changes"]
    assert (joined["entity"], joined["id"], joined["row"]["role"]) == (
        "member",
        str(bea.id),
        "viewer",
    )
    assert (named["entity"], named["id"], named["op"]) == ("ledger", str(ada.ledger), "changed")
    assert named["row"]["name"] == "Ours"
    assert named["row"]["updated_at"].endswith("Z")


async def test_a_row_that_cannot_be_read_any_more_is_left_out(
    world: World, url: str, service: Service
) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        async with service.pool.acquire() as db, db.transaction():
            await db.execute(
                "insert into public.expenses (ledger_id, id, kind, date, amount, currency) "
                "values ($1, gen_random_uuid(), 'expense', '2026-11-02', 1, 'EUR')",
                ada.ledger,
            )
            await db.execute(
                "update public.change_log set after = after - 'kind' "
                "where ledger_id = $1 and entity = 'expense'",
                ada.ledger,
            )
        odd = (await client.named("change")).data
        await ada.expense("3")
        after = (await client.named("change")).data
    assert (odd["changes"], odd["truncated"]) == ([], True)
    assert len(after["changes"]) == 1


async def test_several_ledgers_share_a_stream_and_each_keeps_its_place(
    world: World, url: str
) -> None:
    ada = await world.person()
    bea = await world.person("Bea", ledger=ada.ledger)
    second = (await world.person("Carl")).ledger
    await join(world, second, bea.id)
    async with following(url, bea.token, ada.ledger, second, second) as client:
        hello = await client.named("hello")
        assert set(hello.data["positions"]) == {str(ada.ledger), str(second)}
        await ada.expense("3")
        first = await client.named("change")
        await foreign(world.service.dsn, second)
        await client.named("change")
        missed_from = first.id
    await ada.expense("4")
    async with following(url, bea.token, ada.ledger, second, last_id=missed_from) as client:
        await client.named("hello")
        told = [(await client.named("change")).data for _ in range(2)]
    assert {(each["ledger"], each["entities"]) for each in told} == {
        (str(ada.ledger), 1),
        (str(second), 1),
    }
    assert client.last_id.count(":") == 2


async def test_a_silent_stream_is_kept_open_by_comments(world: World, url: str) -> None:
    ada = await world.person()
    async with following(url, ada.token) as client:
        await client.named("hello")
        async for line in client.lines:
            if line == ": still here":
                break
        await ada.expense("3")
        await client.named("change")


async def join(world: World, ledger: object, user: object, role: str = "viewer") -> None:
    await world.service.pool.execute(
        "insert into public.members (ledger_id, user_id, role) values ($1, $2, $3)",
        ledger, user, role,
    )  # fmt: skip
