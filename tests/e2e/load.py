"""Runs in a pod: uses a ledger through the Service without a pause, and tells of everything that was lost.

Writers record and read back; followers hold live streams. Once all of them are at work, /tmp/steady
is there; SIGTERM ends it. The last line is JSON: what was written, and what went wrong.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

URL = os.environ["URL"]
LEDGER = os.environ["LEDGER"]
TOKEN = Path(os.environ["TOKEN_FILE"]).read_text(encoding="ascii").strip()
STEADY = Path("/tmp/steady")
WRITERS, FOLLOWERS = 6, 4


@dataclass
class Told:
    written: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)
    last: int = 0


class Writer:
    """Records an expense and reads it, again and again."""

    def __init__(self, told: Told, over: asyncio.Event, steady: asyncio.Event) -> None:
        self.told, self.over, self.steady = told, over, steady

    async def run(self, *, anew: bool) -> None:
        """Until it is over; `anew` opens a connection for every request, the others keep theirs."""
        async with client({"Connection": "close"} if anew else {}) as api:
            while not self.over.is_set():
                try:
                    await self._once(api)
                except httpx.HTTPError as error:
                    self.told.wrong.append(f"{type(error).__name__} {error}")
                if len(self.told.written) > 50:
                    self.steady.set()
                await asyncio.sleep(0.02)

    async def _once(self, api: httpx.AsyncClient) -> None:
        expense = f"/ledgers/{LEDGER}/expenses/{uuid4()}"
        body = {"amount": "1.00", "description": "load"}
        made = await api.put(expense, json=body, headers={"If-None-Match": "*"})
        if made.status_code != 201:
            self.told.wrong.append(f"PUT {made.status_code} {made.text[:200]}")
            return
        self.told.written.append(expense.rpartition("/")[2])
        read = await api.get(expense)
        if read.status_code != 200:
            self.told.wrong.append(f"GET {read.status_code} {read.text[:200]}")


class Follower:
    """Follows the ledger, anew where the stream ended, and notes each change set that is left out."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.place, self.kind, self.seen, self.streams = "", "", 0, 0

    async def run(self) -> None:
        async with client({}) as api:
            try:
                while True:
                    await self._once(api)
                    await asyncio.sleep(0.1)
            finally:
                self.told.streams.append(self.streams)
                if self.seen < self.told.last:
                    self.told.missed.append(f"ended at {self.seen} of {self.told.last}")

    async def _once(self, api: httpx.AsyncClient) -> None:
        headers = {"Last-Event-ID": self.place} if self.place else {}
        asked = {"params": {"ledger": LEDGER}, "headers": headers, "timeout": 60}
        try:
            async with api.stream("GET", "/events", **asked) as live:
                if live.status_code != 200:
                    self.told.wrong.append(f"events {live.status_code}")
                    return
                self.streams += 1
                async for line in live.aiter_lines():
                    self._hear(*line.partition(": ")[::2])
        except httpx.HTTPError as error:
            self.told.wrong.append(f"events: {type(error).__name__} {error}")

    def _hear(self, name: str, value: str) -> None:
        match name:
            case "event":
                self.kind = value
                if value == "reset":
                    self.told.missed.append(f"reset after {self.place}")
            case "id":
                before, self.place = self.seen, value
                self.seen = int(value.rpartition(".")[2])
                if self.kind == "change" and before and self.seen != before + 1:
                    self.told.missed.append(f"{before} to {self.seen}")
                self.told.last = max(self.told.last, self.seen)


def client(headers: dict[str, str]) -> httpx.AsyncClient:
    everybody = {"Authorization": f"Bearer {TOKEN}"}
    return httpx.AsyncClient(base_url=f"{URL}/api/v1", headers=everybody | headers, timeout=30)


async def main() -> None:
    told, over, steady = Told(), asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    followers = [asyncio.create_task(Follower(told).run()) for _ in range(FOLLOWERS)]
    writers = [
        asyncio.create_task(Writer(told, over, steady).run(anew=n % 2 == 0)) for n in range(WRITERS)
    ]
    await steady.wait()
    await asyncio.to_thread(STEADY.touch)
    await asyncio.wait(writers)
    # The last changes are on their way to the followers.
    await asyncio.sleep(3)
    for follower in followers:
        follower.cancel()
    await asyncio.wait(followers)
    sys.stdout.write(f"{json.dumps(asdict(told))}\n")


asyncio.run(main())
