from collections.abc import AsyncIterator

import pytest

from conftest import cloned
from outlay.db import Pool, open_pool
from outlay.settings import Settings


@pytest.fixture
async def elsewhere(server: str, template: str) -> AsyncIterator[Pool]:
    """Another installation's database."""
    async with cloned(server, template) as dsn:
        pool = open_pool(Settings(), dsn)
        yield pool
        await pool.close()
