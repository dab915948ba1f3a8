"""How a command ended, in a file that somebody else reads: in Kubernetes the termination message."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec

from outlay_backup.errors import BackupError

F = TypeVar("F", bound=Callable[..., Any])
# In bytes of UTF-8, so that the whole stays below 3 KiB.
_MESSAGE: Final = 2000


def result_option(command: F) -> F:
    return click.option(
        "--result-file",
        envvar="OUTLAY_BACKUP_RESULT_FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the result, or the reason of a failure, there too: at most 3 KiB of JSON.",
    )(command)


@contextmanager
def failure_kept(file: Path | None) -> Iterator[None]:
    """Write the reason and the message of a failure, and let it go on."""
    try:
        yield
    except BackupError as error:
        _keep_failure(file, error.reason, str(error))
        raise
    except Exception as error:  # whoever waits for the file must get a reason
        _keep_failure(file, BackupError.reason, f"{type(error).__name__}: {error}")
        raise


def _keep_failure(file: Path | None, reason: str, message: str) -> None:
    short = message.encode()[:_MESSAGE].decode(errors="ignore")
    keep(file, {"reason": reason, "message": short})


def keep(file: Path | None, value: object) -> None:
    if file is not None:
        file.write_bytes(msgspec.json.encode(value))
