"""Runs a command's work on an event loop that SIGTERM and Ctrl-C end in order."""

import asyncio
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from outlay_backup.cli.results import failure_kept
from outlay_backup.errors import StoppedError
from outlay_backup.model import encode

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], result_file: Path | None = None) -> T:
    """Run it to its end; a signal cancels it once, and what it began is ended first.

    A failure is in `result_file` before threads are waited for, which may take minutes.
    """
    return asyncio.run(_run(work, result_file))


async def _run(work: Coroutine[Any, Any, T], result_file: Path | None) -> T:
    with failure_kept(result_file):
        return await _ended(work)


async def _ended(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    try:
        return await task
    except asyncio.CancelledError as error:
        raise StoppedError("Stopped before its end.") from error


def print_json(value: Any) -> None:
    click.echo(encode(value).decode(), nl=False)


def size(number: int) -> str:
    """Say bytes for people, such as 12.3 MB."""
    shown, unit = float(number), "B"
    for bigger in ("kB", "MB", "GB", "TB"):
        if shown < 1000:
            break
        shown, unit = shown / 1000, bigger
    return f"{shown:.0f} {unit}" if unit == "B" else f"{shown:.1f} {unit}"
