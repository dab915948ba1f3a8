"""`outlay-backup show`."""

import asyncio
from typing import Any

import click

from outlay_backup import ending
from outlay_backup.cli import options
from outlay_backup.cli.reading import store_of
from outlay_backup.cli.results import failure_kept, result_option
from outlay_backup.cli.running import print_json, run, size
from outlay_backup.job import short
from outlay_backup.model import Result


@click.command
@options.store_options
@options.run_id_option("The id that the run was started with.")
@click.option("--run", "name", envvar="OUTLAY_BACKUP_RUN", help="The run's name.")
@result_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else.")
def show(**given: Any) -> None:
    """Tell how one run ended, from the store alone.

    For a run whose result was lost: it was evicted, killed, or its node is gone.
    """
    if bool(given["digits"]) == bool(given["name"]):
        raise click.UsageError("Give the run's id or its name: --run-id or --run.")
    with failure_kept(given["result_file"]):
        result = run(asyncio.to_thread(_result, given), given["result_file"])
    if given["result_file"] is not None:
        given["result_file"].write_bytes(short(result))
    if given["as_json"]:
        print_json(result)
    else:
        click.echo(_sentence(result))


def _result(given: dict[str, Any]) -> Result:
    store = store_of(given)
    digits, name = given["digits"], given["name"]
    found = ending.by_digits(store, digits) if digits else ending.by_name(store, name)
    return ending.ending(store, found)


def _sentence(result: Result) -> str:
    state = "verified" if result.verified else "not verified" if result.complete else "incomplete"
    told = f"{result.run}  {size(result.bytes)}  {state}"
    return f"{told}  {result.reason}: {result.message}" if result.reason else told
