"""`outlay-backup restore`."""

import asyncio
from pathlib import Path
from typing import Any

import click

from outlay_backup import keys, runs
from outlay_backup.cli import options
from outlay_backup.cli.progress import shown
from outlay_backup.cli.reading import store_of
from outlay_backup.cli.results import failure_kept, keep, result_option
from outlay_backup.cli.running import print_json, run
from outlay_backup.database import Database
from outlay_backup.errors import SettingsError
from outlay_backup.job import within
from outlay_backup.migrating import service_command
from outlay_backup.progress import Progress
from outlay_backup.restore import BOTH, LOAD, SWAP, Restored, Wish
from outlay_backup.restore import restore as restore_run
from outlay_backup.store import Store


@click.command
@click.argument("name", default="latest", envvar="OUTLAY_BACKUP_RUN", metavar="[BACKUP]")
@click.option(
    "--key",
    "key_file",
    envvar="OUTLAY_BACKUP_KEY",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with an owner's private key.",
)
@options.store_options
@options.database_options
@click.option(
    "--database",
    "target",
    envvar="OUTLAY_BACKUP_TARGET",
    help="The database to replace. [default: that of OUTLAY_DATABASE_URL]",
)
@click.option(
    "--role",
    "--owner",
    "role",
    envvar="OUTLAY_BACKUP_ROLE",
    help="Role that owns the restored database. [default: as before]",
)
@click.option(
    "--order",
    default="",
    envvar="OUTLAY_BACKUP_ORDER",
    help="A name for this order; the same order is never carried out twice.",
)
@click.option(
    "--steps",
    type=click.Choice([BOTH, LOAD, SWAP]),
    default=BOTH,
    envvar="OUTLAY_BACKUP_STEPS",
    help="load and compare only, or swap in what was loaded.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    envvar="OUTLAY_BACKUP_DRY_RUN",
    help="Restore and compare, then drop it again.",
)
@click.option(
    "--service",
    envvar="OUTLAY_BACKUP_SERVICE",
    help="The service's command, which migrates. [default: outlay]",
)
@click.option(
    "--service-version",
    envvar="OUTLAY_BACKUP_SERVICE_VERSION",
    help="Refuse a backup that needs a later version than this. [default: ask --service]",
)
@click.option(
    "--no-migrate",
    is_flag=True,
    envvar="OUTLAY_BACKUP_NO_MIGRATE",
    help="Leave the schema as it was.",
)
@click.option(
    "--keep-tokens",
    is_flag=True,
    envvar="OUTLAY_BACKUP_KEEP_TOKENS",
    help="Where there is no database to ask who was shut out: keep API tokens and links.",
)
@click.option(
    "--free-bytes",
    type=click.IntRange(0),
    envvar="OUTLAY_BACKUP_FREE_BYTES",
    help="What is free on the server's disk.",
)
@click.option(
    "--scratch",
    envvar="OUTLAY_BACKUP_SCRATCH",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with room for the dump. [default: the temporary folder]",
)
@click.option(
    "--deadline",
    default=0.0,
    envvar="OUTLAY_BACKUP_DEADLINE",
    help="Seconds that it may take. [default: no end]",
)
@result_option
@options.program_options
def restore(name: str, **given: Any) -> None:
    """Bring a backup back: into a new database, compared, migrated, then swapped in.

    Without a name (or OUTLAY_BACKUP_RUN): the latest verified one. OUTLAY_DATABASE_URL is of a role that may create
    databases and is a member of the owner's. The old database is kept under a dated name.
    """
    with failure_kept(given["result_file"]):
        store = store_of(given)
        with shown(given["log_format"]) as progress:
            work = within(given["deadline"], _restored(store, name, given, progress))
            done = run(work, given["result_file"])
    keep(given["result_file"], done)
    if given["as_json"]:
        print_json(done)
    else:
        click.echo(_sentence(done))


async def _restored(store: Store, name: str, given: dict[str, Any], progress: Progress) -> Restored:
    wish = await asyncio.to_thread(_wish, store, name, given)
    return await restore_run(store, wish, progress)


def _wish(store: Store, name: str, given: dict[str, Any]) -> Wish:
    admin = Database(given["database_url"], given["password_file"])
    return Wish(
        admin=admin,
        target=given["target"] or admin.name,
        run=runs.find(store, name).name,
        identities=_identities(given),
        programs=tuple(given["places"]),
        scratch=given["scratch"],
        service=_service(given),
        owner=given["role"],
        order=given["order"],
        steps=given["steps"],
        dry_run=given["dry_run"],
        keep_tokens=given["keep_tokens"],
        free_bytes=given["free_bytes"],
        lock_wait=given["lock_wait"],
        service_version=given["service_version"],
    )


def _identities(given: dict[str, Any]) -> tuple[keys.Identity, ...]:
    if given["steps"] == SWAP:
        return ()
    if given["key_file"] is None:
        raise SettingsError("Give the file with an owner's private key (--key).")
    return tuple(keys.identities(given["key_file"]))


def _service(given: dict[str, Any]) -> tuple[str, ...] | None:
    if given["no_migrate"] or given["steps"] != BOTH:
        return None
    found = service_command(given["service"])
    if found is None:
        raise SettingsError(
            "There is no `outlay` here to migrate with: name it with --service, or leave the schema"
            " as it was with --no-migrate."
        )
    return tuple(found)


def _sentence(done: Restored) -> str:
    if done.message:
        return done.message
    what = f"{done.run}: {done.rows} rows of {done.tables} tables"
    if done.already_done:
        return f"{what} were restored by this order before"
    if done.dry_run:
        return f"{what} can be restored; nothing was changed"
    kept = (
        f" The old database is kept as {done.kept}; drop it when all is well." if done.kept else ""
    )
    return f"{what} are in {done.database}.{kept}"
