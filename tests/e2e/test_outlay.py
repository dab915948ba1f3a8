"""One installation: from `helm install` to an expense that outlives its pods, watched all the while."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Browser, expect

from cluster import Failed
from cluster.run import run
from e2e import activity
from e2e.conftest import Open
from e2e.flows import Flows, forbidden, watched
from e2e.pages import signed_in
from e2e.place import Place, accepted, client, eventually, is_ready
from web.offline import WAITS, record, row

Panel = tuple[str, str]
Query = tuple[str, str, str]


@pytest.fixture(scope="module")
def flows(cluster: Any) -> Iterator[Flows]:
    with watched(cluster) as seen:
        yield seen


@pytest.fixture(scope="module")
def outlay(opened: Open, flows: Flows) -> Iterator[Place]:
    with opened("outlay") as place:
        place.install({"backup": {"enabled": True}})
        place.ready()
        yield place


def shown_password(place: Place) -> str:
    """What the command prints that the notes give."""
    notes = place.helm("get", "notes", "outlay")
    found = re.search(r"(kubectl --namespace \S+ get secret .*?'\{\{.*?')\n", notes, re.DOTALL)
    assert found, notes
    environment = place.cluster.environment
    kubectl = place.cluster.tool("kubectl")
    path = {"PATH": f"{kubectl.parent}:{environment['PATH']}"}
    return run("sh", "-c", found[1], environment=environment | path).strip()


async def test_an_expense_outlives_the_service_and_its_database(
    outlay: Place, browser: Browser
) -> None:
    password = shown_password(outlay)
    with outlay.forwarded() as url:
        async with signed_in(browser, url, password) as page:
            await record(page, "12,50", "Coffee at Rossi")
            await expect(row(page, "Coffee at Rossi")).to_contain_text("12.50")
            await expect(page.get_by_text(WAITS)).to_have_count(0)
    before = {pod["metadata"]["uid"] for pod in outlay.get("pods")["items"]}
    both = "app.kubernetes.io/component in (service, postgresql)"
    outlay.kubectl("delete", "pods", "--selector", both)
    outlay.ready()
    pods = [*outlay.pods("service"), *outlay.pods("postgresql")]
    assert len(pods) == 2
    assert not before & {pod["metadata"]["uid"] for pod in pods}
    with outlay.forwarded() as url:
        async with signed_in(browser, url, password) as page:
            await expect(row(page, "Coffee at Rossi")).to_contain_text("12.50")


def test_the_way_back_in_opens_by_a_forwarded_port(outlay: Place) -> None:
    where = ("exec", "deployment/outlay", "--container", "outlay", "--")
    link = outlay.kubectl(*where, "outlay", "sign-in-link").split()[0]
    address, _, token = link.partition("#token=")
    assert address == "http://localhost:8000/sign-in"
    with outlay.forwarded() as url, client(url) as api:
        accepted(api.post("/session/link", json={"token": token}))


def test_helm_test_writes_reads_sums_up_and_deletes(outlay: Place) -> None:
    said = outlay.helm("test", "outlay", "--logs", "--timeout", "3m")
    assert "summed it up" in said
    assert "all of it works" in said
    assert re.search(r"outlay-test-\d+ is verified: \d+ rows", said)
    with outlay.api() as api:
        names = [each["name"] for each in accepted(api.get("/ledgers"))["items"]]
        assert "Check by helm test" not in names


def test_every_pod_is_restricted_and_none_started_again(outlay: Place) -> None:
    warned = outlay.kubectl(
        "label", "namespace", outlay.namespace, "pod-security.kubernetes.io/enforce=restricted",
        "--overwrite", "--dry-run=server",
    )  # fmt: skip
    assert "violate" not in warned
    for pod in outlay.get("pods", "--field-selector", "status.phase=Running")["items"]:
        assert is_ready(pod), pod["metadata"]["name"]
        counts = [each["restartCount"] for each in pod["status"]["containerStatuses"]]
        assert counts == [0] * len(counts), pod["metadata"]["name"]


def test_the_database_is_as_safe_as_the_chart_says(outlay: Place) -> None:
    assert outlay.psql("show data_checksums") == "on"
    assert outlay.psql("show shared_buffers") == "128MB"
    roles = "select rolname from pg_roles where rolsuper or rolcreaterole"
    assert outlay.psql(roles) == "postgres"
    makers = "select rolname from pg_roles where rolcreatedb and not rolsuper"
    assert outlay.psql(makers) == "outlay_restore"
    owners = "select distinct tableowner from pg_tables where schemaname = 'public'"
    assert outlay.psql(owners) == "outlay_owner"
    can = "select has_table_privilege('outlay_service', 'public.expenses', '{}')"
    assert outlay.psql(can.format("insert")) == "t"
    assert outlay.psql(can.format("truncate")) == "f"
    assert outlay.psql("select has_schema_privilege('outlay_service', 'public', 'create')") == "f"
    with pytest.raises(Failed, match="no pg_hba"):
        outlay.in_postgresql("psql", "-h", "127.0.0.1", "-U", "postgres", "-w", "-c", "select 1")


def test_prometheus_scrapes_the_service_the_exporter_and_the_operator(outlay: Place) -> None:
    up = f'sum by (component) (up{{namespace="{outlay.namespace}",release="outlay"}})'

    def scraped() -> bool:
        found = outlay.cluster.query(up)
        return {each["metric"]["component"]: each["value"][1] for each in found} == {
            "service": "1", "exporter": "1", "operator": "1",
        }  # fmt: skip

    eventually(scraped, "the service, the exporter and the operator are scraped", 90)


def test_every_panel_of_every_dashboard_has_data(outlay: Place) -> None:
    boards = outlay.get("configmap", "outlay-dashboards")["data"]
    assert len(boards) == 5
    asked = [
        (json.loads(text)["title"], panel["title"], target["expr"])
        for text in boards.values()
        for panel in json.loads(text)["panels"]
        for target in panel.get("targets", [])
    ]
    with outlay.api() as api:
        with activity.following(api):
            missing = filled(outlay, api, asked, {*WITHOUT, FAILED})
        fail_once(outlay, api)
        missing = filled(outlay, api, missing, set(WITHOUT))
    assert {(board, panel) for board, panel, _ in missing} == set(WITHOUT), "no longer without data"


def filled(place: Place, api: httpx.Client, asked: list[Query], without: set[Panel]) -> list[Query]:
    """Use Outlay until every query has answered once, but those of the panels that may be empty.

    Housekeeping, the kubelet's volumes and the operator have their own time: minutes, at times.
    """
    missing = asked

    def is_filled() -> bool:
        nonlocal missing
        activity.use(api)
        missing = [each for each in missing if not has_data(place, each[2])]
        return all(each[:2] in without for each in missing)

    try:
        eventually(is_filled, "every panel has data", 400)
    except Failed as error:
        raise AssertionError([each for each in missing if each[:2] not in without]) from error
    return missing


FAILED: Final[Panel] = ("Outlay / Service", "Failed by route")
# Panels that show what did not happen here, and why it did not.
WITHOUT: Final[dict[Panel, str]] = {
    ("Outlay / Backups", "Last drill"): "no owner's key was tried",
}


def fail_once(place: Place, api: httpx.Client) -> None:
    """Ask without a database, until one answer is a failure; then let it start again."""
    scale = ("scale", "statefulset/outlay-postgresql")
    place.kubectl(*scale, "--replicas=0")
    eventually(lambda: api.get("/ledgers").is_server_error, "a request that fails", 60)
    place.kubectl(*scale, "--replicas=1")
    place.ready()


def has_data(place: Place, expression: str) -> bool:
    """Whether a query answers with a number; the zero that stands for nothing does not count."""
    (instance,) = place.cluster.query("node_uname_info")
    names = {
        "$namespace": place.namespace,
        "$release": "outlay",
        "$operator": place.namespace,
        "$instance": instance["metric"]["instance"],
        "$__rate_interval": "1m",
    }
    expression = expression.removesuffix(" or vector(0)")
    for name, value in names.items():
        expression = expression.replace(name, value)
    found = place.cluster.query(expression)
    return any(each["value"][1] != "NaN" for each in found)


def test_no_flow_was_seen_that_the_policies_forbid(outlay: Place, flows: Flows) -> None:
    policies = outlay.get("networkpolicies")["items"]
    seen = flows.of(outlay.namespace)
    assert [flow for flow in seen if forbidden(flow, policies)] == []
    # Or nothing was watched.
    spoke = {(flow.source.component, flow.target.component) for flow in seen}
    assert {(source, "postgresql") for source in ("service", "exporter", "backup")} <= spoke
    assert ("test", "service") in spoke
