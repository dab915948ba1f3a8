"""Programs that write to a pipe: pg_dump and psql, as sources of a stream."""

import contextlib
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from outlay_backup.errors import BackupError, DumpFailedError
from outlay_backup.programs import last_lines


class Output:
    """A running program whose output is read; leaving the block ends it.

    What it writes to stderr waits in a file, so that it never blocks on it.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        error: type[BackupError] = DumpFailedError,
    ) -> None:
        self._error = error
        self._name = command[0].rpartition("/")[2]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the program
        try:
            self._process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own programs
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env=dict(environment),
                start_new_session=True,
            )
        except OSError as failure:
            self._said.close()
            raise error(f"{self._name} could not be run: {failure.strerror}.") from failure

    def read(self, size: int, /) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        return self._process.stdout.read(size)

    def finish(self) -> None:
        """Raise unless it ended well: an output that stops short must never count as whole."""
        code = self._process.wait()
        if code != 0:
            self._said.seek(0)
            said = last_lines(self._said.read().decode(errors="replace"))
            raise self._error(f"{self._name} failed ({code}): {said}")

    def end(self) -> None:
        """End it now; whoever reads finds the end of the output."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.end()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._said.close()
