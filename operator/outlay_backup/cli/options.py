"""Options that several commands share; each has an environment variable, secrets have only that."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from outlay_backup import layout

F = TypeVar("F", bound=Callable[..., Any])

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


def _all(*options: Callable[[F], F]) -> Callable[[F], F]:
    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def store_options(command: F) -> F:
    return _all(
        click.option(
            "--store",
            "location",
            required=True,
            envvar="OUTLAY_BACKUP_STORE",
            metavar="PLACE",
            help="A folder, s3://bucket/prefix, az://container/prefix or gs://bucket/prefix.",
        ),
        click.option(
            "--credentials",
            envvar="OUTLAY_BACKUP_CREDENTIALS",
            type=_FOLDER,
            help="Folder with a file for each of the store's credentials.",
        ),
        click.option(
            "--store-option",
            "store_settings",
            multiple=True,
            envvar="OUTLAY_BACKUP_STORE_OPTIONS",
            metavar="NAME=VALUE",
            help="A setting of the store that is no secret, such as endpoint or region.",
        ),
    )(command)


def database_options(command: F) -> F:
    return _all(
        click.option(
            "--database-url",
            envvar="OUTLAY_DATABASE_URL",
            hidden=True,
            expose_value=True,
            callback=_only_from_environment,
        ),
        click.option(
            "--database-password-file",
            "password_file",
            envvar="OUTLAY_DATABASE_PASSWORD_FILE",
            type=_FILE,
            help="File with the database's password.",
        ),
        click.option(
            "--lock-wait",
            default=60.0,
            show_default=True,
            envvar="OUTLAY_BACKUP_LOCK_WAIT",
            help="Seconds to wait for a migration, backup or restore that is under way.",
        ),
    )(command)


def _only_from_environment(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str:
    source = context.get_parameter_source(parameter.name or "")
    if source is not None and source.name == "COMMANDLINE":
        raise click.UsageError("A database's address holds a password: set OUTLAY_DATABASE_URL.")
    if not value:
        raise click.UsageError("Set OUTLAY_DATABASE_URL to the database's address.")
    return value


def run_id_option(text: str) -> Callable[[F], F]:
    return click.option(
        "--run-id",
        "digits",
        default="",
        envvar="OUTLAY_BACKUP_RUN_ID",
        metavar="ID",
        callback=_digits,
        help=text,
    )


def _digits(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return layout.digits_of(value) if value else ""
    except ValueError as error:
        raise click.BadParameter(
            f"{value!r} is no UID, nor text that begins with eight hexadecimal digits."
        ) from error


def trial_options(command: F) -> F:
    return _all(
        click.option(
            "--scratch",
            envvar="OUTLAY_BACKUP_SCRATCH",
            type=_FOLDER,
            help="Folder with room for the dump and the database. [default: the temporary folder]",
        ),
        click.option(
            "--check",
            "checks_file",
            envvar="OUTLAY_BACKUP_CHECKS",
            type=_FILE,
            help='JSON list of {"name", "sql", "expected"}, asked of the restored copy.',
        ),
    )(command)


def program_options(command: F) -> F:
    return _all(
        click.option(
            "--programs",
            "places",
            multiple=True,
            envvar="OUTLAY_BACKUP_PROGRAMS",
            type=_FOLDER,
            help="Folders with PostgreSQL's programs, looked at first.",
        ),
        click.option(
            "--log-format",
            type=click.Choice(["auto", "text", "json"]),
            default="auto",
            envvar="OUTLAY_LOG_FORMAT",
            help="auto: a progress bar at a terminal.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else."),
    )(command)


def retention_options(command: F) -> F:
    rules = [
        click.option(
            f"--keep-{rule}",
            type=click.IntRange(0),
            default=0,
            envvar=f"OUTLAY_BACKUP_KEEP_{rule.upper()}",
            help=text,
        )
        for rule, text in (
            ("last", "Keep so many of the newest verified backups."),
            ("daily", "Keep the newest of each of so many days."),
            ("weekly", "Keep the newest of each of so many weeks."),
            ("monthly", "Keep the newest of each of so many months."),
            ("yearly", "Keep the newest of each of so many years."),
        )
    ]
    return _all(
        *rules,
        click.option(
            "--time-zone",
            default="UTC",
            show_default=True,
            envvar="OUTLAY_BACKUP_TIME_ZONE",
            help="Whose days, weeks, months and years.",
        ),
        click.option(
            "--deadline",
            default=0.0,
            envvar="OUTLAY_BACKUP_DEADLINE",
            help="Seconds that a run may take. [default: no end; incomplete ones go after 2 days]",
        ),
        click.option(
            "--owner",
            envvar="OUTLAY_BACKUP_OWNER",
            help="Whose backups these are. [default: the installation's own name]",
        ),
    )(command)
