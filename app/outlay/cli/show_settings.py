"""`outlay settings`."""

from typing import Any

import click
from rich.table import Table

from outlay.cli.flags import read, settings_flags
from outlay.cli.output import json_option, print_json, terminal
from outlay.settings import describe


@click.command
@json_option
@settings_flags()
def settings(as_json: bool, **flags: Any) -> None:
    """Show every setting of the service and its value.

    Values come from OUTLAY_* variables and the flags given here; secrets are masked.
    """
    rows = describe(read(flags))
    if as_json:
        print_json([{"name": name, "value": value, "help": text} for name, value, text in rows])
        return
    table = Table("Variable", "Value", "What it is for", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    terminal().print(table)
