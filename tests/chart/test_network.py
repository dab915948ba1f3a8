"""Who may speak with whom: everything is denied but the flows that are needed."""

from typing import Any

import pytest

from chart.charts import EXAMPLES, Rendered, render

Flow = tuple[str, str, Any]
Labels = dict[str, str]


def component(labels: Labels) -> str:
    return labels["app.kubernetes.io/component"]


def flows(rendered: Rendered) -> set[Flow]:
    """(from, to, port) of what the policies allow between Outlay's own pods."""
    found = set()
    for policy in rendered.all("NetworkPolicy"):
        labels = policy["spec"]["podSelector"]["matchLabels"]
        if "app.kubernetes.io/component" not in labels:
            continue
        for rule in policy["spec"].get("ingress", []):
            found |= {("in", peer_of(p), component(labels), port_of(q)) for p in rule.get("from", [{}]) for q in rule["ports"]}  # fmt: skip
        for rule in policy["spec"].get("egress", []):
            found |= {("out", component(labels), peer_of(p), port_of(q)) for p in rule["to"] for q in rule["ports"]}  # fmt: skip
    return found


def peer_of(peer: dict[str, Any]) -> str:
    if "ipBlock" in peer:
        return peer["ipBlock"]["cidr"]
    labels = peer.get("podSelector", {}).get("matchLabels", {})
    return labels.get("app.kubernetes.io/component") or labels.get("k8s-app") or "anywhere"


def port_of(port: dict[str, Any]) -> str:
    return f"{port['port']}/{port['protocol']}"


def test_everything_is_denied_that_is_not_named() -> None:
    denied = render().one("NetworkPolicy", "outlay-deny")["spec"]
    assert denied["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in denied
    assert "egress" not in denied
    assert set(denied["podSelector"]["matchLabels"]) == {
        "app.kubernetes.io/name", "app.kubernetes.io/instance",
    }  # fmt: skip


def test_these_are_the_flows_and_no_others() -> None:
    everything = {"metrics": {"exporter": {"enabled": True}}, "backup": {"enabled": True}}
    assert flows(render(everything)) == {
        ("in", "anywhere", "service", "http/TCP"),
        ("in", "anywhere", "service", "management/TCP"),
        ("out", "service", "kube-dns", "53/UDP"),
        ("out", "service", "kube-dns", "53/TCP"),
        ("out", "service", "postgresql", "postgresql/TCP"),
        ("in", "service", "postgresql", "postgresql/TCP"),
        ("in", "exporter", "postgresql", "postgresql/TCP"),
        ("in", "anywhere", "exporter", "metrics/TCP"),
        ("out", "exporter", "kube-dns", "53/UDP"),
        ("out", "exporter", "kube-dns", "53/TCP"),
        ("out", "exporter", "postgresql", "postgresql/TCP"),
        ("in", "anywhere", "operator", "management/TCP"),
        ("out", "operator", "kube-dns", "53/UDP"),
        ("out", "operator", "kube-dns", "53/TCP"),
        *(
            ("out", client, "0.0.0.0/0", port)
            for client in ("secret", "operator", "key", "crds", "request")
            for port in ("443/TCP", "6443/TCP")
        ),
        *(
            flow
            for job in ("backup", "restore")
            for flow in (
                ("in", job, "postgresql", "postgresql/TCP"),
                ("out", job, "postgresql", "postgresql/TCP"),
                ("out", job, "kube-dns", "53/UDP"),
                ("out", job, "kube-dns", "53/TCP"),
                ("out", job, "0.0.0.0/0", "443/TCP"),
            )
        ),
        ("out", "test", "kube-dns", "53/UDP"),
        ("out", "test", "kube-dns", "53/TCP"),
        ("out", "test", "service", "http/TCP"),
    }


def test_an_external_database_is_reached_where_it_is() -> None:
    found = flows(render(None, *[path for path in EXAMPLES if "external" in path.stem]))
    assert ("out", "service", "10.20.0.0/16", "5432/TCP") in found
    assert not {flow for flow in found if "postgresql" in flow}
    assert not {flow for flow in found if flow[1] == "secret"}


def test_backups_go_where_and_by_which_port_the_values_say() -> None:
    inside = {"networkPolicy": {"backup": {"cidrs": ["10.9.0.0/16"], "ports": [9000, 5432]}}}
    for job in ("backup", "restore"):
        found = {flow[2:] for flow in flows(render(inside)) if flow[:2] == ("out", job)}
        assert {("10.9.0.0/16", "9000/TCP"), ("10.9.0.0/16", "5432/TCP")} <= found
        assert not {flow for flow in found if flow[0] == "0.0.0.0/0"}
    nowhere = flows(render({"networkPolicy": {"backup": {"ports": []}}}))
    assert not {flow for flow in nowhere if flow[1] == "backup" and flow[2] == "0.0.0.0/0"}


def test_without_the_operator_nothing_of_it_is_let_in_or_out() -> None:
    found = flows(render({"operator": {"enabled": False}}))
    parts = {"operator", "backup", "restore", "key", "crds", "request"}
    assert not {flow for flow in found if parts & set(flow[:3])}


def test_who_may_come_in_can_be_narrowed() -> None:
    ingress = [{"namespaceSelector": {"matchLabels": {"name": "ingress"}}}]
    watching = [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}]
    policy = render({"networkPolicy": {"from": ingress, "metricsFrom": watching}}).one(
        "NetworkPolicy", "outlay-service"
    )
    assert [rule["from"] for rule in policy["spec"]["ingress"]] == [ingress, watching]


def test_ports_are_those_of_the_containers() -> None:
    rendered = render({"metrics": {"exporter": {"enabled": True}}})
    named = {
        port["name"]
        for _, pod in rendered.pods()
        for container in pod["spec"]["containers"]
        for port in container.get("ports", [])
    }
    for flow in flows(rendered):
        port = flow[3].split("/")[0]
        assert port in named or port.isdigit(), flow


@pytest.mark.parametrize("enabled", [True, False])
def test_a_cluster_without_policies_can_do_without(enabled: bool) -> None:
    assert render({"networkPolicy": {"enabled": enabled}}).has("NetworkPolicy") == enabled
