"""The `outlay` command: the table of its commands, and how it ends."""

import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from outlay import __version__
from outlay.cli.errors import INTERRUPTED, CommandError
from outlay.cli.group import Entry, LazyGroup
from outlay.cli.run import Run

COMMANDS: Final = {
    "add": Entry("outlay.cli.expenses_add:add", "Record an expense."),
    "list": Entry("outlay.cli.expenses_list:list_expenses", "List expenses."),
    "summary": Entry("outlay.cli.expenses_summary:summary", "Sum up a period."),
    "show": Entry("outlay.cli.expenses_show:show", "Show everything about one expense."),
    "edit": Entry("outlay.cli.expenses_change:edit", "Change an expense."),
    "delete": Entry("outlay.cli.expenses_change:delete", "Move expenses to the trash."),
    "restore": Entry("outlay.cli.expenses_change:restore", "Take expenses out of the trash."),
    "undo": Entry("outlay.cli.undo:undo", "Take a change back."),
    "history": Entry("outlay.cli.history:history", "Show who changed what."),
    "categories": Entry("outlay.cli.categories:categories", "List and change categories."),
    "accounts": Entry("outlay.cli.accounts:accounts", "List and change accounts to pay from."),
    "tags": Entry("outlay.cli.tags:tags", "List and change tags."),
    "import": Entry("outlay.cli.import_file:import_file", "Import a bank's file or an archive."),
    "imports": Entry("outlay.cli.imports:imports", "List imports and take them back."),
    "export": Entry("outlay.cli.export:export", "Take the ledger away, as CSV or an archive."),
    "ledgers": Entry("outlay.cli.ledgers:ledgers", "List, begin, choose and delete ledgers."),
    "demo": Entry("outlay.cli.demo:demo", "Make a ledger to look around in."),
    "members": Entry("outlay.cli.members:members", "See and change who is in a ledger."),
    "invite": Entry("outlay.cli.members:invite", "Make a link that lets somebody in."),
    "tokens": Entry("outlay.cli.tokens:tokens", "List, create and revoke API tokens."),
    "users": Entry("outlay.cli.users:users", "Administer the people of the installation."),
    "serve": Entry("outlay.cli.serve:serve", "Start Outlay."),
    "migrate": Entry("outlay.cli.migrate:migrate", "Bring the database's schema up to date."),
    "settings": Entry("outlay.cli.show_settings:settings", "Show every setting and its value."),
    "sign-in-link": Entry("outlay.cli.sign_in_link:sign_in_link", "Print a link that signs in."),
    "database": Entry("outlay.cli.database:database", "Look after the embedded PostgreSQL."),
    "backup": Entry("outlay.cli.backup:backup", "Make backups and bring them back."),
    "completion": Entry("outlay.cli.completion:completion", "Print a shell's completion script."),
    "version": Entry("outlay.cli.version:version", "Print the version."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
@click.version_option(__version__, prog_name="outlay")
@click.pass_context
def cli(context: click.Context) -> None:
    """Keep a household's expenses.

    Commands that read or change a ledger talk to a running service: the one in OUTLAY_URL with
    the token in OUTLAY_TOKEN, else the one that runs on this machine.
    """
    context.ensure_object(Run)


def main() -> None:
    """Run the command line and exit with one of the codes of outlay.cli.errors."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; whatever went wrong was told on stderr."""
    run = Run()
    try:
        code = cli.main(arguments, prog_name="outlay", obj=run, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        if isinstance(error, CommandError):
            click.echo(f"Run {run.id}", err=True)
        return error.exit_code
    except click.Abort:
        click.echo("Interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Who read the output has gone, as in `outlay list | head`; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0
