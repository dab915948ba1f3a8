import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.processes import Holder, ended
from outlay.embedded import EmbeddedPostgres
from outlay.embedded.folder import Folder
from outlay.embedded.installed import programs_for
from outlay.embedded.programs import Programs


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder that the server's account can reach, which pytest's own is not for root."""
    path = Path(tempfile.mkdtemp(prefix="outlay-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def data() -> Iterator[Path]:
    """One data folder that lives through every kill of these tests: making it costs a second."""
    path = Path(tempfile.mkdtemp(prefix="outlay-test-"))
    path.chmod(0o755)
    with EmbeddedPostgres(path / "data", options={"fsync": "off"}):
        pass
    yield path / "data"
    shutil.rmtree(path)


@pytest.fixture
def fresh(home: Path) -> Path:
    """The name of a data folder that is not there yet."""
    return home / "new"


@pytest.fixture
def hold(home: Path) -> Iterator[type[Holder]]:
    """Make Holders that do not outlive the test, nor do their servers; then `home` may go."""
    assert home.exists()
    made: list[Holder] = []

    class Tracked(Holder):
        def __init__(self, data: Path, *arguments: str) -> None:
            super().__init__(data, *arguments)
            made.append(self)

    yield Tracked
    for holder in made:
        with holder.process as process:
            process.kill()
    assert all(ended(folder) for folder in {holder.data for holder in made} if folder.exists())


@pytest.fixture
def programs(data: Path) -> Programs:
    return programs_for(Folder(data))
