"""`python -m outlay.kube.secret NAME KEY...` makes a Secret of random passwords, once.

One that exists stays as it is: no upgrade and no second rendering ever changes a password.
"""

import base64
import os
import secrets
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
import httpx

ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount")
# 32 signs that no font confuses: 5 bits each, 125 in all, and still to be typed by a person.
SIGNS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
GROUPS: Final = 5
# Not app.kubernetes.io/instance: Argo CD takes what has it for its own, and removes what Git lacks.
LABELS: Final = {"app.kubernetes.io/part-of": "outlay", "app.kubernetes.io/created-by": "outlay"}


def password() -> str:
    """Five groups of five signs, as in `k7mqx-...`."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(5)) for _ in range(GROUPS))


def manifest(name: str, keys: Sequence[str]) -> dict[str, Any]:
    """The Secret with a password of its own under every key."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "Opaque",
        "metadata": {"name": name, "labels": LABELS},
        "data": {key: base64.b64encode(password().encode()).decode() for key in keys},
    }


def create(api: httpx.Client, namespace: str, secret: dict[str, Any]) -> str:
    """Make it unless it exists, and say which; raises ClickException when it is refused."""
    name = secret["metadata"]["name"]
    try:
        answer = api.post(f"/api/v1/namespaces/{namespace}/secrets", json=secret)
    except httpx.TransportError as error:
        raise click.ClickException(
            f"The API server cannot be reached ({error}). A NetworkPolicy may be in the way:"
            " networkPolicy.apiServer says where it is"
        ) from error
    match answer.status_code:
        case 201:
            return f"Made the Secret {name}"
        case 409:
            return f"The Secret {name} exists and stays as it is"
        case status:
            raise click.ClickException(
                f"The API server did not make the Secret {name} ({status}): {_message(answer)}"
            )


def in_cluster() -> httpx.Client:
    """A client that speaks to the API server as this pod's service account."""
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
    token = (ACCOUNT / "token").read_text(encoding="ascii").strip()
    return httpx.Client(
        base_url=f"https://{f'[{host}]' if ':' in host else host}:{port}",
        headers={"Authorization": f"Bearer {token}"},
        verify=ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt")),
        timeout=10,
    )


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:200]


@click.command
@click.argument("name")
@click.argument("keys", nargs=-1, required=True)
def main(name: str, keys: tuple[str, ...]) -> None:
    """Make a Secret of random passwords in this pod's namespace, unless it exists."""
    namespace = (ACCOUNT / "namespace").read_text(encoding="ascii").strip()
    with in_cluster() as api:
        click.echo(create(api, namespace, manifest(name, keys)))


if __name__ == "__main__":
    main()
