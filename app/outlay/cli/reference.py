"""Writes docs/cli.md from the commands themselves: `python -m outlay.cli.reference`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from outlay.cli.errors import EXIT_CODES
from outlay.cli.main import cli

PLACE: Final = Path("docs/cli.md")
_INTRODUCTION: Final = """\
<!-- Written by `python -m outlay.cli.reference`; a test fails when it is out of date. -->
# The command line

`outlay` starts the service and is a client of it. As a client it talks to the service named by
`--url` or `OUTLAY_URL`, with the token in `OUTLAY_TOKEN` or in the file that `OUTLAY_TOKEN_FILE`
names; a token is never given on the command line, where other people of the machine could read it.
Without an address it uses the service that runs on this machine: `outlay serve` with its own
database leaves its address and a token in `client.json` in the data folder, readable by its owner
only, and takes it away when it stops.

Results go to stdout; questions, progress and errors to stderr. `--json` prints what the API
answered and nothing else, a refusal included. Tables fit the terminal; without one (or with
`NO_COLOR`) they are plain text. Every run has an id that is shown with errors and begins the
request ids in the service's log.

Amounts take either decimal mark and sums (`12,50+3*2`). Dates are `2026-11-02`, `today`,
`yesterday`, a weekday or `3d` for three days ago; periods are `this-month`, `last-month`,
`this-week`, `last-week`, `this-year`, `last-year`, `2026-03`, `2026`, a date, `from..to` or `all`,
all in the ledger's own calendar.

## Exit codes
"""


def reference() -> str:
    """Return the whole page."""
    codes = "".join(f"| {code} | {text} |\n" for code, text in EXIT_CODES.items())
    head = f"{_INTRODUCTION}\n| code | meaning |\n|---|---|\n{codes}\n## Commands\n"
    return head + "".join(_sections(cli, click.Context(cli, info_name="outlay")))


def _sections(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            raise AssertionError(name)
        inner = click.Context(
            command, info_name=name, parent=context, terminal_width=88, max_content_width=88
        )
        yield f"\n### {inner.command_path}\n\n```text\n{command.get_help(inner)}\n```\n"
        if isinstance(command, click.Group):
            yield from _sections(command, inner)


if __name__ == "__main__":
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(reference(), encoding="utf-8")
