"""Progress on stderr: a bar for people, a line for logs."""

from types import TracebackType
from typing import Self

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)

from outlay_backup.times import now


class Bar:
    """One bar a step; steps of unknown length pulse."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._counted = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._now: tuple[Progress, TaskID] | None = None

    def begin(self, text: str, total: int | None, *, unit: str = "bytes") -> None:
        self._end()
        shown = self._shown if unit == "bytes" or total is None else self._counted
        shown.start()
        self._now = shown, shown.add_task(text, total=total)

    def advance(self, amount: int) -> None:
        if self._now is not None:
            self._now[0].advance(self._now[1], amount)

    def note(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._now is not None:
            shown, task = self._now
            shown.remove_task(task)
            shown.stop()
            self._now = None


class Lines:
    """One line a step and note, as text or JSON."""

    def __init__(self, console: Console, *, as_json: bool) -> None:
        self._console = console
        self._as_json = as_json

    def begin(self, text: str, total: int | None, *, unit: str = "bytes") -> None:
        of = {} if total is None else {unit: total}
        self._line(text, of)

    def advance(self, amount: int) -> None:
        """Steps are enough for a log."""

    def note(self, text: str) -> None:
        self._line(text, {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Nothing is shown that would have to go."""

    def _line(self, text: str, more: dict[str, int]) -> None:
        if self._as_json:
            line = {"at": now(), "message": text} | more
            self._console.file.write(msgspec.json.encode(line).decode() + "\n")
            self._console.file.flush()
        else:
            self._console.print(text, highlight=False, markup=False, soft_wrap=True)


def shown(log_format: str) -> Bar | Lines:
    """A bar at a terminal, else lines."""
    console = Console(stderr=True)
    if log_format == "auto" and console.is_terminal:
        return Bar(console)
    return Lines(console, as_json=log_format == "json")
