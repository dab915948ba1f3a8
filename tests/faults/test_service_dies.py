"""The service is killed, or asked to end, while it is written to."""

import signal

import httpx

from faults.conftest import Start
from faults.home import LIST, Home
from faults.load import load, nothing_is_lost


async def test_a_killed_service_loses_nothing_it_acknowledged(home: Home, start: Start) -> None:
    program = await start()
    async with load(home, program.url) as made:
        await made.until(kept=150)
        program.process.kill()
        await program.process.wait()
    assert set(made.statuses) <= {200, 201}
    again = await start()
    await nothing_is_lost(made)
    async with httpx.AsyncClient(base_url=again.url, headers=home.headers) as client:
        told = (
            await client.get(f"{LIST}/summary", params={"from": "2026-01-01", "to": "2026-01-31"})
        ).json()
        there = await home.rows()
        assert told["totals"][0]["count"] == len(there)
        assert round(float(told["totals"][0]["spent"]) * 100) == sum(there.values())


async def test_a_stop_cuts_off_nobody(home: Home, start: Start) -> None:
    program = await start()
    async with load(home, program.url) as made:
        await made.until(kept=100)
        program.signal(signal.SIGTERM)
        assert await program.ended() == 0
    assert "cut off" not in program.errors
    assert set(made.statuses) <= {200, 201}
    assert (await home.rows()).keys() == made.kept, "what was written was also acknowledged"
    await nothing_is_lost(made)
