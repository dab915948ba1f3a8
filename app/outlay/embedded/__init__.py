"""A PostgreSQL server that comes with the Python environment and runs with this process."""

from outlay.embedded.errors import EmbeddedError
from outlay.embedded.folder import data_dir
from outlay.embedded.programs import bin_dir
from outlay.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedError", "EmbeddedPostgres", "bin_dir", "data_dir"]
