"""`outlay database`."""

from pathlib import Path
from typing import Any

import click

from outlay.cli.errors import CannotStartError
from outlay.cli.flags import read, settings_flags
from outlay.cli.output import json_option, note, print_json
from outlay.embedded import EmbeddedError, data_dir
from outlay.embedded.upgrade import Upgraded
from outlay.embedded.upgrade import upgrade as carry_over


@click.group()
def database() -> None:
    """Look after the embedded PostgreSQL."""


@database.command
@click.option(
    "--old-bin",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the programs of the PostgreSQL that wrote the data.",
)
@json_option
@settings_flags("data_dir")
def upgrade(old_bin: Path, as_json: bool, **flags: Any) -> None:
    """Carry the data of another PostgreSQL major over to the one that this Outlay brings.

    Everything is compared before the new data takes the old one's place; the old data is kept.
    """
    settings = read(flags)
    try:
        done = carry_over(data_dir(settings.data_dir), old_bin, note)
    except EmbeddedError as error:
        raise CannotStartError(str(error)) from error
    if as_json:
        print_json(_facts(done))
        return
    click.echo(
        f"Carried {done.rows} rows of {done.tables} tables over from PostgreSQL {done.old_major} to"
        f" {done.new_major}. The old data is in {done.kept}; delete it when all is well."
    )


def _facts(done: Upgraded) -> dict[str, Any]:
    return {
        "old_major": done.old_major,
        "new_major": done.new_major,
        "databases": done.databases,
        "tables": done.tables,
        "rows": done.rows,
        "kept": str(done.kept),
    }
