"""What the values make of the service."""

import dataclasses
import json
import tomllib

import pytest
import yaml

from chart.charts import CHART, ROOT, Object, Values, env_of, nested, render
from outlay.settings import Settings, load


def pod(values: Values | None = None) -> Object:
    return render(values).one("Deployment")["spec"]["template"]["spec"]


def env(values: Values | None = None) -> dict[str, str]:
    return env_of(pod(values)["containers"][0])


def test_the_program_takes_what_the_chart_gives_it() -> None:
    for container in (*pod()["initContainers"], *pod()["containers"]):
        settings = load(env_of(container))
        assert settings.database_url
        assert settings.database_wait > 0


def test_migrations_run_before_each_pod_serves_as_the_owner_of_the_schema() -> None:
    (migrate,) = pod()["initContainers"]
    assert migrate["args"] == ["migrate"]
    assert "outlay_owner@" in env_of(migrate)["OUTLAY_DATABASE_URL"]
    assert "outlay_service@" in env()["OUTLAY_DATABASE_URL"]
    mounted = {mount["name"] for mount in pod()["containers"][0]["volumeMounts"]}
    assert "owner" not in mounted


def test_a_setting_becomes_a_variable_and_whole_numbers_stay_whole() -> None:
    given = env({"settings": {"sessionDays": 7, "maxUpload": 134217728, "logLevel": "warning"}})
    assert given["OUTLAY_SESSION_DAYS"] == "7"
    assert given["OUTLAY_MAX_UPLOAD"] == "134217728"
    assert given["OUTLAY_LOG_LEVEL"] == "warning"
    assert load(given).max_upload == 134217728


def test_every_setting_that_the_chart_knows_is_one_of_the_program() -> None:
    known = {field.name for field in dataclasses.fields(Settings)}
    schema = json.loads((CHART / "values.schema.json").read_text())
    names = schema["properties"]["settings"]["properties"]
    assert {"".join(f"_{c.lower()}" if c.isupper() else c for c in name) for name in names} <= known


def test_the_environment_can_be_added_to() -> None:
    assert env({"extraEnv": [{"name": "TZ", "value": "Europe/Rome"}]})["TZ"] == "Europe/Rome"


def test_a_stop_has_time_for_the_draining_and_for_what_runs() -> None:
    values = {"drainSeconds": 20, "terminationGracePeriodSeconds": 60}
    assert env(values)["OUTLAY_DRAIN_SECONDS"] == "20"
    assert pod(values)["terminationGracePeriodSeconds"] == 60


def test_an_upgrade_takes_no_pod_away_before_another_is_ready() -> None:
    strategy = render().one("Deployment")["spec"]["strategy"]["rollingUpdate"]
    assert strategy == {"maxSurge": 1, "maxUnavailable": 0}


def test_a_budget_for_disruptions_is_there_from_two_replicas_on() -> None:
    assert not render({"replicas": 1}).has("PodDisruptionBudget")
    assert render({"replicas": 2}).one("PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    assert render({"autoscaling": {"enabled": True}}).has("PodDisruptionBudget")
    alone = {"autoscaling": {"enabled": True, "minReplicas": 1}}
    assert not render(alone).has("PodDisruptionBudget")


def test_autoscaling_takes_the_place_of_a_number() -> None:
    scaled = render({"autoscaling": {"enabled": True, "cpu": 60, "requestsInFlight": 20}})
    assert "replicas" not in scaled.one("Deployment")["spec"]
    spec = scaled.one("HorizontalPodAutoscaler")["spec"]
    assert [metric["type"] for metric in spec["metrics"]] == ["ContainerResource", "Pods"]
    assert spec["metrics"][1]["pods"]["target"]["averageValue"] == "20"
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 4)


def test_pods_are_spread_over_nodes_and_zones_unless_told_otherwise() -> None:
    keys = [each["topologyKey"] for each in pod()["topologySpreadConstraints"]]
    assert keys == ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]
    own = [{"maxSkew": 2, "topologyKey": "rack", "whenUnsatisfiable": "DoNotSchedule"}]
    assert pod({"topologySpreadConstraints": own})["topologySpreadConstraints"] == own


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("nodeSelector", {"disk": "fast"}),
        ("tolerations", [{"key": "home", "operator": "Exists"}]),
        ("affinity", {"nodeAffinity": {}}),
        ("priorityClassName", "home"),
    ],
)
def test_where_pods_run_can_be_chosen(path: str, value: object) -> None:
    assert pod(nested(path, value))[path] == value
    assert path not in pod()


def test_an_image_is_named_by_version_tag_or_digest() -> None:
    def image(**given: str) -> str:
        return pod({"image": {"repository": "r/o", **given}})["containers"][0]["image"]

    digest = f"sha256:{'0' * 64}"
    assert image() == "r/o:0.1.0"
    assert image(tag="dev") == "r/o:dev"
    assert image(tag="dev", digest=digest) == f"r/o@{digest}"


def test_chart_and_program_share_a_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {chart["version"], chart["appVersion"], project["version"]} == {"0.1.0"}


def test_metrics_have_a_service_of_their_own_that_no_type_opens() -> None:
    rendered = render({"service": {"type": "LoadBalancer"}})
    public = rendered.one("Service")
    assert public["spec"]["type"] == "LoadBalancer"
    assert [port["targetPort"] for port in public["spec"]["ports"]] == ["http"]
    private = rendered.one("Service", "outlay-management")["spec"]
    assert private["clusterIP"] == "None"
    assert [port["port"] for port in private["ports"]] == [9000]


def test_a_node_port_can_be_fixed() -> None:
    (port,) = render({"service": {"type": "NodePort", "nodePort": 30080}}).one("Service")["spec"][
        "ports"
    ]
    assert (port["port"], port["nodePort"]) == (80, 30080)
