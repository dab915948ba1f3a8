"""`outlay-backup release`."""

from typing import Any

import click

from outlay_backup.cli import options
from outlay_backup.cli.results import failure_kept, keep, result_option
from outlay_backup.cli.running import print_json, run
from outlay_backup.database import Database
from outlay_backup.release import release as release_kept


@click.command
@options.database_options
@click.option(
    "--database",
    "name",
    required=True,
    envvar="OUTLAY_BACKUP_KEPT",
    help="The kept database, as the restore named it.",
)
@result_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else.")
def release(**given: Any) -> None:
    """Drop the old database that a restore kept.

    Only one that a restore kept: any other is refused. One that is gone already is fine.
    OUTLAY_DATABASE_URL is that of the restore.
    """
    with failure_kept(given["result_file"]):
        admin = Database(given["database_url"], given["password_file"])
        work = release_kept(admin, given["name"], given["lock_wait"])
        done = run(work, given["result_file"])
    keep(given["result_file"], done)
    if given["as_json"]:
        print_json(done)
    else:
        click.echo(f"{done.database}  {'dropped' if done.dropped else 'was gone already'}")
