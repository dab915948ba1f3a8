"""People sign in by the hundred here: hashing costs next to nothing, everything else is real."""

from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher

from outlay.main import Service
from outlay.settings import Settings
from people.doors import Doors

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
async def service(dsn: str) -> AsyncIterator[Service]:
    made = Service(Settings(log_level="warning"), dsn, hasher=CHEAP)
    async with made.running():
        yield made


@pytest.fixture
async def doors(service: Service) -> AsyncIterator[Doors]:
    async with Doors(service) as made:
        yield made
