"""`outlay-backup create`."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from outlay_backup.cli import options
from outlay_backup.cli.progress import shown
from outlay_backup.cli.reading import recipients_of, retention_of, store_of, trial_of
from outlay_backup.cli.results import result_option
from outlay_backup.cli.running import print_json, run, size
from outlay_backup.create import Order
from outlay_backup.database import Database
from outlay_backup.errors import BackupError
from outlay_backup.job import Job, run_job, short
from outlay_backup.model import Result
from outlay_backup.times import now


@click.command
@options.store_options
@options.database_options
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    envvar="OUTLAY_BACKUP_RECIPIENTS",
    metavar="KEY",
    help="Public key of an owner (age1... or ssh-ed25519 ...); more than one may open the backup.",
)
@click.option(
    "--recipients-file",
    "recipient_files",
    multiple=True,
    envvar="OUTLAY_BACKUP_RECIPIENTS_FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with public keys, one a line.",
)
@options.trial_options
@options.run_id_option(
    "A UID, or other hexadecimal text, whose first eight digits end the run's name: so that"
    " whoever started it finds it. [default: random]"
)
@click.option(
    "--csv/--no-csv",
    "with_csv",
    default=True,
    envvar="OUTLAY_BACKUP_CSV",
    help="Store the ledgers as CSV too.",
)
@click.option(
    "--verify/--no-verify",
    "verifying",
    default=True,
    envvar="OUTLAY_BACKUP_VERIFY",
    help="Restore it and compare.",
)
@click.option(
    "--prune/--no-prune",
    "pruning",
    default=True,
    envvar="OUTLAY_BACKUP_PRUNE",
    help="Apply the retention after it.",
)
@click.option(
    "--prune-dry-run",
    is_flag=True,
    envvar="OUTLAY_BACKUP_PRUNE_DRY_RUN",
    help="Only tell what retention would remove.",
)
@options.retention_options
@result_option
@options.program_options
def create(**given: Any) -> int:
    """Dump, encrypt, store, restore and compare; then prune."""
    started = now()
    try:
        job = _job(given)
    except BackupError as error:
        result = Result(
            run="",
            started=started,
            finished=now(),
            complete=False,
            verified=False,
            reason=error.reason,
            message=str(error),
        )
        _keep(given["result_file"], result)
        return _tell(result, error, given)
    with shown(given["log_format"]) as progress:
        keep = partial(_keep, given["result_file"])
        result, failure = run(run_job(job, progress, keep))
    return _tell(result, failure, given)


def _job(given: dict[str, Any]) -> Job:
    recipients = recipients_of(given["recipients"], given["recipient_files"])
    trial = trial_of(given, tuple(recipients.values()) if given["with_csv"] else ())
    retention = retention_of(given)
    order = Order(
        database=Database(given["database_url"], given["password_file"]),
        recipients=recipients,
        owner=given["owner"],
        programs=tuple(given["places"]),
        lock_wait=given["lock_wait"],
    )
    keeps_all = retention.policy.keeps_all
    return Job(
        order=order,
        store=store_of(given, make=True),
        trial=trial if given["verifying"] else None,
        retention=retention if given["pruning"] and not keeps_all else None,
        deadline=given["deadline"],
        prune_dry_run=given["prune_dry_run"],
        digits=given["digits"],
    )


def _keep(file: Path | None, result: Result) -> None:
    if file is not None:
        file.write_bytes(short(result))


def _tell(result: Result, failure: BackupError | None, given: dict[str, Any]) -> int:
    if given["as_json"]:
        print_json(result)
    elif result.complete:
        state = "verified" if result.verified else "not verified"
        click.echo(
            f"{result.run}  {size(result.bytes)}  {result.rows} rows of {result.tables} tables,"
            f" {state}"
        )
        for name in result.removed:
            click.echo(f"{name}  removed")
        for name in result.would_remove:
            click.echo(f"{name}  would go")
    for note in result.notes:
        click.echo(note, err=True)
    if failure is not None:
        click.echo(f"Error: {failure}", err=True)
        return failure.exit_code
    return 0
