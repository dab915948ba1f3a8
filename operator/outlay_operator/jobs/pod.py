"""What every pod of the operator has: nothing that Pod Security's "restricted" would refuse."""

from typing import Any, Final
from urllib.parse import quote

import msgspec
from msgspec import UnsetType

from outlay_operator.jobs.mounts import Mounts
from outlay_operator.labels import COMPONENT, MANAGED
from outlay_operator.model.parts import Database, JobOptions, Server
from outlay_operator.model.restore import Admin
from outlay_operator.settings import Settings

Object = dict[str, Any]
USER: Final = 10001
# The program ends itself at its deadline; then the pod has time to tell, then the Job.
POD_GRACE: Final = 120
JOB_GRACE: Final = 240
# Exit codes of the backup program (docs/cli.md) that another try does not change: refused or damaged, usage and
# keys, rights, not found, no programs. What is left is unreachable, busy, stopped or killed.
HOPELESS: Final = [1, 2, 4, 6, 7]
MESSAGE: Final = "/dev/termination-log"


def labels(settings: Settings, component: str, more: dict[str, str]) -> dict[str, str]:
    return settings.pod_labels | {COMPONENT: component} | MANAGED | more


def container(
    name: str, image: str, command: list[str], settings: Settings, options: JobOptions, **more: Any
) -> Object:
    """Return a container; `more` are further fields of it."""
    given = options.resources
    own = {} if isinstance(given, UnsetType) else msgspec.to_builtins(given)
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": settings.image_pull_policy,
        "command": command,
        "resources": settings.resources | own,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "terminationMessagePath": MESSAGE,
        "terminationMessagePolicy": "FallbackToLogsOnError",
    } | more


def pod_spec(
    settings: Settings,
    options: JobOptions,
    mounts: Mounts,
    deadline: int,
    containers: Object,
    *,
    namespace: str,
) -> Object:
    """Return the pod's spec; `containers` holds `containers` and perhaps `initContainers`."""
    made: Object = {
        "restartPolicy": "Never",
        "serviceAccountName": options.service_account_name or settings.account(namespace),
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "activeDeadlineSeconds": deadline + POD_GRACE,
        # Time to end the dump, remove what is incomplete, and tell.
        "terminationGracePeriodSeconds": 60,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumes": mounts.volumes,
    } | containers
    if settings.image_pull_secrets:
        made["imagePullSecrets"] = [{"name": each} for each in settings.image_pull_secrets]
    placed = {
        "nodeSelector": options.node_selector,
        "tolerations": list(options.tolerations),
        "affinity": options.affinity,
        "priorityClassName": options.priority_class_name,
    }
    return made | {key: value for key, value in placed.items() if value}


def tries_again(containers: list[str]) -> Object:
    """Return a Job's podFailurePolicy: no further try where that changes nothing."""
    # A node that is drained is no try.
    drained = {"type": "DisruptionTarget", "status": "True"}
    rules: list[Object] = [{"action": "Ignore", "onPodConditions": [drained]}]
    for each in containers:
        codes = {"containerName": each, "operator": "In", "values": HOPELESS}
        rules.append({"action": "FailJob", "onExitCodes": codes})
    return {"rules": rules}


def database_environment(
    server: Server, user: str, password: str, authority: str, name: str = "", role: str = ""
) -> list[Object]:
    """Return the environment that opens a database: an address without a secret, and a file."""
    query = f"sslmode={server.ssl_mode}"
    if authority:
        query += f"&sslrootcert={authority}"
    if role:
        query += f"&role={quote(role, safe='')}"
    host = f"[{server.host}]" if ":" in server.host else server.host
    path = quote(name or server.name, safe="")
    url = f"postgresql://{quote(user, safe='')}@{host}:{server.port}/{path}?{query}"
    made = [{"name": "OUTLAY_DATABASE_URL", "value": url}]
    if password:
        made.append({"name": "OUTLAY_DATABASE_PASSWORD_FILE", "value": password})
    return made


def opened(database: Database, mounts: Mounts) -> list[Object]:
    """Mount the password and the authority of a database's reader; the environment to open it."""
    password = mounts.key("password", database.password_secret_ref)
    authority = mounts.key("ca", database.ca_secret_ref)
    return database_environment(database, database.user, password, authority)


def administered(
    server: Server, admin: Admin, mounts: Mounts, *, name: str = "", role: str = ""
) -> list[Object]:
    """Mount what a restore's role needs; the environment to open the database as it."""
    password = mounts.key("password", admin.password_secret_ref)
    authority = mounts.key("ca", server.ca_secret_ref)
    return database_environment(server, admin.user, password, authority, name, role)
