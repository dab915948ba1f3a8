"""`outlay serve`."""

import sys
from typing import Any

import click

from outlay.cli.flags import read, settings_flags
from outlay.cli.local_errors import told
from outlay.server.run import Running
from outlay.server.run import serve as run_service


@click.command
@click.option(
    "--migrate",
    "may_migrate",
    is_flag=True,
    help="Bring the schema of a database of your own up to date first (an embedded one always is).",
)
@settings_flags()
def serve(may_migrate: bool, **flags: Any) -> None:
    """Start Outlay.

    Without a database address it starts a PostgreSQL of its own in the data folder, and ends it
    with itself. SIGINT (Ctrl-C) and SIGTERM let requests end for at most 20 seconds; a second one
    cuts them off.
    """
    settings = read(flags)
    with told():
        run_service(settings, may_migrate=may_migrate, announce=_greet)


def _greet(running: Running) -> None:
    if sys.stdout.isatty():
        click.echo(f"Outlay runs at {running.url}")
