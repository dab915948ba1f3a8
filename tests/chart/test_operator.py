"""The backup operator: what it is told, what it may do, how it runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from chart.charts import EXAMPLES, Object, Rendered, Values, env_of, render
from outlay_operator.settings import read

EXTERNAL: Values = {
    "postgresql": {"enabled": False},
    "externalDatabase": {
        "host": "db.example.org", "existingSecret": "app", "user": "app",
        "migration": {"user": "owner", "existingSecret": "owner"},
    },
}  # fmt: skip


def operator(**values: Any) -> Rendered:
    return render({"operator": values})


def pod(rendered: Rendered) -> Object:
    return rendered.one("Deployment", "outlay-operator")["spec"]["template"]


def settings(values: Values | None = None) -> Object:
    data = render(values).one("ConfigMap", "outlay-operator")["data"]
    return json.loads(data["settings.json"])


def rights(role: Object) -> set[tuple[str, str, str, tuple[str, ...]]]:
    """(group, resource, verb, names) of a role."""
    return {
        (group, resource, verb, tuple(rule.get("resourceNames", ())))
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def each(group: str, resources: list[str], verbs: list[str], *names: str) -> set[Any]:
    return {(group, resource, verb, names) for resource in resources for verb in verbs}


KINDS = ["backupschedules", "backups", "restores"]
RIGHTS = (
    each("outlay.dev", KINDS, ["get", "list", "watch"])
    # To record those of a schedule, and to forget the oldest.
    | each("outlay.dev", ["backups"], ["create", "patch", "delete"])
    | each("outlay.dev", [f"{kind}/status" for kind in KINDS], ["patch"])
    | each("batch", ["cronjobs"], ["get", "create", "patch"])
    | each("batch", ["jobs"], ["get", "list", "watch", "create", "patch", "delete"])
    | each("", ["pods"], ["list", "watch"])
    | each("", ["events"], ["create", "list"])
    | each("", ["configmaps"], ["create"])
    | each("", ["configmaps"], ["get", "patch"], "outlay-backup-state")
)


def test_it_has_the_rights_that_it_needs_in_its_own_namespace_and_no_others() -> None:
    rendered = operator()
    assert rights(rendered.one("Role", "outlay-operator")) == RIGHTS
    binding = rendered.one("RoleBinding", "outlay-operator")
    assert [each["name"] for each in binding["subjects"]] == ["outlay-operator"]
    everywhere = {role["metadata"]["name"] for role in rendered.all("ClusterRole")}
    assert everywhere == {"money-outlay-crds"}


def test_with_one_value_it_has_the_same_rights_everywhere() -> None:
    rendered = operator(clusterWide=True)
    assert rights(rendered.one("ClusterRole", "money-outlay-operator")) == RIGHTS
    assert "outlay-operator" not in {role["metadata"]["name"] for role in rendered.all("Role")}
    assert settings({"operator": {"clusterWide": True}})["namespace"] == ""
    assert settings()["namespace"] == "money"


def test_there_is_one_at_most_at_any_time() -> None:
    spec = operator().one("Deployment", "outlay-operator")["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


def test_it_starts_anew_when_what_it_is_told_changed() -> None:
    def checksum(values: Values | None = None) -> str:
        return pod(render(values))["metadata"]["annotations"]["checksum/settings"]

    assert checksum({"image": {"tag": "next"}}) != checksum()
    assert checksum({"replicas": 2}) == checksum()


def test_its_settings_lie_where_it_is_told() -> None:
    template = pod(operator())
    (container,) = template["spec"]["containers"]
    path, _, name = env_of(container)["OUTLAY_OPERATOR_SETTINGS"].rpartition("/")
    (mount,) = [m for m in container["volumeMounts"] if m["mountPath"] == path]
    (volume,) = [v for v in template["spec"]["volumes"] if v["name"] == mount["name"]]
    assert name in operator().one("ConfigMap", volume["configMap"]["name"])["data"]
    assert container["args"] == ["run"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("nodeSelector", {"disk": "fast"}),
        ("tolerations", [{"key": "home", "operator": "Exists"}]),
        ("affinity", {"nodeAffinity": {}}),
    ],
)
def test_where_it_runs_can_be_chosen(path: str, value: object) -> None:
    assert pod(operator(**{path: value}))["spec"][path] == value
    assert path not in pod(operator())["spec"]


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)
def test_it_takes_what_the_chart_tells_it(values: Path, tmp_path: Path) -> None:
    (found,) = [
        each["data"]["settings.json"]
        for each in render(None, values).all("ConfigMap")
        if "settings.json" in each["data"]
    ]
    (tmp_path / "settings.json").write_text(found)
    told = read(tmp_path / "settings.json")
    assert told.release.namespace == "money"
    assert told.release.database.user


def test_it_is_told_of_the_release_s_database_and_who_opens_it() -> None:
    assert settings()["release"] == {
        "namespace": "money",
        "database": {
            "host": "outlay-postgresql", "port": 5432, "name": "outlay", "user": "outlay_backup",
            "passwordSecretRef": {"name": "outlay-passwords", "key": "backup-password"},
            "sslMode": "disable",
        },
        "admin": {
            "user": "outlay_restore", "owner": "outlay_owner",
            "passwordSecretRef": {"name": "outlay-passwords", "key": "restore-password"},
        },
    }  # fmt: skip


def test_with_tls_it_is_told_of_the_certificate_authority() -> None:
    tls = {"postgresql": {"tls": {"enabled": True, "existingSecret": "certificate"}}}
    database = settings(tls)["release"]["database"]
    assert database["sslMode"] == "verify-full"
    assert database["caSecretRef"] == {"name": "certificate", "key": "ca.crt"}


def test_an_external_database_is_read_by_its_owner_and_restored_by_whom_it_is_said() -> None:
    release = settings(EXTERNAL)["release"]
    assert release["database"]["user"] == "owner"
    assert release["database"]["passwordSecretRef"] == {"name": "owner", "key": "password"}
    assert release["database"]["sslMode"] == "require"
    assert "admin" not in release
    named = EXTERNAL | {
        "backup": {"database": {"user": "reader", "existingSecret": "r", "passwordKey": "p"}},
        "restore": {"database": {"user": "maker", "existingSecret": "m"}},
    }
    release = settings(named)["release"]
    assert release["database"]["user"] == "reader"
    assert release["database"]["passwordSecretRef"] == {"name": "r", "key": "p"}
    assert release["admin"] == {
        "user": "maker", "owner": "owner", "passwordSecretRef": {"name": "m", "key": "password"},
    }  # fmt: skip


def test_the_pods_that_it_makes_are_those_of_the_release() -> None:
    found = settings(
        {"podLabels": {"example.org/cost": "home"}, "imagePullSecrets": ["registry"],
         "operator": {"allowedServiceAccounts": ["writer"], "image": {"tag": "dev"}}}
    )  # fmt: skip
    assert found["podLabels"] == {
        "app.kubernetes.io/name": "outlay", "app.kubernetes.io/instance": "outlay",
        "app.kubernetes.io/part-of": "outlay", "example.org/cost": "home",
    }  # fmt: skip
    assert found["imagePullSecrets"] == ["registry"]
    assert found["operatorImage"] == "ghcr.io/outlay-app/outlay-operator:dev"
    assert found["serviceImage"] == "ghcr.io/outlay-app/outlay:0.1.0"
    assert found["serviceVersion"] == "0.1.0"
    assert found["allowedServiceAccounts"] == ["writer"]
    account = operator().one("ServiceAccount", found["serviceAccount"])
    assert account["automountServiceAccountToken"] is False
    bound = [s["name"] for b in operator().all("RoleBinding") for s in b["subjects"]]
    assert found["serviceAccount"] not in bound


def test_the_service_reads_what_the_operator_tells_and_starts_without_it() -> None:
    spec = render().one("Deployment")["spec"]["template"]["spec"]
    (serve,) = spec["containers"]
    path, _, name = env_of(serve)["OUTLAY_BACKUP_STATE_FILE"].rpartition("/")
    (mount,) = [m for m in serve["volumeMounts"] if m["mountPath"] == path]
    (volume,) = [v["configMap"] for v in spec["volumes"] if v["name"] == mount["name"]]
    assert (name, volume["optional"]) == ("state.json", True)
    assert volume["name"] == settings()["stateConfigMap"]


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)
def test_without_it_nothing_of_it_is_left(values: Any) -> None:
    off = {"operator": {"enabled": False}, "backup": {"enabled": False, "preUpgrade": False}}
    rendered = render(off, values)
    assert "outlay.dev" not in rendered.text
    assert "BACKUP" not in rendered.text
    kinds = {"Deployment", "Job", "ConfigMap", "Role", "ClusterRole", "Service"}
    for kind in kinds:
        for found in rendered.all(kind):
            name = found["metadata"]["name"]
            assert not {"operator", "crds", "key", "backup"} & set(name.split("-")), name
