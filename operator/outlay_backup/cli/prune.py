"""`outlay-backup prune`."""

from typing import Any

import click

from outlay_backup import owner
from outlay_backup.cli import options
from outlay_backup.cli.reading import retention_of, store_of
from outlay_backup.cli.running import print_json
from outlay_backup.errors import RunNotFoundError
from outlay_backup.prune import Pruned
from outlay_backup.prune import prune as prune_store


@click.command
@options.store_options
@options.retention_options
@click.option(
    "--dry-run",
    is_flag=True,
    envvar="OUTLAY_BACKUP_PRUNE_DRY_RUN",
    help="Only tell what would go.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else.")
def prune(dry_run: bool, as_json: bool, **given: Any) -> None:
    """Delete verified backups that no rule keeps, and uploads that will never be whole.

    The newest verified backup always stays. Without any rule nothing but incomplete uploads goes.
    """
    store = store_of(given)
    marker = owner.read(store)
    if marker is None:
        raise RunNotFoundError(f"{store.location} holds no backups of anybody.")
    done = prune_store(store, given["owner"] or marker.owner, retention_of(given), dry_run=dry_run)
    if as_json:
        print_json(
            {
                "keep": done.plan.keep,
                "delete": done.plan.delete,
                "incomplete": done.plan.incomplete,
                "removed": done.removed,
                "refused": done.refused,
            }
        )
    else:
        _tell(done, dry_run=dry_run)


def _tell(done: Pruned, *, dry_run: bool) -> None:
    for name, why in sorted(done.plan.keep.items(), reverse=True):
        click.echo(f"{name}  stays: {', '.join(why)}")
    for name in done.would_remove if dry_run else done.removed:
        reason = "incomplete" if name in done.plan.incomplete else "no rule keeps it"
        click.echo(f"{name}  {'would go' if dry_run else 'removed'}: {reason}")
    if done.refused:
        click.echo(done.refused, err=True)
