"""`outlay-backup`: the commands, and how they end."""

import sys
from collections.abc import Sequence

import click

from outlay_backup import __version__
from outlay_backup.cli.create import create
from outlay_backup.cli.key import key
from outlay_backup.cli.list_runs import list_runs
from outlay_backup.cli.prune import prune
from outlay_backup.cli.release import release
from outlay_backup.cli.restore import restore
from outlay_backup.cli.show import show
from outlay_backup.cli.verify import drill, verify
from outlay_backup.errors import INTERRUPTED, BackupError


@click.group
@click.version_option(__version__, prog_name="outlay-backup")
def cli() -> None:
    """Back up a PostgreSQL database: encrypted, and restored before it counts.

    The database's address is OUTLAY_DATABASE_URL.
    """


for _command in (create, verify, drill, list_runs, show, prune, restore, release, key):
    cli.add_command(_command)
    for _option in _command.params:
        if isinstance(_option, click.Option) and _option.envvar:
            _option.show_envvar = True


def main() -> None:
    """Run the command line and exit with one of the codes of outlay_backup.errors."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; whatever went wrong was told on stderr."""
    try:
        code = cli.main(arguments, prog_name="outlay-backup", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BackupError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else 0
