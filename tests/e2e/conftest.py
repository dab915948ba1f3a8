"""A cluster, the images built from this tree, and a namespace a scenario."""

import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from playwright.async_api import Browser, async_playwright

from chart.charts import CHART
from cluster import Cluster, Failed
from cluster.kind import Given
from cluster.places import alone
from e2e.images import build
from e2e.place import Place
from e2e.stores import ObjectStore, start
from web.site import launch

RESTRICTED: Final = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
}

Open = Callable[[str], AbstractContextManager[Place]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Others may still use it when this process ends: `make e2e` starts and stops it.
        made.way.up()
        yield made
    else:
        with made:
            yield made


@pytest.fixture(scope="session")
def images(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Values that name the images, where they are not those of values.yaml."""
    if isinstance(cluster.way, Given):
        named = os.environ.get("OUTLAY_E2E_IMAGES")
        if not named:
            pytest.fail(
                "KUBECONFIG names a cluster: name the images, too: OUTLAY_E2E_IMAGES=values.yaml"
            )
        return yaml.safe_load(Path(named).read_text())
    run = tmp_path_factory.getbasetemp()
    with alone("e2e"):
        built = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "images-are-built"
        if not built.exists():
            build(cluster)
            built.touch()
    return {} if cluster.way.local_images else published()


def published() -> dict[str, Any]:
    """PostgreSQL's and the exporter's images as the chart has them."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    exporter = {"image": values["metrics"]["exporter"]["image"]}
    return {
        "postgresql": {"image": values["postgresql"]["image"]},
        "metrics": {"exporter": exporter},
    }


@pytest.fixture(scope="session")
def opened(cluster: Cluster, images: dict[str, Any]) -> Open:
    """Opens a namespace of that name for a `with` block."""

    @contextmanager
    def open_one(name: str) -> Iterator[Place]:
        namespace = f"e2e-{name}-{secrets.token_hex(2)}"
        cluster.kubectl("create", "namespace", namespace)
        labels = [f"{key}={value}" for key, value in RESTRICTED.items()]
        cluster.kubectl("label", "namespace", namespace, *labels)
        try:
            yield Place(cluster, namespace, images)
        finally:
            cluster.kubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")

    return open_one


@pytest.fixture(scope="module")
def store(opened: Open) -> Iterator[ObjectStore]:
    """An object store of the file's own, in a namespace of its own."""
    with opened("store") as place:
        yield start(place)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        made = await launch(playwright)
        yield made
        await made.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """What the namespaces of a failed test look like goes into its report."""
    report = yield
    if report.failed:
        for each in getattr(item, "funcargs", {}).values():
            if isinstance(each, Place):
                report.sections.append((f"namespace {each.namespace}", told_by(each)))
    return report


LOOKED_AT: Final = (
    ("get", "all,pvc", "--output", "wide"),
    ("get", "events", "--sort-by", ".lastTimestamp"),
    ("describe", "pods"),
)


def told_by(place: Place) -> str:
    """The namespace's objects, events and logs."""
    pods = asked(place, "get", "pods", "--output", "name").split()
    logs = [("logs", pod, "--all-containers", "--tail", "40", "--prefix") for pod in pods]
    return "\n".join(asked(place, *command) for command in (*LOOKED_AT, *logs))


def asked(place: Place, *command: str) -> str:
    try:
        return place.kubectl(*command)
    except Failed as error:
        return str(error)
