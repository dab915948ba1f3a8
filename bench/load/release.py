"""The release under load: installed from this tree, reached by its node port, asked by SQL."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from cluster import Cluster
from cluster.addresses import NODE
from cluster.images import BASE, POSTGRES

ROOT: Final = Path(__file__).parents[2]
SPACE: Final = "outlay-load"
IMAGE: Final = "localhost/outlay"
PORT: Final = 30080
URL: Final = f"http://{NODE}:{PORT}"
EMAIL: Final = "admin@example.org"
LEDGERS: Final = 50


def values(replicas: int) -> dict[str, object]:
    """Values for the local cluster; the load keeps no volume."""
    repository, _, tag = POSTGRES.partition(":")
    return {
        "image": {"repository": IMAGE, "tag": "load", "pullPolicy": "Never"},
        "replicas": replicas,
        "operator": {"enabled": False},
        "allowedHosts": [NODE],
        "service": {"type": "NodePort", "nodePort": PORT},
        "postgresql": {
            "image": {"repository": repository, "tag": tag, "pullPolicy": "Never"},
            "persistence": {"size": "1Gi", "whenDeleted": "Delete"},
        },
    }


@contextmanager
def installed(
    cluster: Cluster, replicas: int, folder: Path, more: dict[str, object] | None = None
) -> Iterator[None]:
    """The chart with so many pods and `more` values, in a namespace of its own that goes with it."""
    cluster.build_image(f"{IMAGE}:load", ROOT, {"BASE": BASE}, target="app")
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE, "labels": labels}}
    cluster.kubectl("apply", "--filename", "-", given=json.dumps(space))
    given = folder / "values.json"
    given.write_text(json.dumps(values(replicas) | (more or {})))
    try:
        cluster.helm("install", "outlay", str(ROOT / "helm/outlay"), "--namespace", SPACE,
                     "--values", str(given), "--wait", "--timeout", "5m")  # fmt: skip
        yield
    finally:
        cluster.kubectl("delete", "namespace", SPACE, "--wait", "--timeout=3m")


def token_and_ledgers(cluster: Cluster) -> tuple[str, list[str]]:
    """An API token of the administrator's, and ledgers that it may use."""
    secret = cluster.get("secret", "outlay-passwords", "--namespace", SPACE)
    password = base64.b64decode(secret["data"]["admin-password"]).decode()
    with httpx.Client(base_url=f"{URL}/api/v1", headers={"Origin": URL}, timeout=30) as api:
        api.post("/session", json={"email": EMAIL, "password": password}).raise_for_status()
        wanted = {"name": "load", "scopes": ["read", "write"]}
        made = api.post("/tokens", json=wanted).raise_for_status().json()
        ledgers = [
            api.post("/ledgers", json={"name": f"Load {n}", "currency": "EUR"})
            .raise_for_status()
            .json()["id"]
            for n in range(LEDGERS)
        ]
    return made["secret"], ledgers


def kept(cluster: Cluster) -> tuple[int, int]:
    """What the database holds afterwards: created rows, and those of them that were changed."""
    asked = (
        "select count(*) || ' ' || count(*) filter (where note = 'changed')"
        " from public.expenses where description like 'load %'"
    )
    command = ("psql", "--dbname=outlay", "--tuples-only", "--no-align", f"--command={asked}")
    told = cluster.kubectl("exec", "--namespace", SPACE, "outlay-postgresql-0",
                           "--container", "postgresql", "--", *command)  # fmt: skip
    created, changed = told.split()
    return int(created), int(changed)
