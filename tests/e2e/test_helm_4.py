"""Helm 4, which applies on the server: a release from a registry, and one that Helm 3 began."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chart.charts import Values
from cluster import Cluster
from e2e.conftest import Open
from e2e.place import Place
from e2e.registry import published

WAIT = ("--wait", "--timeout", "5m")
SCALED: Values = {
    "autoscaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 2},
    "podAnnotations": {"example.org/round": "two"},
}


@pytest.fixture(scope="module")
def outlay(
    opened: Open, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with opened("helm-4") as place, published(cluster, tmp_path_factory.mktemp("charts")) as chart:
        four = replace(place, helm_program="helm-4")
        four.install(None, *WAIT, "--plain-http", chart=chart)
        yield four


def rounds(place: Place) -> set[str | None]:
    """What the annotation of the service's pods says."""
    return {
        pod["metadata"].get("annotations", {}).get("example.org/round")
        for pod in place.pods("service")
    }


def status(place: Place) -> str:
    (release,) = [
        line for line in place.helm("status", "outlay").splitlines() if line.startswith("STATUS")
    ]
    return release.partition(" ")[2]


def test_it_installs_upgrades_and_rolls_back(outlay: Place) -> None:
    assert "succeeded" in outlay.helm("test", "outlay", "--timeout", "3m").lower()
    passwords = outlay.secret()
    outlay.install(SCALED, *WAIT)
    assert rounds(outlay) == {"two"}
    outlay.until(
        lambda deployment: deployment.get("status", {}).get("readyReplicas") == 2,
        "deployments", "--field-selector", "metadata.name=outlay",
    )  # fmt: skip
    outlay.helm("rollback", "outlay", *WAIT)
    assert rounds(outlay) == {None}
    assert status(outlay) == "deployed"
    assert outlay.secret() == passwords


def test_it_uninstalls_and_takes_up_what_was_kept(outlay: Place) -> None:
    passwords = outlay.secret()
    ledgers = outlay.psql("select count(*) from public.ledgers")
    outlay.helm("uninstall", "outlay", *WAIT)
    outlay.install(None, *WAIT)
    assert outlay.secret() == passwords
    assert outlay.psql("select count(*) from public.ledgers") == ledgers != "0"


def test_it_goes_on_with_what_helm_3_began(opened: Open) -> None:
    with opened("helm-3") as three:
        three.install(None, *WAIT)
        passwords = three.secret()
        four = replace(three, helm_program="helm-4")
        four.install(SCALED, *WAIT)
        assert rounds(four) == {"two"}
        four.helm("rollback", "outlay", *WAIT)
        assert rounds(four) == {None}
        assert status(four) == "deployed"
        assert four.secret() == passwords
