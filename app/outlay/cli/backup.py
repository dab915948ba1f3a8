"""`outlay backup`: hands over to the backup program."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from outlay.cli import backup_program
from outlay.cli.flags import read, settings_flags
from outlay.cli.local_errors import told
from outlay.cli.output import json_option
from outlay.cli.things import yes_option
from outlay.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

_DATABASE: Final = ("database_url", "database_password_file", "data_dir")
_RULES: Final = ("last", "daily", "weekly", "monthly", "yearly")
_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


@click.group()
def backup() -> None:
    """Make backups that were restored before they count, and bring them back.

    They are encrypted with a key (age) that is made at the first backup, and lie beside the data
    folder unless --to names a place: a folder, s3://bucket/prefix, az://container/prefix or
    gs://bucket/prefix. docs/backups.md tells more.
    """


def _place(command: F) -> F:
    for option in (
        click.option(
            "--store-option",
            "store_options",
            multiple=True,
            metavar="NAME=VALUE",
            help="A setting of the store, such as endpoint or region.",
        ),
        click.option(
            "--credentials",
            type=_FOLDER,
            envvar="OUTLAY_BACKUP_CREDENTIALS",
            help="Folder with a file for each of the store's credentials.",
        ),
        click.option(
            "--to",
            "place",
            metavar="PLACE",
            envvar="OUTLAY_BACKUP_STORE",
            help="Where backups lie. [default: beside the data folder]",
        ),
    ):
        command = option(command)
    return command


def _keep(command: F) -> F:
    for rule in reversed(_RULES):
        command = click.option(
            f"--keep-{rule}",
            type=click.IntRange(0),
            envvar=f"OUTLAY_BACKUP_KEEP_{rule.upper()}",
            help=_KEEP_HELP[rule],
        )(command)
    return click.option(
        "--time-zone", envvar="OUTLAY_BACKUP_TIME_ZONE", help="Whose days and weeks. [default: UTC]"
    )(command)


_KEEP_HELP: Final = {
    "last": "Keep so many of the newest.",
    "daily": "Keep the newest of each of so many days.",
    "weekly": "Keep the newest of each of so many weeks.",
    "monthly": "Keep the newest of each of so many months.",
    "yearly": "Keep the newest of each of so many years.",
}
_key = click.option(
    "--key",
    type=_FILE,
    envvar="OUTLAY_BACKUP_KEY",
    help="File with the private key. [default: outlay/backup-key.txt in the configuration folder]",
)
_scratch = click.option(
    "--scratch",
    type=_FOLDER,
    envvar="OUTLAY_BACKUP_SCRATCH",
    help="Folder with room for the dump and a copy of the database. [default: the temporary one]",
)


@backup.command
@_place
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="KEY",
    help="Public key of whoever may open it (age1... or ssh-ed25519 ...), instead of one's own.",
)
@_key
@_keep
@_scratch
@click.option("--verify/--no-verify", default=True, help="Restore it and compare, or not yet.")
@json_option
@settings_flags(*_DATABASE)
def create(as_json: bool, verify: bool, recipients: tuple[str, ...], **given: Any) -> int:
    """Make a backup: dump, encrypt, store, fetch it back, restore and compare.

    The service may run meanwhile. With --keep-... older backups that no rule keeps are deleted
    afterwards, never the newest verified one.
    """
    settings = _settings(given)
    keys = recipients or (backup_program.recipient(given["key"] or backup_program.default_key()),)
    arguments = [*_place_of(given, settings), *_flags("--recipient", keys), *_rules(given)]
    arguments += _scratch_of(given) + (["--json"] if as_json else [])
    with told(), backup_program.database(settings) as database:
        verifying = [] if verify else ["--no-verify"]
        return backup_program.run(["create", *arguments, *verifying], database.env)


@backup.command("list")
@_place
@json_option
@settings_flags("data_dir")
def list_backups(as_json: bool, **given: Any) -> int:
    """List backups, newest first."""
    arguments = _place_of(given, _settings(given)) + (["--json"] if as_json else [])
    return backup_program.run(["list", *arguments], {})


@backup.command
@click.argument("name", default="latest", metavar="[BACKUP]")
@_place
@_key
@_scratch
@json_option
@settings_flags("data_dir")
def verify(name: str, as_json: bool, **given: Any) -> int:
    """Restore a backup into a throw-away PostgreSQL and compare, with your own key.

    Without a name: the latest verified one. It needs the place and the key and no running Outlay,
    and is recorded beside the backup as a drill.
    """
    settings = _settings(given)
    arguments = [name, *_place_of(given, settings), *_key_of(given), *_scratch_of(given)]
    arguments += ["--json"] if as_json else []
    return backup_program.run(["verify", *arguments], {})


@backup.command
@click.argument("name", default="latest", metavar="[BACKUP]")
@_place
@_key
@_scratch
@click.option("--dry-run", is_flag=True, help="Restore and compare, and change nothing.")
@yes_option
@json_option
@settings_flags(*_DATABASE)
def restore(name: str, dry_run: bool, yes: bool, as_json: bool, **given: Any) -> int:
    """Bring a backup back in the place of the database.

    It is restored beside the database, compared, brought up to this version's schema, then both
    are renamed at once; the old one is kept under a dated name. Everybody signs in again, and who
    was shut out since the backup stays so. The service may run; it goes on with the restored one.
    """
    settings = _settings(given)
    if not yes and not dry_run:
        if as_json:
            raise click.UsageError("With --json add --yes: nothing can be asked")
        click.confirm(f"Put the backup {name} in the place of the database?", abort=True, err=True)
    arguments = [name, *_place_of(given, settings), *_key_of(given), *_scratch_of(given)]
    arguments += (["--dry-run"] if dry_run else []) + (["--json"] if as_json else [])
    with told(), backup_program.database(settings) as database:
        return backup_program.run(["restore", *arguments, *database.free_bytes()], database.env)


@backup.command
@_place
@_keep
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
@json_option
@settings_flags("data_dir")
def prune(dry_run: bool, as_json: bool, **given: Any) -> int:
    """Delete verified backups that no rule keeps, and uploads that were never finished."""
    arguments = [*_place_of(given, _settings(given)), *_rules(given)]
    arguments += (["--dry-run"] if dry_run else []) + (["--json"] if as_json else [])
    return backup_program.run(["prune", *arguments], {})


@backup.command
@_key
@json_option
def key(key: Path | None, as_json: bool) -> int:
    """Print the public key of the key file, which is made if it is not there."""
    file = key or backup_program.default_key()
    return backup_program.run(["key", str(file), *(["--json"] if as_json else [])], {})


def _settings(given: dict[str, Any]) -> Settings:
    return read({name: given.pop(name) for name in _DATABASE if name in given})


def _place_of(given: dict[str, Any], settings: Settings) -> list[str]:
    place = given["place"] or str(backup_program.default_store(settings))
    found = ["--store", place, *_flags("--store-option", given["store_options"])]
    return found + (["--credentials", str(given["credentials"])] if given["credentials"] else [])


def _rules(given: dict[str, Any]) -> list[str]:
    found = [(f"--keep-{rule}", given[f"keep_{rule}"]) for rule in _RULES]
    found.append(("--time-zone", given["time_zone"]))
    return [text for flag, value in found if value is not None for text in (flag, str(value))]


def _key_of(given: dict[str, Any]) -> list[str]:
    return ["--key", str(given["key"] or backup_program.default_key())]


def _scratch_of(given: dict[str, Any]) -> list[str]:
    return ["--scratch", str(given["scratch"])] if given["scratch"] else []


def _flags(flag: str, values: tuple[str, ...]) -> list[str]:
    return [text for value in values for text in (flag, value)]
