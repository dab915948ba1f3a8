"""Errors of this machine's own parts, as the command line tells them."""

from collections.abc import Iterator
from contextlib import contextmanager

from outlay.cli.errors import CannotStartError, SettingsRefusedError, UnreachableError
from outlay.embedded import EmbeddedError
from outlay.migrations.errors import MigrationError
from outlay.server.errors import DatabaseError, ListenError, ServerFailedError
from outlay.settings import SettingsError


@contextmanager
def told() -> Iterator[None]:
    """Turn what can go wrong at a start into a sentence and an exit code."""
    try:
        yield
    except DatabaseError as error:
        raise UnreachableError(str(error)) from error
    except SettingsError as error:
        raise SettingsRefusedError(str(error)) from error
    except (ListenError, EmbeddedError, MigrationError, ServerFailedError) as error:
        raise CannotStartError(str(error)) from error
