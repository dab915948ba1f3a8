"""Values that are wrong: the message names the key and what to do."""

from typing import Any

import pytest

from chart.charts import CHART, Refused, nested, render

EXTERNAL = {"postgresql.enabled": False, "externalDatabase.host": "db",
            "externalDatabase.existingSecret": "s"}  # fmt: skip


def merged(values: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for path, value in values.items():
        into = made
        *parents, last = path.split(".")
        for parent in parents:
            into = into.setdefault(parent, {})
        into[last] = value
    return made


def refusal(values: dict[str, Any]) -> str:
    with pytest.raises(Refused) as told:
        render(merged(values))
    return str(told.value)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("replica", 2, "additional properties 'replica' not allowed"),
        ("image.pullpolicy", "Never", "at '/image': additional properties 'pullpolicy'"),
        ("replicas", "two", "at '/replicas': got string, want integer"),
        ("replicas", -1, "at '/replicas': minimum: got -1, want 0"),
        ("image.pullPolicy", "Sometimes", "at '/image/pullPolicy': value must be one of 'Always'"),
        ("image.digest", "abc", "at '/image/digest': 'abc' does not match pattern"),
        ("settings.colour", "red", "at '/settings': additional properties 'colour'"),
        ("settings.databasePool", "many", "at '/settings/databasePool': got string, want integer"),
        ("settings.sessionDays", True, "at '/settings/sessionDays': got boolean, want integer"),
        ("settings.logLevel", "loud", "at '/settings/logLevel': value must be one of 'debug'"),
        ("publicUrl", "outlay.example.org", "at '/publicUrl'"),
        ("trustedProxies", ["everybody"], "at '/trustedProxies/0'"),
        ("admin.email", "nobody", "at '/admin/email'"),
        ("service.type", "Public", "at '/service/type': value must be one of 'ClusterIP'"),
        ("postgresql.persistence.whenDeleted", "Ask", "value must be one of 'Retain', 'Delete'"),
        (
            "postgresql.resources",
            {"limits": {"cpu": 1, "memory": None}},
            "missing property 'memory'",
        ),
        ("postgresql.settings", {"work mem": 1}, "at '/postgresql/settings'"),
        ("externalDatabase.sslMode", "maybe", "value must be one of 'disable', 'require'"),
        ("backup.schedule", "at night", "at '/backup/schedule': 'at night' does not match"),
        ("backup.timeZone", "+2", "at '/backup/timeZone'"),
        ("backup.recipients", ["mine"], "at '/backup/recipients/0'"),
        ("backup.recipients", ["AGE-SECRET-KEY-1"], "at '/backup/recipients/0'"),
        ("backup.retention.mode", "Ask", "value must be one of 'Delete', 'DryRun', 'Off'"),
        ("backup.s3.secretKey", "x", "at '/backup/s3': additional properties 'secretKey'"),
        ("backup.checks", [{"sql": "select 1"}], "missing properties 'name', 'expected'"),
        ("operator.replicas", 2, "at '/operator': additional properties 'replicas'"),
        (
            "metrics.prometheusRule.disabled",
            ["OutlayFoo"],
            "at '/metrics/prometheusRule/disabled/0'",
        ),
    ],
)
def test_a_wrong_value_is_told_by_its_key(path: str, value: Any, told: str) -> None:
    assert told in refusal({path: value})


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"replicaCount": 2}, "replicaCount: there is no such value; use replicas"),
        ({"adminPassword": "x"}, "adminPassword: there is no such value; use admin.existingSecret"),
        ({"postgresql.enabled": False}, "externalDatabase.host: name your PostgreSQL"),
        ({"postgresql.enabled": False, "externalDatabase.host": "db"},
         "externalDatabase.existingSecret: name the Secret"),
        ({"externalDatabase.host": "db"}, "set postgresql.enabled to false too"),
        (EXTERNAL | {"externalDatabase.sslMode": "verify-full"}, "externalDatabase.ca.existingSecret"),
        (EXTERNAL | {"externalDatabase.migration.user": "o"}, "externalDatabase.migration.existingSecret"),
        (EXTERNAL | {"metrics.exporter.enabled": True}, "metrics.exporter.existingSecret"),
        ({"postgresql.tls.enabled": True}, "postgresql.tls.existingSecret: name the Secret"),
        ({"replicas": 6}, "postgresql.maxConnections: 7 pods"),
        ({"drainSeconds": 30}, "terminationGracePeriodSeconds: at least 55"),
        ({"autoscaling.enabled": True, "autoscaling.cpu": 0}, "set cpu or requestsInFlight"),
        ({"autoscaling.enabled": True, "autoscaling.maxReplicas": 1}, "autoscaling.minReplicas"),
        ({"postgresql.settings": {"max_connections": 10}}, "set postgresql.maxConnections"),
        ({"metrics.serviceMonitor.interval": "5s"}, "scrapeTimeout: at most interval, which is 5s"),
        ({"ingress.enabled": True}, "ingress.hosts: name at least one host"),
        ({"httpRoute.enabled": True}, "httpRoute.parentRefs: name the Gateway"),
        ({"backup.enabled": True, "operator.enabled": False},
         "backup.enabled: the operator makes the backups; set operator.enabled to true"),
        ({"backup.preUpgrade": True}, "backup.preUpgrade: set backup.enabled too"),
        ({"backup.s3.bucket": "b", "backup.s3.region": "r", "backup.gcs.bucket": "b"},
         "backup.gcs.bucket, backup.s3.bucket: backups go to one place"),
        ({"backup.gcs.bucket": "b", "backup.persistence.existingClaim": "c"},
         "backup.persistence.existingClaim: backup.gcs.bucket is named too"),
        ({"backup.s3.bucket": "b"}, "backup.s3.region: name the bucket's region"),
        ({"backup.azure.container": "c"}, "backup.azure.account: name the storage account"),
        ({"backup.s3.endpoint": "http://s3"}, "backup.s3.endpoint: name backup.s3.bucket too"),
        ({"backup.retention": {"keepDaily": 0, "keepWeekly": 0, "keepMonthly": 0}},
         "backup.retention: keep at least one"),
        ({"backup.job.serviceAccountName": "me"}, "add me to operator.allowedServiceAccounts"),
        ({"backup.database.user": "r"}, "backup.database: only with an external database"),
        (EXTERNAL | {"backup.database.user": "r"}, "backup.database.existingSecret: name the Secret"),
        (EXTERNAL | {"restore.database.existingSecret": "s"}, "restore.database.user: name the role"),
    ],
)  # fmt: skip
def test_values_that_do_not_go_together_are_told_with_what_to_do(
    values: dict[str, Any], told: str
) -> None:
    assert told in refusal(values)


def test_every_mistake_is_told_at_once() -> None:
    told = refusal({"replicaCount": 2, "ingress.enabled": True, "drainSeconds": 30})
    assert "replicaCount" in told
    assert "ingress.hosts" in told
    assert "terminationGracePeriodSeconds" in told


def test_a_cluster_that_is_too_old_is_told() -> None:
    assert 'kubeVersion: ">=1.30.0-0"' in (CHART / "Chart.yaml").read_text()


def test_a_name_of_helms_own_is_let_through() -> None:
    assert render(nested("global", {"anything": 1})).objects
