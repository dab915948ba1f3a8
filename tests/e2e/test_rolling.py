"""Two pods under constant load: an upgrade and the way back lose no request, no write and no live update."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from chart.charts import Object, Values
from cluster import Cluster
from e2e import before
from e2e.before import Before
from e2e.conftest import Open
from e2e.images import IMAGE
from e2e.place import Place, accepted, secret

LOAD: Final = Path(__file__).parent / "load.py"
TWO: Final[Values] = {"replicas": 2}
SCOPES: Final = ["read", "write", "admin"]


@pytest.fixture(scope="module")
def version_before(
    cluster: Cluster, images: Values, tmp_path_factory: pytest.TempPathFactory
) -> Before:
    return before.make(cluster, tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module")
def outlay(opened: Open, version_before: Before) -> Iterator[Place]:
    with opened("rolling") as place:
        place.install(TWO | {"image": {"tag": "before"}}, chart=version_before.chart)
        place.ready()
        yield place


@dataclass
class Load:
    """What the pod told at its end."""

    written: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)
    last: int = 0


@contextmanager
def loaded(place: Place, ledger: str) -> Iterator[Load]:
    """Load during the block; afterwards `Load` holds what came of it."""
    told = Load()
    place.apply({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "load"},
        "data": {"load.py": LOAD.read_text()},
    }, pod(place, ledger))  # fmt: skip
    place.kubectl("wait", "pod/load", "--for=condition=Ready", "--timeout=120s")
    yield told
    place.kubectl("exec", "load", "--", "python", "-c", "import os; os.kill(1, 15)")
    done = "jsonpath={.status.phase}=Succeeded"
    place.kubectl("wait", "pod/load", f"--for={done}", "--timeout=120s")
    vars(told).update(json.loads(place.kubectl("logs", "load").splitlines()[-1]))


def pod(place: Place, ledger: str) -> Object:
    container = {
        "name": "load",
        "image": IMAGE,
        "imagePullPolicy": "Never",
        "command": ["python", "/load/load.py"],
        "env": [
            {"name": "URL", "value": "http://outlay"},
            {"name": "LEDGER", "value": ledger},
            {"name": "TOKEN_FILE", "value": "/token/token"},
        ],
        "readinessProbe": {
            "exec": {"command": ["test", "-e", "/tmp/steady"]}, "periodSeconds": 1,
        },
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [
            {"name": "load", "mountPath": "/load"}, {"name": "token", "mountPath": "/token"},
        ],
    }  # fmt: skip
    spec = {
        "restartPolicy": "Never",
        "securityContext": {
            "runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [
            {"name": "load", "configMap": {"name": "load"}},
            {"name": "token", "secret": {"secretName": "load"}},
        ],
    }  # fmt: skip
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "load"}, "spec": spec}


def prepared(place: Place) -> str:
    """A ledger for the load, and a Secret with a token for it."""
    with place.api() as api:
        made: dict[str, Any] = accepted(
            api.post("/ledgers", json={"name": "Load", "currency": "EUR"})
        )
        token = accepted(api.post("/tokens", json={"name": "load", "scopes": SCOPES}))
    place.apply(secret("load", {"token": token["secret"]}))
    return str(made["id"])


def images_of(place: Place) -> set[str]:
    return {pod["spec"]["containers"][0]["image"] for pod in place.pods("service")}


def schema_of(place: Place) -> int:
    """The number of the last schema change that the database has seen."""
    return int(place.psql("select max(version) from public.schema_migrations"))


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("", None),
        ("v0.9.0\nv0.10.0\nv0.2.0", "v0.10.0"),
        ("v1.0.0\nv1.1.0\nv0.10.0", "v0.10.0"),
        ("v1.0.0-rc.1\nvNext", None),
    ],
)
def test_the_version_before_is_the_last_release_before_this_one(
    tags: str, found: str | None
) -> None:
    assert before.release_before(tags, "1.0.0") == found


def test_an_upgrade_and_a_rollback_under_load_lose_nothing(
    outlay: Place, version_before: Before
) -> None:
    ledger = prepared(outlay)
    assert schema_of(outlay) == version_before.schema
    passwords = outlay.secret()
    assert images_of(outlay) == {before.IMAGE}
    with loaded(outlay, ledger) as load:
        outlay.install(TWO, "--wait", "--timeout", "5m")
        assert images_of(outlay) == {IMAGE}
        assert schema_of(outlay) == before.number(before.newest())
        outlay.helm("test", "outlay", "--timeout", "3m")
        outlay.helm("rollback", "outlay", "--wait", "--timeout", "5m")
        assert images_of(outlay) == {before.IMAGE}
    assert load.wrong == []
    assert load.missed == []
    # Every follower was sent to another pod at least once an upgrade.
    assert min(load.streams) >= 2
    kept = outlay.psql(f"select count(*) from public.expenses where ledger_id = '{ledger}'")
    assert int(kept) == len(load.written) > 200
    assert load.last >= len(load.written)
    assert outlay.secret() == passwords


def test_both_pods_are_spread_and_guarded(outlay: Place) -> None:
    budget = outlay.get("poddisruptionbudget", "outlay")
    assert budget["status"]["disruptionsAllowed"] == 1
    assert budget["status"]["currentHealthy"] == 2


def test_it_scales_by_its_processor(outlay: Place) -> None:
    outlay.install({"autoscaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 3}})
    outlay.until(
        lambda scaler: any(
            each["type"] == "ScalingActive" and each["status"] == "True"
            for each in scaler.get("status", {}).get("conditions", [])
        ),
        "horizontalpodautoscalers",
    )
    outlay.ready()


def test_uninstalling_keeps_the_volume_and_the_passwords_and_installing_takes_them_up(
    outlay: Place,
) -> None:
    passwords = outlay.secret()
    expenses = outlay.psql("select count(*) from public.expenses")
    notes = outlay.helm("get", "notes", "outlay")
    outlay.helm("uninstall", "outlay", "--wait")
    pods = (
        "pods",
        "--selector",
        "app.kubernetes.io/component!=test,app.kubernetes.io/instance=outlay",
    )
    outlay.kubectl("wait", *pods, "--for=delete", "--timeout=180s")
    assert left(outlay) == {
        "persistentvolumeclaim/data-outlay-postgresql-0", "secret/outlay-passwords",
        "pod/outlay-test",
    }  # fmt: skip
    assert all(name.partition("/")[2] in notes for name in left(outlay))
    outlay.install()
    outlay.ready()
    assert outlay.secret() == passwords
    assert outlay.psql("select count(*) from public.expenses") == expenses
    with outlay.api() as api:
        accepted(api.get("/me"))


# What every namespace has, and what these tests put there.
OTHERS: Final = {
    "configmap/kube-root-ca.crt", "serviceaccount/default", "pod/load", "configmap/load",
    "secret/load",
}  # fmt: skip


def left(place: Place) -> set[str]:
    """Everything that is in the namespace, events and what Kubernetes derives apart."""
    kinds = place.kubectl("api-resources", "--namespaced", "--verbs=list", "--output=name").split()
    kept = [kind for kind in kinds if kind.partition(".")[0] not in {"events", "pods.metrics"}]
    wanted = [kind for kind in kept if "metrics.k8s.io" not in kind]
    found = place.kubectl("get", ",".join(wanted), "--output", "name", "--ignore-not-found").split()
    return {name.replace(".v1.", "/") for name in found} - OTHERS
