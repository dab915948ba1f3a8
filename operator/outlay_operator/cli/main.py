"""`outlay-operator`."""

import click

from outlay_operator.cli.crds import crds
from outlay_operator.cli.key import key
from outlay_operator.cli.request import request
from outlay_operator.cli.run import run


@click.group
def main() -> None:
    """Outlay's backup operator: schedules, backups and restores from custom resources."""


for command in (run, crds, key, request):
    main.add_command(command)
