"""Many live clients in one process of their own: `python -m bench.listeners URL TOKEN LEDGER COUNT`.

Says "ready" once all have been greeted. When its input ends it prints, as JSON, for each request id
how many clients were told of it, and when the first and the last was (seconds of perf_counter, a
clock that all processes of a machine share).
"""

import asyncio
import json
import re
import sys
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

AT_ONCE = 50
REQUEST_ID = re.compile(rb'"request_id":"(bench-\d+)"')


class Clients:
    def __init__(self, count: int) -> None:
        self.missing = count
        self.greeted = asyncio.Event()
        self.told: dict[str, list[Any]] = {}

    def hello(self) -> None:
        self.missing -= 1
        if not self.missing:
            self.greeted.set()

    def hear(self, request_id: str) -> None:
        now = perf_counter()
        known = self.told.setdefault(request_id, [0, now, now])
        known[0] += 1
        known[2] = now


class Client(asyncio.Protocol):
    """Reads no more of an event than it must: the client shall not be what is measured."""

    def __init__(self, clients: Clients, request: bytes) -> None:
        self.clients = clients
        self.request = request
        self.is_greeted = False
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        data = self.rest + data
        end = data.rfind(b"\n") + 1
        self.rest = data[end:]
        if not self.is_greeted and b"event: hello" in data:
            self.is_greeted = True
            self.clients.hello()
        for found in REQUEST_ID.finditer(data, 0, end):
            self.clients.hear(found[1].decode())


async def main(url: str, token: str, ledger: str, count: int) -> None:
    address = urlsplit(url)
    request = (
        f"GET /api/v1/events?ledger={ledger} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    clients = Clients(count)
    loop = asyncio.get_running_loop()
    opening = asyncio.Semaphore(AT_ONCE)

    async def open_one() -> None:
        async with opening:
            await loop.create_connection(
                lambda: Client(clients, request), address.hostname, address.port
            )

    await asyncio.gather(*(open_one() for _ in range(count)))
    await clients.greeted.wait()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps(clients.told))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
