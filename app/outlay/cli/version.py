"""`outlay version`."""

import click

from outlay import __version__
from outlay.cli.output import json_option, print_json


@click.command
@json_option
def version(as_json: bool) -> None:
    """Print the version."""
    if as_json:
        print_json({"version": __version__})
    else:
        click.echo(__version__)
