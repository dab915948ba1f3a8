"""`outlay migrate`."""

import asyncio
from typing import Any

import click

from outlay import logs
from outlay.cli.errors import CommandError
from outlay.cli.flags import DATABASE, read, settings_flags
from outlay.cli.local_errors import told
from outlay.cli.output import counted, json_option, print_json
from outlay.migrations.runner import Migration
from outlay.server.begin import Begun, begin
from outlay.server.database import address, pending, prepare
from outlay.settings import Settings


@click.command
@click.option("--check", is_flag=True, help="Only tell; exit 1 when a change is missing.")
@json_option
@settings_flags(*DATABASE, "log_level", "log_format")
def migrate(check: bool, as_json: bool, **flags: Any) -> None:
    """Bring the database's schema up to date.

    Safe to run at any time and from several machines: one does the work, the others wait for it.
    Needs a direct connection, not one through a pooler.
    """
    settings = read(flags)
    logs.configure(settings)
    with told(), begin(settings) as begun:
        changes = asyncio.run(_changes(settings, begun, check))
    _tell(changes, check, as_json)
    if check and changes:
        raise CommandError("Run `outlay migrate`")


async def _changes(settings: Settings, begun: Begun | None, check: bool) -> list[Migration]:
    dsn = await address(settings, begun)
    if check:
        return await pending(settings, dsn)
    return await prepare(settings, dsn, may_migrate=True)


def _tell(changes: list[Migration], check: bool, as_json: bool) -> None:
    if as_json:
        print_json([{"version": m.version, "name": m.name, "why": m.why} for m in changes])
        return
    for change in changes:
        click.echo(f"{change.version:04d}  {change.why}")
    if not changes:
        click.echo("The schema is up to date")
    else:
        click.echo(f"{counted(len(changes), 'schema change')} {'missing' if check else 'made'}")
