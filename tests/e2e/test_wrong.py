"""What can be wrong around Outlay: it is said in one sentence, and mends itself when it is mended."""

import secrets
from collections.abc import Iterator

import pytest

from chart.charts import Values
from cluster import Failed
from e2e.conftest import Open
from e2e.place import Place, accepted, eventually, selector

PASSWORDS = ("owner", "service", "exporter", "backup")
# Nobody is there to be let go; the exporter has its own tests.
SMALL: Values = {"drainSeconds": 0, "metrics": {"exporter": {"enabled": False}}}


@pytest.fixture
def outlay(opened: Open, request: pytest.FixtureRequest) -> Iterator[Place]:
    with opened("wrong") as place:
        yield place


def test_a_value_that_is_none_is_refused_with_its_key(outlay: Place) -> None:
    with pytest.raises(Failed) as refused:
        outlay.install({"service": {"type": "Door"}})
    assert "service" in str(refused.value)
    assert "'ClusterIP', 'NodePort', 'LoadBalancer'" in str(refused.value)
    with pytest.raises(Failed, match="replicaCount: there is no such value; use replicas"):
        outlay.install({"replicaCount": 2})
    assert outlay.helm("list", "--short").strip() == ""


def test_a_missing_secret_is_named_and_taken_up_once_it_is_there(outlay: Place) -> None:
    named = {"admin": {"existingSecret": "first"}, "postgresql": {"existingSecret": "mine"}}
    outlay.install(SMALL | named)
    said = outlay.until_told("service", "cannot be read from /etc/outlay/owner/mine/owner-password")
    assert "in Kubernetes it is the key owner-password of the Secret mine" in said
    eventually(lambda: "The Secret mine has no owner-password" in roles(outlay), "roles says it")
    outlay.make_secret("mine", **{f"{role}_password": secrets.token_hex(8) for role in PASSWORDS})
    said = outlay.until_told("service", "first/admin-password cannot be read")
    assert "In Kubernetes it is the key admin-password of the Secret first" in said
    password = secrets.token_hex(16)
    outlay.make_secret("first", admin_password=password)
    outlay.ready()
    with outlay.api(password) as api:
        accepted(api.get("/me"))


def roles(place: Place) -> str:
    try:
        return place.kubectl("logs", "outlay-postgresql-0", "--container", "roles")
    except Failed:
        return ""


def test_a_volume_that_cannot_be_had_is_said_and_taken_once_it_can(outlay: Place) -> None:
    name = f"late-{outlay.namespace}"
    persistence = {"postgresql": {"persistence": {"storageClass": name}}}
    outlay.install(SMALL | persistence)
    pod = outlay.until(
        lambda pod: any(
            each["type"] == "PodScheduled" and each["status"] == "False"
            for each in pod["status"].get("conditions", [])
        ),
        "pods", "--selector", selector("postgresql"),
    )  # fmt: skip
    (said,) = [each["message"] for each in pod["status"]["conditions"] if "message" in each]
    assert "unbound" in said or "storageclass" in said, said
    (usual,) = [
        each
        for each in outlay.cluster.get("storageclasses")["items"]
        if each["metadata"]
        .get("annotations", {})
        .get("storageclass.kubernetes.io/is-default-class")
    ]
    annotations = usual["metadata"]["annotations"]
    kept = {key: value for key, value in annotations.items() if "kubernetes.io" not in key}
    metadata = {"name": name, "annotations": kept}
    try:
        outlay.apply(usual | {"metadata": metadata})
        outlay.ready()
    finally:
        outlay.kubectl("delete", "storageclass", name, "--ignore-not-found")


def test_a_schema_that_is_too_new_is_said_and_the_pod_goes_on_once_it_fits(outlay: Place) -> None:
    outlay.install(SMALL)
    outlay.ready()
    outlay.psql(
        "insert into public.schema_migrations (version, name, phase, serves, applied_by)"
        " values (9999, 'later', 'post', '9.0.0', '9.0.0')"
    )
    outlay.kubectl("delete", "pods", "--selector", selector("service"))
    said = outlay.until_told("service", "The database's schema needs Outlay 9.0.0 or later")
    assert "this is 0.1.0" in said
    outlay.psql("delete from public.schema_migrations where version = 9999")
    outlay.ready()
