"""`outlay-backup key`."""

from pathlib import Path

import click

from outlay_backup import keys
from outlay_backup.cli.running import print_json


@click.command
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else.")
def key(file: Path, as_json: bool) -> None:
    """Print the public key of a key file, which is made if it is not there.

    Whoever has the file can open the backups, and nobody can without it: keep a copy elsewhere.
    """
    made = not file.exists()
    public = keys.new_key_file(file) if made else keys.public_of(file)
    if as_json:
        print_json({"recipient": public, "file": str(file), "made": made})
        return
    click.echo(public)
    if made:
        click.echo(
            f"Made {file}. Keep a copy of it elsewhere: no backup opens without it.", err=True
        )
