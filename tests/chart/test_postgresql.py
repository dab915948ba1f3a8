"""What the values make of PostgreSQL."""

import pytest

from chart.charts import Object, Values, env_of, render


def stateful(values: Values | None = None) -> Object:
    return render({"postgresql": values or {}}).one("StatefulSet", "outlay-postgresql")


def pod(values: Values | None = None) -> Object:
    return stateful(values)["spec"]["template"]["spec"]


def config(values: Values | None = None) -> dict[str, str]:
    return render({"postgresql": values or {}}).one("ConfigMap", "outlay-postgresql")["data"]


def checksum(values: Values | None = None) -> str:
    return stateful(values)["spec"]["template"]["metadata"]["annotations"]["checksum/config"]


def test_the_volume_is_where_the_images_of_postgresql_18_have_it() -> None:
    mounts = {m["name"]: m["mountPath"] for m in pod()["containers"][0]["volumeMounts"]}
    assert mounts["data"] == "/var/lib/postgresql"
    assert pod()["containers"][0]["image"] == "postgres:18"


def test_the_volume_is_kept_unless_it_is_said() -> None:
    def policy(values: Values | None = None) -> Object:
        return stateful(values)["spec"]["persistentVolumeClaimRetentionPolicy"]

    assert policy() == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    assert policy({"persistence": {"whenDeleted": "Delete"}})["whenDeleted"] == "Delete"


def test_the_volume_is_as_large_and_of_the_class_that_is_asked_for() -> None:
    wanted = {"persistence": {"size": "50Gi", "storageClass": "fast"}}
    (claim,) = stateful(wanted)["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"] == {"requests": {"storage": "50Gi"}}
    assert claim["spec"]["storageClassName"] == "fast"
    assert "storageClassName" not in stateful()["spec"]["volumeClaimTemplates"][0]["spec"]


def test_its_settings_follow_the_memory_limit() -> None:
    (memory,) = [e for e in pod()["containers"][0]["env"] if e["name"] == "MEMORY"]
    reference = memory["valueFrom"]["resourceFieldRef"]
    assert (reference["resource"], reference["divisor"]) == ("limits.memory", "1Mi")
    assert "shared_buffers = $((MEMORY / 4))MB" in config()["start.sh"]


def test_settings_of_ones_own_come_last_and_win() -> None:
    own = config({"settings": {"work_mem": "32MB", "log_min_duration_statement": 250}})["own.conf"]
    assert "work_mem = '32MB'" in own
    assert "log_min_duration_statement = '250'" in own
    assert config()["start.sh"].index("base.conf") < config()["start.sh"].index("own.conf")


def test_a_quote_in_a_setting_stays_in_it() -> None:
    assert "x.y = 'it''s'" in config({"settings": {"x.y": "it's"}})["own.conf"]


def test_a_changed_setting_starts_it_anew_and_nothing_else_does() -> None:
    assert checksum({"settings": {"work_mem": "8MB"}}) != checksum()
    assert checksum({"persistence": {"size": "9Gi"}}) == checksum()
    assert checksum({"podAnnotations": {"a": "b"}}) == checksum()


def test_only_the_named_roles_come_in_and_the_superuser_only_from_inside() -> None:
    rules = [line.split() for line in config()["pg_hba.conf"].splitlines() if line[0] != "#"]
    assert rules == [
        ["local", "all", "postgres", "peer"],
        ["host", "outlay", "outlay_owner,outlay_service,outlay_backup", "all", "scram-sha-256"],
        ["host", "postgres", "outlay_exporter", "all", "scram-sha-256"],
        ["host", "all", "outlay_restore", "all", "scram-sha-256"],
    ]


def test_with_tls_nobody_comes_in_without() -> None:
    tls = {"tls": {"enabled": True, "existingSecret": "cert"}}
    rules = [line.split()[0] for line in config(tls)["pg_hba.conf"].splitlines() if line[0] != "#"]
    assert rules == ["local", "hostssl", "hostssl", "hostssl"]
    assert "ssl = on" in config(tls)["own.conf"]
    assert "ssl" not in config()["own.conf"]
    spec = render({"postgresql": tls}).one("Deployment")["spec"]["template"]["spec"]
    address = env_of(spec["containers"][0])["OUTLAY_DATABASE_URL"]
    assert address.endswith("?sslmode=verify-full&sslrootcert=/etc/outlay/ca/cert/ca.crt")


def test_starting_and_recovering_is_not_taken_for_broken() -> None:
    server = pod()["containers"][0]
    alive = ["sh", "/etc/outlay/postgresql/alive.sh"]
    assert server["livenessProbe"]["exec"]["command"] == alive
    assert server["startupProbe"]["exec"]["command"] == alive
    assert server["readinessProbe"]["exec"]["command"][0] == "pg_isready"
    assert (
        server["startupProbe"]["periodSeconds"] * server["startupProbe"]["failureThreshold"] >= 600
    )
    assert server["lifecycle"]["preStop"]["exec"]["command"][-1].endswith("/stop.sh")


def test_nobody_is_let_in_before_the_roles_are_made() -> None:
    roles = pod()["containers"][1]
    assert roles["readinessProbe"]["exec"]["command"][-1] == "/run/outlay/roles-are-made"
    assert "/run/outlay/roles-are-made" in config()["roles.sh"]


@pytest.mark.parametrize("secret", ["", "theirs"])
def test_roles_are_reconciled_from_the_whole_secret(secret: str) -> None:
    name = secret or "outlay-passwords"
    spec = pod({"existingSecret": secret, "rotationSeconds": 60})
    (passwords,) = [v["secret"] for v in spec["volumes"] if v["name"] == "passwords"]
    assert passwords["secretName"] == name
    assert env_of(spec["containers"][1])["SECRET"] == name
    assert env_of(spec["containers"][1])["ROTATION_SECONDS"] == "60"


def test_without_it_nothing_of_it_is_left() -> None:
    external = {"postgresql": {"enabled": False},
                "externalDatabase": {"host": "db", "existingSecret": "s"}}  # fmt: skip
    rendered = render(external)
    assert not rendered.has("StatefulSet")
    assert "postgresql" not in {o["metadata"]["name"].rpartition("-")[2] for o in rendered.objects}
