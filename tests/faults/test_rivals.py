"""Many at once on the same thing: one wins, the others are told so, and the books stay right."""

import asyncio
import random
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import httpx

from faults.conftest import Start
from faults.home import LIST, Home
from faults.load import NEW

CLIENTS = 8
LEDGER = "/api/v1/ledgers/default"


def client(home: Home, url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=32)
    return httpx.AsyncClient(base_url=url, headers=home.headers, timeout=60, limits=limits)


async def test_of_changes_of_one_version_exactly_one_wins(home: Home, start: Start) -> None:
    program = await start()
    async with client(home, program.url) as ada:
        for _ in range(10):
            made = await ada.put(f"{LIST}/{uuid4()}", json={"amount": "1"}, headers=NEW)
            place, tag = f"{LIST}/{made.json()['id']}", {"If-Match": made.headers["etag"]}
            changes = [ada.patch(place, json={"note": str(n)}, headers=tag) for n in range(CLIENTS)]
            told = await asyncio.gather(*changes)
            assert Counter(answer.status_code for answer in told) == {200: 1, 412: CLIENTS - 1}
            winner = next(answer for answer in told if answer.status_code == 200)
            now = (await ada.get(place)).json()
            assert now == winner.json()
            for loser in (answer for answer in told if answer.status_code == 412):
                assert loser.json()["current"] == now
                assert loser.headers["etag"] == now["etag"]
    await home.balance()


async def test_of_a_change_and_a_removal_of_one_version_exactly_one_wins(
    home: Home, start: Start
) -> None:
    program = await start()
    async with client(home, program.url) as ada:
        for _ in range(10):
            made = await ada.put(f"{LIST}/{uuid4()}", json={"amount": "1"}, headers=NEW)
            place, tag = f"{LIST}/{made.json()['id']}", {"If-Match": made.headers["etag"]}
            changed, removed = await asyncio.gather(
                ada.patch(place, json={"note": "x"}, headers=tag), ada.delete(place, headers=tag)
            )
            won, lost = sorted([changed.status_code, removed.status_code])
            assert won == 200
            assert lost in {409, 412}
    await home.balance()


async def test_one_key_from_everybody_at_once_makes_one_row(home: Home, start: Start) -> None:
    program = await start()
    async with client(home, program.url) as ada:
        for n in range(5):
            key = {"Idempotency-Key": f"key {n}"}
            told = await asyncio.gather(
                *(ada.post(LIST, json={"amount": "1"}, headers=key) for _ in range(CLIENTS))
            )
            assert {answer.status_code for answer in told} == {201}
            assert len({answer.content for answer in told}) == 1
            assert len({answer.headers["etag"] for answer in told}) == 1
    assert len(await home.rows()) == 5


async def test_one_create_from_everybody_at_once_makes_one_row(home: Home, start: Start) -> None:
    program = await start()
    async with client(home, program.url) as ada:
        for _ in range(5):
            place = f"{LIST}/{uuid4()}"
            told = await asyncio.gather(
                *(ada.put(place, json={"amount": "1"}, headers=NEW) for _ in range(CLIENTS))
            )
            assert Counter(answer.status_code for answer in told) == {201: 1, 200: CLIENTS - 1}
            assert len({answer.content for answer in told}) == 1
    assert len(await home.rows()) == 5
    await home.balance()


class Crowd:
    """Sixteen people who write whatever can be written into one ledger."""

    def __init__(self, home: Home, ada: httpx.AsyncClient) -> None:
        self.home = home
        self.ada = ada
        self.rows: list[tuple[str, str]] = []
        self.statuses: Counter[int] = Counter()
        self.failed: list[str] = []

    async def act(self, chance: random.Random, times: int) -> None:
        for _ in range(times):
            deed = chance.choices(
                [self.create, self.change, self.trash, self.bulk_change, self.bulk_create, self.undo, self.merge],
                [8, 4, 2, 2, 2, 2, 1],
            )[0]  # fmt: skip
            answer = await deed(chance)
            self.statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                self.failed.append(f"{answer.request.method} {answer.request.url} {answer.text}")

    def body(self, chance: random.Random) -> dict[str, Any]:
        return {
            "amount": str(chance.randint(1, 999)),
            "date": f"2026-01-{chance.randint(1, 5):02}",
            "account_id": str(chance.choice(self.home.accounts)),
            "category_id": str(chance.choice(self.home.categories[:2])),
            "tag_ids": [
                str(tag) for tag in chance.sample(self.home.tags[:3], chance.randint(0, 2))
            ],
        }

    def some(self, chance: random.Random) -> tuple[str, str]:
        return chance.choice(self.rows) if self.rows else (str(uuid4()), "*")

    async def create(self, chance: random.Random) -> httpx.Response:
        answer = await self.ada.put(f"{LIST}/{uuid4()}", json=self.body(chance), headers=NEW)
        if answer.is_success:
            self.rows.append((answer.json()["id"], answer.headers["etag"]))
        return answer

    async def change(self, chance: random.Random) -> httpx.Response:
        body = self.body(chance)
        return await self.ada.patch(
            f"{LIST}/{self.some(chance)[0]}", json=body, headers={"If-Match": "*"}
        )

    async def trash(self, chance: random.Random) -> httpx.Response:
        return await self.ada.delete(
            f"{LIST}/{self.some(chance)[0]}", headers={"If-Match": self.some(chance)[1]}
        )

    async def bulk_change(self, chance: random.Random) -> httpx.Response:
        ids = [self.some(chance)[0] for _ in range(10)]
        chosen = (
            {"ids": ids} if chance.random() < 0.5 else {"filter": {"tag": str(self.home.tags[0])}}
        )
        body = {
            "change": {"date": f"2026-01-{chance.randint(1, 5):02}"},
            "add_tags": [str(self.home.tags[1])],
        }
        return await self.ada.post(f"{LIST}/bulk", json={**body, **chosen})

    async def bulk_create(self, chance: random.Random) -> httpx.Response:
        return await self.ada.post(
            f"{LIST}/bulk", json={"create": [self.body(chance) for _ in range(10)]}
        )

    async def undo(self, chance: random.Random) -> httpx.Response:
        newest = (await self.ada.get(f"{LEDGER}/changes", params={"limit": 5})).json()["items"]
        seq = chance.choice(newest)["seq"] if newest else 1
        return await self.ada.post(f"{LEDGER}/changes/{seq}/undo", json={})

    async def merge(self, chance: random.Random) -> httpx.Response:
        made: UUID = uuid4()
        await self.ada.put(f"{LEDGER}/tags/{made}", json={"name": str(made)}, headers=NEW)
        body = {"add_tags": [str(made)], "ids": [self.some(chance)[0] for _ in range(3)]}
        await self.ada.post(f"{LIST}/bulk", json=body)
        into = {"into": str(self.home.tags[3])}
        return await self.ada.post(f"{LEDGER}/tags/{made}/merge", json=into)


async def test_sixteen_writers_of_one_ledger_never_meet_a_deadlock(
    home: Home, start: Start
) -> None:
    program = await start()
    async with client(home, program.url) as ada:
        crowd = Crowd(home, ada)
        await asyncio.gather(*(crowd.act(random.Random(seed), 12) for seed in range(16)))
    assert crowd.failed == []
    assert crowd.statuses[200] + crowd.statuses[201] > 100
    await home.balance()
    program.signal()
    assert await program.ended() == 0
    assert [line for line in program.lines if '"message":"unexpected' in line] == []
