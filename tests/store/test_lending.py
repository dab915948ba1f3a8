"""A pool that is used up, and a database that is not there, are two things."""

import asyncio

import pytest

from outlay.db import acquire, create_pool
from outlay.errors import Overloaded, Unavailable
from outlay.settings import Settings


async def test_a_pool_in_use_says_that_too_much_is_asked_at_once(dsn: str) -> None:
    pool = await create_pool(Settings(database_pool=2), dsn)
    try:
        async with acquire(pool), acquire(pool):
            with pytest.raises(Overloaded) as refused:
                await acquire(pool).__aenter__()
        assert refused.value.headers["Retry-After"] == "2"
        async with acquire(pool) as db:
            assert await db.fetchval("select 1") == 1
    finally:
        await pool.close()


async def test_a_database_that_does_not_answer_is_not_called_busy() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        pool = await create_pool(Settings(), f"postgresql://nobody@127.0.0.1:{port}/none")
        with pytest.raises(Unavailable) as refused:
            await acquire(pool).__aenter__()
        assert not isinstance(refused.value, Overloaded)
        await pool.close()
