"""No value is dead: each one, changed alone, changes what is rendered."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pytest
import yaml

from chart.charts import CHART, Values, merged, nested, render

GIVEN: Final[Values] = yaml.safe_load((CHART / "values.yaml").read_text())
MARK: Final = "another-one"
# It takes externalDatabase.host, which is refused without it: test_refusals.py and test_postgresql.py have both.
NOT_ALONE: Final = "postgresql.enabled"
# Free forms, which are one value each.
WHOLE: Final = ("dns", "labels", "limits", "options", "requests")

_MONITORED: Final = {
    "serviceMonitor": {"enabled": True}, "prometheusRule": {"enabled": True},
    "dashboards": {"enabled": True}, "exporter": {"enabled": True},
}  # fmt: skip
_BACKED_UP: Final = {"backup": {"enabled": True}, "metrics": _MONITORED}
_ELSEWHERE: Final = {
    "postgresql": {"enabled": False},
    "externalDatabase": {
        "host": "db", "existingSecret": "db", "migration": {"user": "owner", "existingSecret": "o"},
    },
    "backup": {"enabled": True, "database": {"user": "reader", "existingSecret": "r"}},
    "restore": {"database": {"user": "maker", "existingSecret": "m"}},
}  # fmt: skip

# What a value needs beside it to be of use, by the longest beginning of its path.
AROUND: Final[dict[str, Values]] = {
    "": _BACKED_UP,
    "admin.passwordKey": {"admin": {"existingSecret": "first"}},
    "allowedHosts": {},
    "autoscaling": {"autoscaling": {"enabled": True, "requestsInFlight": 9}},
    "backup.azure": {"backup": {"enabled": True, "azure": {"container": "c", "account": "a"}}},
    "backup.database": _ELSEWHERE,
    "backup.gcs": {"backup": {"enabled": True, "gcs": {"bucket": "b"}}},
    "backup.recipientsSecret.key": {
        "backup": {"enabled": True, "recipientsSecret": {"name": "keys"}},
    },
    "backup.s3": {"backup": {"enabled": True, "s3": {"bucket": "b", "region": "r"}}},
    "externalDatabase": _ELSEWHERE,
    "externalDatabase.ca": _ELSEWHERE
    | {"externalDatabase": _ELSEWHERE["externalDatabase"] | {"ca": {"existingSecret": "ca"}}},
    "httpRoute": {"httpRoute": {"enabled": True, "parentRefs": [{"name": "gate"}]}},
    "ingress": {"ingress": {"enabled": True, "hosts": ["outlay.example.org"]}},
    "metrics.exporter": _ELSEWHERE
    | {"metrics": {"exporter": {"enabled": True, "existingSecret": "e"}}},
    "networkPolicy.externalDatabase": _ELSEWHERE,
    "operator.enabled": {},
    "podDisruptionBudget": {"replicas": 2},
    "postgresql.tls": {"postgresql": {"tls": {"enabled": True, "existingSecret": "tls"}}},
    "restore": _ELSEWHERE,
    "service.nodePort": {"service": {"type": "NodePort"}},
    "test": {"test": {"existingSecret": "try"}},
}  # fmt: skip

# What a value is changed to where that is not plain from what it is: by its path, or by its last name.
CHANGED: Final[Values] = {
    "admin.email": f"{MARK}@example.org",
    "affinity": {"nodeAffinity": {MARK: {}}},
    "alertLabels": {"team": MARK},
    "allowedHosts": [MARK],
    "allowedServiceAccounts": [MARK],
    "annotations": {"note": MARK},
    "apiServer.ports": [7443],
    "backup.job.serviceAccountName": "outlay-backup",
    "backup.ports": [9443],
    "checks": [{"name": MARK, "sql": "select 1", "expected": "1"}],
    "cidrs": ["192.0.2.0/24"],
    "digest": f"sha256:{'0' * 64}",
    "disabled": ["OutlayDown"],
    "dns": [{"podSelector": {"matchLabels": {"app": MARK}}}],
    "endpoint": f"https://{MARK}",
    "extraEnv": [{"name": "MORE", "value": MARK}],
    "from": [{"podSelector": {"matchLabels": {"app": MARK}}}],
    "hostnames": [MARK],
    "hosts": [MARK],
    "imagePullSecrets": [MARK],
    "ipFamilyPolicy": "PreferDualStack",
    "labels": {"found-by": MARK},
    "limits": {"memory": "777Mi"},
    "listen": "::",
    "maxReplicas": 3,
    "metricsFrom": [{"podSelector": {"matchLabels": {"app": MARK}}}],
    "mode": "DryRun",
    "nodePort": 31234,
    "nodeSelector": {"disk": MARK},
    "options": {"option": MARK},
    "parentRefs": [{"name": MARK}],
    "podAnnotations": {"note": MARK},
    "podLabels": {"team": MARK},
    "postgresql.settings": {"work_mem": "7MB"},
    "publicUrl": f"https://{MARK}",
    "pullPolicy": "Always",
    "recipients": [f"age1{'q' * 58}"],
    "requests": {"memory": "77Mi"},
    "runbookUrl": f"https://{MARK}",
    "schedule": "5 4 * * 0",
    "scrapeTimeout": "7s",
    "serviceMonitor.interval": "77s",
    "settings": {"logLevel": "debug"},
    "size": "7Gi",
    "sslMode": "disable",
    "timeZone": "Europe/Rome",
    "tls": [{"secretName": MARK}],
    "tolerations": [{"key": MARK}],
    "topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": MARK, "whenUnsatisfiable": "ScheduleAnyway"},
    ],
    "trustedProxies": ["192.0.2.0/24"],
    "type": "LoadBalancer",
    "whenDeleted": "Delete",
}  # fmt: skip


def leaves(values: Values, path: str = "") -> Iterator[str]:
    for name, value in values.items():
        inside = f"{path}.{name}".lstrip(".")
        if isinstance(value, dict) and value and name not in WHOLE:
            yield from leaves(value, inside)
        else:
            yield inside


def value_at(path: str) -> Any:
    """What it is before it is changed."""
    value: Any = merged(GIVEN, around(path))
    for name in path.split("."):
        value = value[name]
    return value


def another(path: str) -> Any:
    names = path.split(".")
    for name in (path, ".".join(names[-2:]), names[-1]):
        if name in CHANGED:
            return CHANGED[name]
    match value_at(path):
        case bool() as given:
            return not given
        case int() as given:
            return given + 1
        case str():
            return MARK
        case given:
            raise AssertionError(f"{path} is {given!r}: name another value in CHANGED")


def around(path: str) -> Values:
    fitting = (each for each in AROUND if path == each or path.startswith(f"{each}.") or not each)
    return AROUND[max(fitting, key=len)]


@cache
def before(path: str) -> str:
    return render(around(path)).text


@pytest.mark.parametrize("path", [path for path in leaves(GIVEN) if path != NOT_ALONE])
def test_a_value_changes_what_is_rendered(path: str) -> None:
    value = another(path)
    text = render(merged(around(path), nested(path, value))).text
    assert text != before(path)
    if MARK in str(value):
        assert MARK in text
