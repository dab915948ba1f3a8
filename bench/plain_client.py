"""A load client of asyncio protocols, for machines without wrk; it costs more CPU than wrk."""

import asyncio
import datetime as dt
import random
import time
from urllib.parse import urlsplit
from uuid import UUID

from bench import house
from outlay.server.loop import new_event_loop


class _Connection(asyncio.Protocol):
    """One keep-alive connection: the next request leaves when the last answer is whole."""

    def __init__(self, make: "_Requests", until: float, latencies: list[float]) -> None:
        self.make = make
        self.until = until
        self.latencies = latencies
        self.done = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._next()

    def _next(self) -> None:
        self.sent = time.perf_counter()
        if self.sent >= self.until:
            self.transport.close()
            return
        self.transport.write(self.make())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        if head[9:10] != b"2" and not self.done.done():
            self.done.set_exception(RuntimeError(f"An answer was an error: {self.buffer[:500]!r}"))
            return
        self.buffer = b""
        self.latencies.append(time.perf_counter() - self.sent)
        self._next()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


class _Requests:
    def __init__(self, host: str, kind: str, first: int, ledgers: int, seed: int) -> None:
        self.kind, self.first, self.ledgers = kind, first, ledgers
        self.random = random.Random(seed)
        self.head = f"Host: {host}\r\nAuthorization: Bearer {house.TOKEN}\r\n"

    def __call__(self) -> bytes:
        ledger = house.ledger_id(self.first + self.random.randrange(self.ledgers))
        path = f"/api/v1/ledgers/{ledger}/expenses"
        if self.kind != "create":
            tail = "/summary" if self.kind == "summary" else ""
            return f"GET {path}{tail} HTTP/1.1\r\n{self.head}\r\n".encode()
        draw = self.random.randrange
        date = house.today() - dt.timedelta(days=draw(366))
        body = (
            f'{{"amount":"{1 + draw(200)}.{1 + draw(99):02}","currency":"EUR","date":"{date}","description":'
            f'"Groceries number{1 + draw(500)}","category_id":"{house.category(ledger, draw(36))}",'
            f'"account_id":"{house.account(ledger, draw(4))}"}}'
        )
        return (
            f"PUT {path}/{self._id()} HTTP/1.1\r\n{self.head}If-None-Match: *\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def _id(self) -> UUID:
        now = time.time_ns() // 1_000_000
        return UUID(int=now << 80 | 7 << 76 | 2 << 62 | self.random.getrandbits(62))


async def _load(
    url: str, kind: str, seconds: float, first: int, ledgers: int, seed: int
) -> tuple[float, float, float]:
    parts = urlsplit(url)
    make = _Requests(parts.netloc, kind, first, ledgers, seed)
    latencies: list[float] = []
    started = time.perf_counter()
    loop = asyncio.get_running_loop()
    connections = [
        (
            await loop.create_connection(
                lambda: _Connection(make, started + seconds, latencies), parts.hostname, parts.port
            )
        )[1]
        for _ in range(house.CONNECTIONS)
    ]
    await asyncio.gather(*(connection.done for connection in connections))
    rate = len(latencies) / (time.perf_counter() - started)
    latencies.sort()
    p50, p95 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.95))
    return rate, p50, p95


def run(
    url: str, kind: str, seconds: float, first: int, ledgers: int, seed: int
) -> tuple[float, float, float]:
    """Requests a second, and milliseconds at the median and the 95th percentile."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(_load(url, kind, seconds, first, ledgers, seed))
