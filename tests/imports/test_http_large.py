"""A file of 100 MB goes through a program whose memory stays small."""

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
