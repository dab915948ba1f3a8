"""Runs programs: pg_dump and psql as sources of a stream, others to their end."""

import asyncio
import contextlib
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from outlay_backup.errors import BackupError, DumpFailedError, OutOfMemoryError
from outlay_backup.programs import last_lines


async def output_of(
    command: Sequence[str],
    environment: Mapping[str, str],
    failed: type[BackupError],
    missing: type[BackupError] | None = None,
) -> str:
    """Run a program to its end and return what it wrote; cancelled, it is ended too.

    Raises `failed` with its last lines, `missing` where it cannot be started, OutOfMemoryError
    where it was killed from outside.
    """
    name = _name(command)
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            start_new_session=True,
        )
    except OSError as failure:
        raise (missing or failed)(f"{name} could not be run: {failure.strerror}.") from failure
    try:
        output, said = await process.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        text = (said or output).decode(errors="replace")
        raise ended_badly(name, process.returncode, text, failed)
    return output.decode(errors="replace")


def ended_badly(name: str, code: int, said: str, failed: type[BackupError]) -> BackupError:
    """Return the error of a program that ended with `code`, negative when by a signal."""
    if code == -signal.SIGKILL:
        return OutOfMemoryError(
            f"{name} was killed, probably for lack of memory: raise the memory limit (in a"
            " BackupSchedule: spec.job.resources)."
        )
    return failed(f"{name} failed ({code}): {last_lines(said)}")


def _name(command: Sequence[str]) -> str:
    return command[0].rpartition("/")[2]


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
        self._name = _name(command)
        self._is_ended = False
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
            said = self._said.read().decode(errors="replace")
            if self._is_ended:
                raise self._error(f"{self._name} was ended: {last_lines(said)}")
            raise ended_badly(self._name, code, said, self._error)

    def end(self) -> None:
        """End it now; whoever reads finds the end of the output."""
        self._is_ended = True
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
