"""What Prometheus and Grafana are given."""

import json

from chart.charts import CHART, Object, env_of, render

ALL = {
    "metrics": {
        "serviceMonitor": {"enabled": True, "namespace": "monitoring", "labels": {"release": "kps"}},
        "prometheusRule": {"enabled": True, "namespace": "monitoring", "labels": {"release": "kps"},
                           "runbookUrl": "https://wiki.example.org/outlay/"},
        "dashboards": {"enabled": True, "namespace": "grafana"},
        "exporter": {"enabled": True},
    }
}  # fmt: skip


def test_everything_is_opt_in() -> None:
    rendered = render()
    assert not {"ServiceMonitor", "PrometheusRule"} & {each["kind"] for each in rendered.objects}
    assert "prometheus.io" not in rendered.text
    assert "exporter" not in {
        each["metadata"]["name"].rpartition("-")[2] for each in rendered.objects
    }


def test_each_has_its_own_namespace_and_labels() -> None:
    rendered = render(ALL)
    for kind in ("ServiceMonitor", "PrometheusRule"):
        metadata = rendered.one(kind)["metadata"]
        assert metadata["namespace"] == "monitoring"
        assert metadata["labels"]["release"] == "kps"
    dashboards = rendered.one("ConfigMap", "outlay-dashboards")["metadata"]
    assert dashboards["namespace"] == "grafana"
    assert dashboards["labels"]["grafana_dashboard"] == "1"


def test_the_monitor_selects_the_services_that_have_metrics_and_no_others() -> None:
    rendered = render(ALL)
    spec = rendered.one("ServiceMonitor")["spec"]
    wanted = spec["selector"]["matchLabels"].items()
    found = [s for s in rendered.all("Service") if wanted <= s["metadata"]["labels"].items()]
    scraped = {
        s["metadata"]["name"]: [
            endpoint["port"]
            for endpoint in spec["endpoints"]
            if endpoint["port"] in {p["name"] for p in s["spec"]["ports"]}
        ]
        for s in found
    }
    assert scraped == {
        "outlay-management": ["metrics"],
        "outlay-exporter": ["metrics"],
        "outlay-operator": ["operator"],
    }
    assert spec["namespaceSelector"] == {"matchNames": ["money"]}


def test_what_is_scraped_is_labelled_as_alerts_and_dashboards_ask() -> None:
    endpoints = render(ALL).one("ServiceMonitor")["spec"]["endpoints"]
    for endpoint in endpoints:
        assert [each["targetLabel"] for each in endpoint["relabelings"]] == ["release", "component"]
    # Of a schedule in another namespace the operator tells under that namespace's name.
    assert [each.get("honorLabels", False) for each in endpoints] == [False, True]


def test_without_the_operator_there_is_nothing_of_it_to_scrape() -> None:
    spec = render(ALL | {"operator": {"enabled": False}}).one("ServiceMonitor")["spec"]
    assert [each["port"] for each in spec["endpoints"]] == ["metrics"]


def test_without_the_operator_pods_can_be_annotated() -> None:
    rendered = render({"metrics": {"scrapeAnnotations": True, "exporter": {"enabled": True}}})
    ports = {}
    for name in ("outlay", "outlay-exporter", "outlay-operator"):
        template = rendered.one("Deployment", name)["spec"]["template"]
        ports[name] = template["metadata"]["annotations"]["prometheus.io/port"]
    assert ports == {"outlay": "9000", "outlay-exporter": "9187", "outlay-operator": "9000"}


def test_the_dashboards_are_those_of_the_folder_and_lead_to_the_runbooks_of_the_values() -> None:
    data = render(ALL).one("ConfigMap", "outlay-dashboards")["data"]
    files = {path.name: json.loads(path.read_text()) for path in (CHART / "dashboards").iterdir()}
    assert set(data) == {f"outlay-{name}" for name in files}
    for name, dashboard in files.items():
        shown = json.loads(data[f"outlay-{name}"])
        assert shown["title"] == dashboard["title"]
        assert "https://wiki.example.org/outlay/Outlay" in data[f"outlay-{name}"]
        assert "github.com" not in data[f"outlay-{name}"]


def exporter(values: Object) -> Object:
    spec = render(values).one("Deployment", "outlay-exporter")["spec"]["template"]["spec"]
    return spec["containers"][0]


def test_the_exporter_reads_the_statistics_of_the_chart_s_database_as_its_own_role() -> None:
    given = env_of(exporter(ALL))
    assert given["DATA_SOURCE_URI"] == "outlay-postgresql:5432/postgres?sslmode=disable"
    assert given["DATA_SOURCE_USER"] == "outlay_exporter"
    assert given["DATA_SOURCE_PASS_FILE"].endswith("/outlay-passwords/exporter-password")


def test_the_exporter_starts_anew_after_the_roles_have_taken_a_changed_password() -> None:
    for seconds in (0, 120, 600):
        probe = exporter(ALL | {"postgresql": {"rotationSeconds": seconds}})["livenessProbe"]
        assert probe["exec"]["command"][0] == "cmp"
        assert probe["periodSeconds"] * probe["failureThreshold"] > seconds


def test_the_exporter_watches_an_external_database_as_the_role_that_is_named() -> None:
    metrics = {"exporter": {"enabled": True, "user": "watch", "existingSecret": "w",
                            "passwordKey": "p", "database": "stats"}}  # fmt: skip
    external = {"host": "db", "existingSecret": "s", "port": 6432}
    values = {"postgresql": {"enabled": False}, "externalDatabase": external, "metrics": metrics}
    given = env_of(exporter(values))
    assert given["DATA_SOURCE_URI"] == "db:6432/stats?sslmode=require"
    assert given["DATA_SOURCE_USER"] == "watch"
    assert given["DATA_SOURCE_PASS_FILE"].endswith("/w/p")
