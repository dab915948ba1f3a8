"""`outlay serve`."""

import gc
import sys
from importlib import import_module
from typing import Any

import click

from outlay.cli.flags import read, settings_flags
from outlay.cli.local_errors import told
from outlay.server.begin import begin


@click.command
@click.option(
    "--migrate",
    "may_migrate",
    is_flag=True,
    help="Bring the schema of a database of your own up to date first (an embedded one always is).",
)
@click.option(
    "--sign-in-link/--no-sign-in-link",
    "show_link",
    default=None,
    help="Print a link that signs its reader in once; at a terminal that is the default.",
)
@settings_flags()
def serve(may_migrate: bool, show_link: bool | None, **flags: Any) -> None:
    """Start Outlay.

    Without a database address it starts a PostgreSQL of its own in the data folder, ends it with
    itself, and lets the `outlay` command of the same account in without a token.

    SIGINT (Ctrl-C) and SIGTERM let requests end for at most 20 seconds; a second one cuts them off.
    """
    settings = read(flags)
    announce = _greet if (sys.stdout.isatty() if show_link is None else show_link) else _keep_quiet
    with told(), begin(settings) as begun:
        # The larger part of the program is read while PostgreSQL starts. All of it stays: looking
        # through it for garbage on the way would take a tenth of the start.
        gc.disable()
        run = import_module("outlay.server.run")
        run.serve(settings, begun, may_migrate=may_migrate, announce=announce)


def _greet(url: str, sign_in_url: str | None) -> None:
    click.echo(f"Outlay runs at {url}")
    if sign_in_url is not None:
        click.echo(f"Sign in, once and within ten minutes: {sign_in_url}")
        click.echo("Ctrl-C stops it. `outlay sign-in-link` makes another link.")


def _keep_quiet(url: str, sign_in_url: str | None) -> None:
    """Leave it to the log, which has the address too."""
