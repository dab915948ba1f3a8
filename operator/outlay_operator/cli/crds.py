"""`outlay-operator crds`."""

import asyncio

import click

from outlay_operator import kinds
from outlay_operator.api import ApiException, connected, told
from outlay_operator.crds.definitions import ALL, OWN_VERSION, definition, newer_than
from outlay_operator.crds.text import text


@click.command
@click.option("--apply", is_flag=True, help="Bring those of the cluster to this version.")
def crds(apply: bool) -> None:
    """Print the custom resources' definitions, or apply them: Helm installs them once and never again.

    Those of a newer version stay: another installation in the cluster brought them, and uses them.
    """
    if not apply:
        click.echo("---\n".join(text(resource) for resource in ALL), nl=False)
        return
    try:
        asyncio.run(_apply())
    except ApiException as error:
        raise click.ClickException(
            f"The definitions could not be applied: {told(error)}"
        ) from error


async def _apply() -> None:
    async with connected() as api:
        for resource in ALL:
            there = await api.get(kinds.DEFINITIONS, None, resource.name)
            if newer := newer_than(OWN_VERSION, there):
                click.echo(
                    f"{resource.name} stays of version {newer}, which is newer than {OWN_VERSION}"
                )
                continue
            await api.apply(kinds.DEFINITIONS, None, definition(resource))
            click.echo(f"{resource.name} is of version {OWN_VERSION}")
