"""Writers that never stop by themselves, and a ledger of what they were told."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from faults.home import LIST, Home

NEW = {"If-None-Match": "*"}
BULK_ROWS = 5


@dataclass
class Load:
    """Creates, one by one and five at once; `sent` by id, `groups` of what stands or falls together."""

    home: Home
    url: str
    sent: dict[UUID, int] = field(default_factory=dict)
    groups: list[set[UUID]] = field(default_factory=list)
    kept: set[UUID] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    odd: list[httpx.Response] = field(default_factory=list)
    cut: Counter[str] = field(default_factory=Counter)
    stopping: bool = False
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, chance: random.Random) -> None:
        """Create until told to stop; a server that is gone is asked again."""
        async with httpx.AsyncClient(
            base_url=self.url, headers=self.home.headers, timeout=30
        ) as client:
            while not self.stopping:
                size = BULK_ROWS if chance.random() < 0.2 else 1
                rows = {uuid4(): chance.randint(1, 10**6) for _ in range(size)}
                self.sent |= rows
                self.groups.append(set(rows))
                try:
                    answer = await self._create(client, rows)
                except httpx.TransportError as error:
                    self.cut[type(error).__name__] += 1
                    await asyncio.sleep(0.01)
                    continue
                self._hear(answer, rows)

    async def _create(self, client: httpx.AsyncClient, rows: dict[UUID, int]) -> httpx.Response:
        bodies = [self._body(id_, minor) for id_, minor in rows.items()]
        if len(bodies) == 1:
            only = bodies[0]
            return await client.put(f"{LIST}/{only.pop('id')}", json=only, headers=NEW)
        return await client.post(f"{LIST}/bulk", json={"create": bodies})

    def _body(self, id_: UUID, minor: int) -> dict[str, Any]:
        return {
            "id": str(id_),
            "amount": f"{minor / 100:.2f}",
            "date": "2026-01-31",
            "account_id": str(self.home.accounts[0]),
            "tag_ids": [str(self.home.tags[0])],
        }

    def _hear(self, answer: httpx.Response, rows: dict[UUID, int]) -> None:
        self.statuses[answer.status_code] += 1
        if answer.is_success:
            self.kept |= rows.keys()
        elif answer.status_code != 503 or "retry-after" not in answer.headers:
            self.odd.append(answer)
        self.heard.set()

    async def until(self, kept: int) -> None:
        """Return once so many rows more were acknowledged."""
        wanted = len(self.kept) + kept
        async with asyncio.timeout(30):
            while len(self.kept) < wanted:
                self.heard.clear()
                await self.heard.wait()

    async def until_status(self, status: int) -> None:
        """Return once somebody got that answer from now on."""
        before = self.statuses[status]
        async with asyncio.timeout(30):
            while self.statuses[status] == before:
                self.heard.clear()
                await self.heard.wait()


@asynccontextmanager
async def load(home: Home, url: str, writers: int = 8) -> AsyncIterator[Load]:
    """Writers as long as the block; they end what they had begun."""
    made = Load(home, url)
    chances = [random.Random(seed) for seed in range(writers)]
    tasks = [asyncio.create_task(made.write(chance)) for chance in chances]
    try:
        yield made
    finally:
        made.stopping = True
        await asyncio.gather(*tasks)


async def nothing_is_lost(made: Load) -> None:
    """Every acknowledged row is there; what was not acknowledged is there whole or not at all."""
    there = await made.home.rows()
    assert made.kept <= there.keys(), "an acknowledged row is gone"
    assert there.items() <= made.sent.items(), "a row is not what was sent"
    assert all(group <= there.keys() or not group & there.keys() for group in made.groups)
    await made.home.balance()
