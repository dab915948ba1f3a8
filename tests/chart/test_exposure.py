"""How people reach it."""

import pytest

from chart.charts import EXAMPLES, Values, env_of, render


def env(values: Values) -> dict[str, str]:
    spec = render(values).one("Deployment")["spec"]["template"]["spec"]
    return env_of(spec["containers"][0])


INGRESS: Values = {"ingress": {"enabled": True, "hosts": ["outlay.example.org"]}}
TLS: Values = {"ingress": {**INGRESS["ingress"], "tls": [{"secretName": "t", "hosts": ["outlay.example.org"]}]}}  # fmt: skip
ROUTE: Values = {
    "httpRoute": {
        "enabled": True,
        "parentRefs": [{"name": "main", "namespace": "gateways"}],
        "hostnames": ["outlay.example.org"],
    }
}


def test_by_default_it_is_reached_inside_the_cluster_only() -> None:
    rendered = render()
    assert rendered.one("Service")["spec"]["type"] == "ClusterIP"
    assert not rendered.has("Ingress")
    assert not rendered.has("HTTPRoute")
    assert "OUTLAY_PUBLIC_URL" not in env({})


@pytest.mark.parametrize(
    ("values", "address"),
    [
        (INGRESS, "http://outlay.example.org"),
        (TLS, "https://outlay.example.org"),
        (ROUTE, "https://outlay.example.org"),
        ({**TLS, "publicUrl": "https://home.example.org/money/"}, "https://home.example.org/money"),
    ],
)
def test_the_service_knows_the_address_that_people_use(values: Values, address: str) -> None:
    assert env(values)["OUTLAY_PUBLIC_URL"] == address
    assert "outlay.example.org" in env(values)["OUTLAY_ALLOWED_HOSTS"].split(",")


def test_it_answers_to_the_names_of_its_own_service() -> None:
    hosts = env({"allowedHosts": ["outlay.lan"]})["OUTLAY_ALLOWED_HOSTS"].split(",")
    assert hosts == [
        "outlay", "outlay.money", "outlay.money.svc", "outlay.money.svc.cluster.local", "outlay.lan",
    ]  # fmt: skip


def test_the_path_of_the_address_is_the_path_of_the_ingress_and_of_the_route() -> None:
    public = {"publicUrl": "https://outlay.example.org/money"}
    (rule,) = render(TLS | public).one("Ingress")["spec"]["rules"]
    assert rule["http"]["paths"][0]["path"] == "/money"
    (match,) = render(ROUTE | public).one("HTTPRoute")["spec"]["rules"][0]["matches"]
    assert match["path"] == {"type": "PathPrefix", "value": "/money"}
    (plain,) = render(INGRESS).one("Ingress")["spec"]["rules"]
    assert plain["http"]["paths"][0]["path"] == "/"


def test_an_ingress_has_the_class_annotations_and_certificates_that_are_asked_for() -> None:
    given = {**TLS["ingress"], "className": "nginx", "annotations": {"a": "b"}}
    ingress = render({"ingress": given}).one("Ingress")
    assert ingress["spec"]["ingressClassName"] == "nginx"
    assert ingress["metadata"]["annotations"] == {"a": "b"}
    assert ingress["spec"]["tls"] == [{"secretName": "t", "hosts": ["outlay.example.org"]}]


def test_a_route_names_its_gateway_and_leads_to_the_service() -> None:
    spec = render(ROUTE).one("HTTPRoute")["spec"]
    assert spec["parentRefs"] == [{"name": "main", "namespace": "gateways"}]
    assert spec["rules"][0]["backendRefs"] == [{"name": "outlay", "port": 80}]


def test_only_named_proxies_are_believed() -> None:
    assert "OUTLAY_TRUSTED_PROXIES" not in env(TLS)
    named = env({**TLS, "trustedProxies": ["10.244.0.0/16", "fd00::/8"]})
    assert named["OUTLAY_TRUSTED_PROXIES"] == "10.244.0.0/16,fd00::/8"


def test_names_follow_the_release_and_can_be_chosen() -> None:
    def name(release: str, **values: str) -> str:
        (service,) = [
            each["metadata"]["name"]
            for each in render(values, name=release).all("Deployment")
            if each["metadata"]["labels"]["app.kubernetes.io/component"] == "service"
        ]
        return service

    assert name("outlay") == "outlay"
    assert name("home") == "home-outlay"
    assert name("home", nameOverride="money") == "home-money"
    assert name("home", fullnameOverride="money") == "money"
    assert len(name("h" * 53)) == 40


def test_two_releases_share_a_namespace_without_a_clash() -> None:
    for values in EXAMPLES:
        one, two = (
            {(o["kind"], o["metadata"]["name"]) for o in render(None, values, name=n).objects}
            for n in ("outlay", "outlay-two")
        )
        assert not one & two
