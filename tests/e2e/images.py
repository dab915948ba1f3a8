"""The images that are built from this tree, and the one that the tests store in."""

from typing import Final

import yaml

from chart.charts import CHART, ROOT, Values, merged
from cluster import Cluster
from cluster.images import BASE, POSTGRES
from cluster.places import RECIPES
from e2e.place import VALUES

IMAGE: Final = "localhost/outlay:e2e"
OPERATOR: Final = "localhost/outlay-operator:e2e"
OBJECT_STORE: Final = "localhost/object-store:1"
_POSTGRES_16: Final = "localhost/postgres-16:1"
_PYTHON: Final = "docker.io/library/python:3.13-slim-bookworm"
# Debian has one major and a wheel another; of 17 there is none without a registry.
_PROGRAMS: Final = {
    "POSTGRES_16": _POSTGRES_16,
    "POSTGRES_17": POSTGRES,
    "POSTGRES_18": POSTGRES,
    "MAJORS": "16 18",
}


def named(images: Values, part: str) -> str:
    """The image of a part of the chart, where `images` are values on top of those of these tests."""
    files = (CHART / "values.yaml", VALUES)
    values = [yaml.safe_load(file.read_text()) for file in files]
    image = merged(merged(*values), images)[part]["image"]
    end = f"@{image['digest']}" if image.get("digest") else f":{image['tag']}"
    return f"{image['repository']}{end}"


def majors(cluster: Cluster) -> tuple[str, ...]:
    """The majors of PostgreSQL whose programs the operator's image has."""
    return ("16", "18") if cluster.way.local_images else ("16", "17", "18")


def build(cluster: Cluster) -> None:
    """Build and load all of them."""
    for one in (_service, _operator, _object_store):
        one(cluster)


def _service(cluster: Cluster) -> None:
    cluster.build_image(IMAGE, ROOT, base(cluster), target="app")


def _operator(cluster: Cluster) -> None:
    given: dict[str, str] = {}
    if cluster.way.local_images:
        cluster.way.build(_POSTGRES_16, RECIPES / "postgres-16", {"BASE": BASE}, "")
        given = base(cluster) | _PROGRAMS
    cluster.build_image(OPERATOR, ROOT, given, target="operator")


def _object_store(cluster: Cluster) -> None:
    given = base(cluster) or {"BASE": _PYTHON}
    cluster.build_image(OBJECT_STORE, RECIPES / "object-store", given)


def base(cluster: Cluster) -> dict[str, str]:
    """The build argument that says what the images of the project are built on."""
    return {"BASE": BASE} if cluster.way.local_images else {}
