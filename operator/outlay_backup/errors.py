"""What can go wrong: a sentence that says what to do, a stable reason, an exit code.

The exit codes are those of the `outlay` command (docs/cli.md); a test holds both to it.
"""

from typing import ClassVar, Final

FAILED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
NOT_ALLOWED: Final = 4
CONFLICT: Final = 5
NOT_FOUND: Final = 6
CANNOT_START: Final = 7
INTERRUPTED: Final = 130


class BackupError(Exception):
    """Every error that is told to a person."""

    reason: ClassVar[str] = "Failed"
    exit_code: ClassVar[int] = FAILED


class SettingsError(BackupError):
    """An option, a file of settings or a place is wrong."""

    reason = "SettingsWrong"
    exit_code = USAGE


class KeyRefusedError(BackupError):
    """A key cannot be read, or does not open the backup."""

    reason = "KeyRefused"
    exit_code = USAGE


class DatabaseUnreachableError(BackupError):
    """No connection, or it was lost."""

    reason = "DatabaseUnreachable"
    exit_code = UNREACHABLE


class DatabaseDeniedError(BackupError):
    """The database refuses this role, or does not let it read everything."""

    reason = "DatabaseDenied"
    exit_code = NOT_ALLOWED


class BusyError(BackupError):
    """Another backup, a migration or a restore has the database."""

    reason = "DatabaseBusy"
    exit_code = CONFLICT


class ProgramsMissingError(BackupError):
    """No pg_dump of the server's own major."""

    reason = "ProgramsMissing"
    exit_code = CANNOT_START


class DumpFailedError(BackupError):
    """pg_dump ended early, or a table could not be read."""

    reason = "DumpFailed"


class OutOfMemoryError(BackupError):
    """A program was killed from outside, probably for lack of memory: raise the limit."""

    reason = "OutOfMemory"


class StoreError(BackupError):
    """The store refused or failed in a way that has no name of its own."""

    reason = "StoreFailed"


class StoreUnreachableError(StoreError):
    """The network, or the store behind it."""

    reason = "StoreUnreachable"
    exit_code = UNREACHABLE


class StoreDeniedError(StoreError):
    """Credentials or rights."""

    reason = "StoreDenied"
    exit_code = NOT_ALLOWED


class StoreMissingError(StoreError):
    """The bucket, container or folder is not there."""

    reason = "StoreMissing"
    exit_code = NOT_FOUND


class StoreFullError(StoreError):
    """No room at the destination."""

    reason = "StoreFull"


class OwnedByOtherError(StoreError):
    """The place belongs to the backups of something else."""

    reason = "StoreOwnedByOther"
    exit_code = CONFLICT


class RunNotFoundError(BackupError):
    """No backup of that name, or none that is verified."""

    reason = "BackupNotFound"
    exit_code = NOT_FOUND


class UnfinishedError(BackupError):
    """A run without an end: killed from outside, or still under way."""

    reason = "Unfinished"


class DamagedError(BackupError):
    """What the store returns is not what was stored."""

    reason = "BackupDamaged"


class ScratchError(BackupError):
    """The throw-away PostgreSQL could not be run."""

    reason = "ScratchFailed"
    exit_code = CANNOT_START


class VerifyFailedError(BackupError):
    """What was restored differs from what was dumped."""

    reason = "VerifyFailed"


class RestoreRefusedError(BackupError):
    """Nothing was changed, and the sentence says why."""

    reason = "RestoreRefused"


class RestoreFailedError(BackupError):
    """It broke off; the old database is in its place. Run it again."""

    reason = "RestoreFailed"
    exit_code = UNREACHABLE


class ReleaseRefusedError(BackupError):
    """The database is not one that a restore kept, or is in use; it was not dropped."""

    reason = "ReleaseRefused"


class DeadlineError(BackupError):
    """It took longer than it may."""

    reason = "DeadlineExceeded"


class StoppedError(BackupError):
    """SIGTERM or Ctrl-C."""

    reason = "Stopped"
    exit_code = INTERRUPTED
