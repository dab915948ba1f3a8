"""A PostgreSQL of one's own, made as the guide says, with TLS and a certificate authority."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from chart.charts import ROOT, Object, Values, merged
from e2e.certificates import certificates
from e2e.conftest import Open
from e2e.place import VALUES, Place, accepted, eventually, secret

GUIDE: Final = ROOT / "docs" / "operations" / "database.md"
VALUES_HERE: Final[Values] = {
    "postgresql": {"enabled": False},
    "externalDatabase": {
        "host": "money",
        "user": "outlay",
        "existingSecret": "money-service",
        "sslMode": "verify-full",
        "ca": {"existingSecret": "money-ca"},
        "migration": {"user": "outlay_owner", "existingSecret": "money-owner"},
    },
    "metrics": {"exporter": {"existingSecret": "money-exporter", "passwordKey": "password"}},
}


def statements(passwords: dict[str, str]) -> str:
    """The guide's statements for a role that migrates and one that watches, with passwords."""
    text = GUIDE.read_text()
    blocks = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    (roles,) = [each for each in blocks if "create role outlay_owner" in each]
    (watching,) = [each for each in blocks if "create role outlay_exporter" in each]
    for role, password in passwords.items():
        put_in = f"create role {role} login password '{password}'"
        roles = roles.replace(f"create role {role} login password '...'", put_in)
        watching = watching.replace(f"create role {role} login password '...'", put_in)
    assert "'...'" not in roles + watching
    return f"{roles}\\connect postgres\n{watching}"


def database(image: Object, sql: str, tls: dict[str, str]) -> list[Object]:
    """A server of its own kind: a pod, its Service, and what it starts with."""
    metadata = {"name": "money", "labels": {"app": "money"}}
    container = {
        "name": "postgres",
        "image": f"{image['repository']}:{image.get('tag', '18')}",
        "imagePullPolicy": image.get("pullPolicy", "IfNotPresent"),
        "args": [
            "postgres", "-c", "ssl=on", "-c", "ssl_cert_file=/tls/tls.crt",
            "-c", "ssl_key_file=/tls/tls.key", "-c", "shared_preload_libraries=pg_stat_statements",
        ],
        "env": [{"name": "POSTGRES_PASSWORD_FILE", "value": "/start/superuser"}],
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [
            {"name": "data", "mountPath": "/var/lib/postgresql"},
            {"name": "tls", "mountPath": "/tls"},
            {"name": "start", "mountPath": "/start"},
            {"name": "start", "mountPath": "/docker-entrypoint-initdb.d/start.sql", "subPath": "start.sql"},
        ],
    }  # fmt: skip
    spec: dict[str, Any] = {
        "containers": [container],
        "securityContext": {
            "runAsNonRoot": True, "runAsUser": 999, "runAsGroup": 999, "fsGroup": 999,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumes": [
            {"name": "data", "emptyDir": {}},
            {"name": "tls", "secret": {"secretName": "money-tls", "defaultMode": 0o440}},
            {"name": "start", "secret": {"secretName": "money-start", "defaultMode": 0o440}},
        ],
    }  # fmt: skip
    service = {"selector": {"app": "money"}, "ports": [{"port": 5432}]}
    return [
        secret("money-tls", {key: tls[key] for key in ("tls.crt", "tls.key")}),
        secret("money-ca", {"ca.crt": tls["ca.crt"]}),
        secret("money-start", {"superuser": secrets.token_hex(16), "start.sql": sql}),
        {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec},
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": service},
    ]


@pytest.fixture(scope="module")
def passwords() -> dict[str, str]:
    return {name: secrets.token_hex(16) for name in ("outlay_owner", "outlay", "outlay_exporter")}


@pytest.fixture(scope="module")
def outlay(opened: Open, passwords: dict[str, str], tmp_path_factory: Any) -> Iterator[Place]:
    tls = certificates(tmp_path_factory.mktemp("tls"), "money")
    with opened("elsewhere") as place:
        images = merged(yaml.safe_load(VALUES.read_text()), place.images)
        place.apply(*database(images["postgresql"]["image"], statements(passwords), tls))
        place.make_secret("money-owner", password=passwords["outlay_owner"])
        place.make_secret("money-service", password="not this one")
        place.make_secret("money-exporter", password=passwords["outlay_exporter"])
        place.install(VALUES_HERE)
        yield place


def test_a_wrong_password_is_said_and_mended(outlay: Place, passwords: dict[str, str]) -> None:
    said = outlay.until_told("service", "password authentication failed")
    assert 'for user "outlay"' in said
    assert "The database at money/outlay cannot be reached" in said
    outlay.make_secret("money-service", password=passwords["outlay"])
    outlay.ready()


def test_the_service_works_there_over_a_connection_that_is_verified(outlay: Place) -> None:
    with outlay.api() as api:
        accepted(api.get("/ledgers/default/expenses"))
    sql = (
        "select distinct a.usename, s.version from pg_stat_ssl s join pg_stat_activity a using (pid)"
        " where a.usename like 'outlay%' order by 1"
    )
    wanted = {"outlay|TLSv1.3", "outlay_exporter|TLSv1.3"}

    def found() -> set[str]:
        """The exporter connects when Prometheus asks it, and not before."""
        seen = set(
            outlay.kubectl("exec", "money", "--", "psql", "-XAtqU", "postgres", "-c", sql).split()
        )
        assert seen <= wanted
        return seen

    eventually(lambda: found() == wanted, "everybody's encrypted connection", 90)


def test_the_service_may_change_rows_and_no_table(outlay: Place) -> None:
    sql = (
        "select has_table_privilege('outlay', 'public.expenses', 'update'),"
        " has_schema_privilege('outlay', 'public', 'create')"
    )
    asked = ("psql", "-XAtqU", "postgres", "outlay", "-c", sql)
    assert outlay.kubectl("exec", "money", "--", *asked).strip() == "t|f"


def test_its_metrics_are_there(outlay: Place) -> None:
    up = f'pg_up{{namespace="{outlay.namespace}"}} == 1'
    eventually(lambda: bool(outlay.cluster.query(up)), "the exporter reaches the database", 120)


def test_another_authority_is_not_trusted(outlay: Place, tmp_path: Path) -> None:
    outlay.make_secret("other-ca", **{"ca.crt": certificates(tmp_path, "money")["ca.crt"]})
    ca = {"externalDatabase": {"ca": {"existingSecret": "other-ca"}}}
    outlay.install(merged(VALUES_HERE, ca))
    said = outlay.until_told("service", "certificate")
    assert "The database at money/outlay cannot be reached" in said
    # The pod before goes on serving.
    with outlay.api() as api:
        accepted(api.get("/ledgers/default/expenses"))
    outlay.install(VALUES_HERE)
    outlay.ready()
