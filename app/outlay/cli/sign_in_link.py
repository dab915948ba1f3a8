"""`outlay sign-in-link`."""

import asyncio
from typing import Any

import click

from outlay.cli.errors import NotFoundError
from outlay.cli.flags import read, settings_flags
from outlay.cli.local_errors import told
from outlay.cli.output import json_option, note, print_json
from outlay.embedded.folder import default_dir
from outlay.server.clientfile import NAME, read_client
from outlay.server.links import NobodyError, sign_in_url
from outlay.settings import Settings


@click.command("sign-in-link")
@click.option("--email", metavar="ADDRESS", help="Whom to sign in; the first administrator else.")
@json_option
@settings_flags("database_url", "database_password_file", "data_dir", "public_url", "host", "port")
def sign_in_link(email: str | None, as_json: bool, **flags: Any) -> None:
    """Print a link that signs its reader in once, within ten minutes.

    For whoever can reach the service's database: the account that started a service with its own
    PostgreSQL, or who has the address of another. It is the way back in for an administrator.
    """
    settings = read(flags)
    with told():
        try:
            url = asyncio.run(sign_in_url(settings, _base(settings), email))
        except NobodyError as error:
            raise NotFoundError(str(error)) from error
    if as_json:
        print_json({"url": url})
        return
    click.echo(url)
    note("It works once, and for ten minutes.")


def _base(settings: Settings) -> str:
    """Return the address that the person's browser opens."""
    if settings.public_url is not None:
        return settings.public_url
    local = read_client((settings.data_dir or default_dir()) / NAME)
    if local is not None and settings.database_url is None:
        return local.url
    # An address that listens everywhere is nobody's: a browser comes by a forwarded port then.
    host = "localhost" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    return f"http://{host}:{settings.port}"
