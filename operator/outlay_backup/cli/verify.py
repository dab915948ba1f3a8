"""`outlay-backup verify` and `outlay-backup drill`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from outlay_backup import keys, runs
from outlay_backup.cli import options
from outlay_backup.cli.progress import shown
from outlay_backup.cli.reading import store_of, trial_of
from outlay_backup.cli.results import failure_kept, keep, result_option
from outlay_backup.cli.running import print_json, run
from outlay_backup.errors import RunNotFoundError
from outlay_backup.model import Verified
from outlay_backup.progress import Progress
from outlay_backup.store import Store
from outlay_backup.verify import OWNERS_KEY, Trial
from outlay_backup.verify import verify as verify_run

_KEY = click.option(
    "--key",
    "key_file",
    required=True,
    envvar="OUTLAY_BACKUP_KEY",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with an owner's private key.",
)


def _verify(given: dict[str, Any], name: str | None) -> None:
    with failure_kept(given["result_file"]):
        verified = _verified(given, name)
    keep(given["result_file"], verified)
    if given["as_json"]:
        print_json(verified)
    else:
        click.echo(
            f"{verified.run}  restored and compared: {verified.rows} rows of {verified.tables}"
            " tables are what was dumped"
        )


def _verified(given: dict[str, Any], name: str | None) -> Verified:
    store = store_of(given)
    identities = keys.identities(given["key_file"])
    trial = trial_of(given)
    with shown(given["log_format"]) as progress:
        return run(_tried(store, name, identities, trial, progress), given["result_file"])


async def _tried(
    store: Store,
    name: str | None,
    identities: Sequence[keys.Identity],
    trial: Trial,
    progress: Progress,
) -> Verified:
    chosen = await asyncio.to_thread(_chosen, store, name)
    return await verify_run(store, chosen, identities, trial, progress, key=OWNERS_KEY)


def _chosen(store: Store, name: str | None) -> str:
    return _newest(store) if name is None else runs.find(store, name).name


def _newest(store: Store) -> str:
    newest = next((each.name for each in runs.all_runs(store) if each.complete), None)
    if newest is None:
        raise RunNotFoundError(f"{store.location} holds no backup.")
    return newest


@click.command
@click.argument("name", default="latest", envvar="OUTLAY_BACKUP_RUN", metavar="[BACKUP]")
@_KEY
@options.store_options
@options.trial_options
@result_option
@options.program_options
def verify(name: str, **given: Any) -> None:
    """Fetch a backup, restore it into a throw-away PostgreSQL and compare.

    Without a name (or OUTLAY_BACKUP_RUN): the latest verified one. Nothing but the store and the key is needed.
    """
    _verify(given, name)


@click.command
@_KEY
@options.store_options
@options.trial_options
@result_option
@options.program_options
def drill(**given: Any) -> None:
    """Prove that the owner's own key restores the newest backup, and record it.

    The newest complete one, whether or not it was verified; drill.json beside it tells when.
    """
    _verify(given, None)
