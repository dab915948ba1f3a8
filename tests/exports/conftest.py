from collections.abc import AsyncIterator

import pytest

from conftest import cloned
from outlay.db import Pool, close_pool, create_pool
from outlay.settings import Settings


@pytest.fixture
async def elsewhere(server: str, template: str) -> AsyncIterator[Pool]:
    """Another installation's database."""
    async with cloned(server, template) as dsn:
        pool = await create_pool(Settings(), dsn)
        yield pool
        await close_pool(pool)
