"""`outlay-operator request`."""

import asyncio
from typing import Any, Final

import click

from outlay_operator import kinds
from outlay_operator.api import Api, ApiException, connected, told
from outlay_operator.cli import place
from outlay_operator.model.base import API_VERSION

_POLL_SECONDS: Final = 2.0
_HOPELESS: Final = frozenset(
    {"ScheduleMissing", "DatabaseUnknown", "ServiceAccountNotAllowed", "NameTaken"}
)


@click.command
@click.argument("name")
@click.option("--schedule", required=True, help="The BackupSchedule whose settings it takes.")
@click.option("--namespace", default="", help="By default the pod's own.")
@click.option("--timeout", "seconds", default=3600.0, show_default=True, help="Seconds to wait.")
def request(name: str, schedule: str, namespace: str, seconds: float) -> None:
    """Make the Backup NAME, unless it is there, and wait until it is verified."""
    try:
        inside = place.namespace(namespace)
        asyncio.run(_request(name, schedule, inside, seconds))
    except ApiException as error:
        raise click.ClickException(f"The API server refused: {told(error)}") from error
    except TimeoutError as error:
        raise click.ClickException(
            f"{name} was not verified within {seconds:.0f} s; kubectl describe backup {name} tells more."
        ) from error


async def _request(name: str, schedule: str, namespace: str, seconds: float) -> None:
    made = {
        "apiVersion": API_VERSION,
        "kind": "Backup",
        "metadata": {"name": name},
        "spec": {"scheduleName": schedule},
    }
    async with connected() as api, asyncio.timeout(seconds):
        new = await api.create(kinds.BACKUPS, namespace, made) is not None
        status = await _ended(api, namespace, name)
    if status["state"] != "Verified":
        reason, message = status.get("reason", ""), status.get("message", "")
        again = (
            ""
            if new
            else f" It was there before: delete it (kubectl delete backup {name}) to try again."
        )
        raise click.ClickException(f"{name} is {status['state']}: {reason}: {message}{again}")
    click.echo(f"{name} is verified: {status.get('rows', 0)} rows, {status.get('bytes', 0)} bytes")


async def _ended(api: Api, namespace: str, name: str) -> dict[str, Any]:
    shown = ""
    while True:
        found = await api.get(kinds.BACKUPS, namespace, name)
        status: dict[str, Any] = (found or {}).get("status") or {}
        state = status.get("state", "")
        if state in {"Verified", "Unverified", "Failed"}:
            return status
        # What a person has to change does not come by waiting.
        if status.get("reason") in _HOPELESS:
            return status
        line = f"{state or 'Asked for'} {status.get('message', '')}".strip()
        if line != shown:
            click.echo(line)
            shown = line
        await asyncio.sleep(_POLL_SECONDS)
