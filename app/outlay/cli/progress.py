"""Progress on stderr, for people only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

_PART: Final = 1 << 18

Advance = Callable[[int], None]


@contextmanager
def progress(text: str, total: int | None) -> Iterator[Advance]:
    """Show a bar of bytes while the block runs; it is told how many more have gone."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(text, total=total)
        yield lambda size: shown.advance(task, size)


def file_parts(path: Path) -> Iterator[bytes]:
    """Read a file bit by bit, with a bar of what has gone."""
    with path.open("rb") as file, progress(path.name, path.stat().st_size) as advance:
        while part := file.read(_PART):
            yield part
            advance(len(part))
