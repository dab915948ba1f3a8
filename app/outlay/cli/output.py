"""What commands print: results on stdout, everything else on stderr."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Add `--json`, which reaches the command as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else.")(
        command
    )


def print_json(data: Any) -> None:
    """Print one JSON value, indented for a person and a program alike."""
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())


def counted(number: int, one: str, many: str | None = None) -> str:
    """Say `1 row` or `2 rows`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def note(text: str) -> None:
    """Tell the person something that is not the result."""
    click.echo(text, err=True)


def terminal() -> Console:
    """Return the console for results: plain text when stdout is no terminal or NO_COLOR is set."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
