"""`outlay-operator run`."""

import asyncio
import contextlib
from pathlib import Path

import click

from outlay_operator import logs, main
from outlay_operator.settings import SettingsError, read


@click.command
@click.option(
    "--settings",
    "file",
    envvar="OUTLAY_OPERATOR_SETTINGS",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file that the chart writes.",
)
@click.option(
    "--log-format",
    type=click.Choice(["auto", "text", "json"]),
    default="auto",
    envvar="OUTLAY_LOG_FORMAT",
    help="auto: text at a terminal.",
)
def run(file: Path, log_format: str) -> None:
    """Watch the custom resources, until stopped."""
    logs.configure(log_format)
    try:
        settings = read(file)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(main.run(settings))
