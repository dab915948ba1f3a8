"""`outlay-operator key`."""

import asyncio

import click
import pyrage

from outlay_operator import kinds
from outlay_operator.api import ApiException, connected, told
from outlay_operator.cli import place


@click.command
@click.argument("name")
@click.option("--namespace", default="", help="By default the pod's own.")
def key(name: str, namespace: str) -> None:
    """Make the Secret NAME with an age key, unless it is there: `identity` opens backups, `recipient` closes them."""
    try:
        made = asyncio.run(_make(name, place.namespace(namespace)))
    except ApiException as error:
        raise click.ClickException(f"The Secret {name} could not be made: {told(error)}") from error
    click.echo(f"The Secret {name} is made" if made else f"The Secret {name} was there")


async def _make(name: str, namespace: str) -> bool:
    identity = pyrage.x25519.Identity.generate()
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/part-of": "outlay"}},
        "stringData": {"identity": f"{identity}\n", "recipient": f"{identity.to_public()}\n"},
    }
    async with connected() as api:
        return await api.create(kinds.SECRETS, namespace, secret) is not None
