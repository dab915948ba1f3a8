from collections.abc import AsyncIterator

import pytest

from events.sse import serving
from outlay.events.tempo import Tempo
from outlay.main import Service
from outlay.settings import Settings

QUICK = Tempo(poll=0.1, check=0.1, beat=0.1)


@pytest.fixture
async def service(dsn: str) -> AsyncIterator[Service]:
    """A running service whose polls, checks and comments are not waited for long."""
    made = Service(Settings(log_level="warning", database_pool=8), dsn)
    made.tempo = QUICK
    async with made.running():
        yield made


@pytest.fixture
async def url(service: Service) -> AsyncIterator[str]:
    """The service on a real server."""
    async with serving(service) as address:
        yield address
