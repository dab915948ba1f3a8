"""Helpers that the import tests share; they need no database."""

from pathlib import Path

import pytest

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="session")
def bank_file():
    """Return the bytes of one of the files in the layouts of real banks."""
    return lambda name: (FILES / name).read_bytes()
