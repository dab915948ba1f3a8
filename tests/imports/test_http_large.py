"""Uploads to the program itself: a file of 100 MB, and one whose connection is cut."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server.conftest import people, start
from world import World

__all__ = ["people", "start"]

LINE = b'2026-01-05,"%s number %d",-%d.50,REFERENCE-%08d\n'
TEXT = b"A rather long description of what was bought, and where, and with whom it was shared" * 2
MOST_MEMORY = 250 << 20


async def file_of(size: int) -> AsyncIterator[bytes]:
    """Bookings that nobody could make, a megabyte at a time."""
    sent, number = 0, 0
    yield b"Date,Description,Amount,Reference\n"
    while sent < size:
        piece = b"".join(LINE % (TEXT, n, n, n) for n in range(number + 1, number + 5001))
        number += 5000
        sent += len(piece)
        yield piece


def peak_memory(pid: int) -> int:
    """The highest resident memory that a process ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) << 10


@pytest.mark.slow
async def test_a_hundred_megabytes_are_streamed(start, dsn: str, people: World) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    ada = await people.person()
    size = (100 << 20) - (1 << 20)
    async with httpx.AsyncClient(
        base_url=f"{program.url}/api/v1/ledgers/default",
        headers={"Authorization": f"Bearer {ada.token}"},
        timeout=300,
    ) as client:
        answer = await client.post("/imports", content=file_of(size))
        assert answer.status_code == 201, answer.text
        preview = answer.json()
        assert preview["bytes"] >= size
        assert preview["counts"]["error"] == 0
        assert preview["counts"]["new"] > 400_000
        assert (await client.delete(f"/imports/{preview['id']}")).status_code == 204
    assert peak_memory(program.process.pid) < MOST_MEMORY


async def test_a_connection_cut_midway_leaves_nothing(start, dsn: str, people: World) -> None:
    program = await (await start("serve", database_url=dsn)).up()
    ada = await people.person()
    address = httpx.URL(program.url)
    for _ in range(6):
        _, writer = await asyncio.open_connection(address.host, address.port)
        head = (
            f"POST /api/v1/ledgers/default/imports HTTP/1.1\r\nHost: {address.host}\r\n"
            f"Authorization: Bearer {ada.token}\r\nContent-Length: 9000000\r\n\r\n"
        )
        writer.write(head.encode() + b"Date,What,Amount\n" + b"2026-03-05,Tea,-3.50\n" * 50_000)
        await writer.drain()
        writer.transport.abort()
        await program.wait_for("/imports")
    async with httpx.AsyncClient(base_url=program.url, timeout=60) as client:
        answer = await client.post(
            "/api/v1/ledgers/default/imports",
            headers={"Authorization": f"Bearer {ada.token}"},
            content=b"Date,What,Amount\n2026-03-05,Tea,-3.50\n",
        )
    assert answer.status_code == 201, answer.text
    assert await people.service.pool.fetchval("select count(*) from imports") == 1
    assert await people.service.pool.fetchval("select count(*) from import_rows") == 1
