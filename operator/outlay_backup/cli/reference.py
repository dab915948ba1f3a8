"""Writes docs/backups/program.md from the commands: `python -m outlay_backup.cli.reference`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from outlay_backup import errors
from outlay_backup.cli.main import cli

PLACE: Final = Path("docs/backups/program.md")
_HEAD: Final = """\
<!-- Written by `python -m outlay_backup.cli.reference`; a test fails when it is out of date. -->
# The backup program

`outlay-backup` runs inside a backup Job and behind `outlay backup`. It needs the database's address in
`OUTLAY_DATABASE_URL` (direct, not through a pooler; a password in a file by
`OUTLAY_DATABASE_PASSWORD_FILE`), a place to store and public keys.
Results go to stdout, progress and errors to stderr. Exit codes are those of [`outlay`](../cli.md).

`--result-file` gets the result as JSON of at most 3 KiB, whatever happened: in Kubernetes the termination
message. It also lies in the store as `result.json`; `list --json --results` reads it from there, and `show`
tells what became of a run that left none.

Everything that a Job needs is also an environment variable; flags take `true` and `false`.

## Reasons

A failure has a `reason` that does not change between versions:

| reason | exit code | means |
|---|---|---|
"""


def reference() -> str:
    """Return the whole page."""
    kinds = [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.BackupError)
    ]
    rows = "".join(f"| `{kind.reason}` | {kind.exit_code} | {_meaning(kind)} |\n" for kind in kinds)
    return _HEAD + rows + "\n## Commands\n" + "".join(_sections())


def _meaning(kind: type[errors.BackupError]) -> str:
    return " ".join((kind.__doc__ or "").split()).rstrip(".")


def _sections() -> Iterator[str]:
    context = click.Context(cli, info_name="outlay-backup")
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is None:
            raise AssertionError(name)
        inner = click.Context(
            command, info_name=name, parent=context, terminal_width=88, max_content_width=88
        )
        yield f"\n### {inner.command_path}\n\n```text\n{command.get_help(inner)}\n```\n"


if __name__ == "__main__":
    PLACE.write_text(reference(), encoding="utf-8")
