"""The operator's image as its Jobs run it: restricted, read-only, as nobody in particular, and yet a whole backup."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyrage
import pytest

from chart.charts import Object
from cluster import Cluster
from cluster.kind import Given
from e2e import images as built
from e2e import jobs, stores
from e2e.conftest import Open
from e2e.place import Place

NAME: Final = "postgresql"
TABLE: Final = "create table kept (n int primary key, name text); insert into kept select n, md5(n::text) from generate_series(1, 5000) n"
LOOK: Final = """
set -eu
never() {{ if "$@" > /dev/null 2>&1; then echo "this should not work: $*"; exit 1; fi; }}
id
for major in {majors}; do
  of=/usr/lib/postgresql/$major
  find "$of" -type f \\( -path '*/bin/*' -o -name '*.so' \\) -exec ldd {{}} + > /tmp/needed 2>&1
  never grep 'not found' /tmp/needed
  "$of/bin/initdb" --pgdata="/scratch/$major" --username=postgres --auth=trust > /dev/null
  echo 'create extension pg_trgm' | "$of/bin/postgres" --single -D "/scratch/$major" postgres > /dev/null
  echo "$major: made by $("$of/bin/initdb" --version)"
done
never touch /somewhere /opt/outlay/somewhere /usr/lib/postgresql/somewhere
never command -v gcc
never command -v cc
never command -v make
"""


@pytest.fixture(scope="module")
def place(opened: Open, cluster: Cluster) -> Iterator[Place]:
    if isinstance(cluster.way, Given):
        pytest.skip("a cluster of somebody's has no images of these tests")
    with opened("image") as made:
        yield made


@dataclass(frozen=True)
class Home:
    """A database, a store and whoever may open the backups."""

    place: Place
    store: stores.ObjectStore
    password: str
    identity: Any

    def run(
        self, name: str, *arguments: str, key: stores.Key, prefix: str = "home", **env: str
    ) -> tuple[int, dict[str, Any]]:
        """Run `outlay-backup`; its exit code and its termination message."""
        code, message, log = jobs.run(
            self.place, name, built.OPERATOR, "outlay-backup", *arguments,
            env={
                "OUTLAY_BACKUP_STORE": f"s3://{self.store.bucket}/{prefix}",
                "OUTLAY_BACKUP_STORE_OPTIONS": f"endpoint={self.store.endpoint} region={stores.REGION}",
                "OUTLAY_BACKUP_CREDENTIALS": jobs.CREDENTIALS,
                "OUTLAY_BACKUP_RESULT_FILE": "/dev/termination-log",
                "OUTLAY_BACKUP_SCRATCH": jobs.SCRATCH,
                "OUTLAY_DATABASE_URL": f"postgresql://postgres:{self.password}@{NAME}/postgres",
                "OUTLAY_BACKUP_OWNER": "the image's tests",
                "OUTLAY_BACKUP_RECIPIENTS": str(self.identity.to_public()),
                "OUTLAY_LOG_FORMAT": "json",
            } | env,
            files={jobs.CREDENTIALS: key.files, "/key": {"key.txt": f"{self.identity}\n"}},
        )  # fmt: skip
        for hidden in (key.secret, self.password, str(self.identity)):
            assert hidden not in log
            assert hidden not in message
        return code, jobs.result(message)


@pytest.fixture(scope="module")
def home(place: Place, opened: Open) -> Iterator[Home]:
    password = secrets.token_hex(16)
    place.make_secret(NAME, password=password)
    place.apply(*database(built.named(place.images, "postgresql")))
    place.ready()
    place.kubectl("exec", f"deployment/{NAME}", "--", "psql", "-XqU", "postgres", "-c", TABLE)
    with opened("store") as other:
        yield Home(place, stores.start(other), password, pyrage.x25519.Identity.generate())


def test_each_major_makes_a_database_and_nothing_else_can_be_written(
    place: Place, cluster: Cluster
) -> None:
    majors = built.majors(cluster)
    script = LOOK.format(majors=" ".join(majors))
    code, _, log = jobs.run(place, "look", built.OPERATOR, "bash", "-c", script)
    assert code == 0, log
    assert log.startswith("uid=10001(outlay) gid=10001(outlay)")
    for major in majors:
        assert f"{major}: made by initdb (PostgreSQL) {major}." in log


def test_a_backup_is_stored_restored_and_compared_by_the_image_alone(home: Home) -> None:
    key = home.store.key()
    code, told = home.run("first", "create", key=key, OUTLAY_BACKUP_RUN_ID="0badcafe-1")
    assert (code, told["complete"], told["verified"]) == (0, True, True), told
    assert told["rows"] == 5000
    run = told["run"]
    assert run.endswith("-0badcafe")
    stored = home.store.paths(f"home/{run}/")
    assert {f"home/{run}/{name}" for name in ("manifest.json", "verified.json")} <= {*stored}
    assert home.store.read(f"home/{run}/dump.pgc.zst.age").startswith(b"age-encryption.org/v1")
    assert b"kept" not in home.store.read(f"home/{run}/dump.pgc.zst.age")
    home.store.delete(f"home/{run}/result.json")
    _, shown = home.run("shown", "show", key=key, OUTLAY_BACKUP_RUN_ID="0badcafe")
    assert (shown["run"], shown["verified"], shown["rows"]) == (run, True, 5000)


def test_each_older_major_is_backed_up_by_its_own_programs(home: Home, cluster: Cluster) -> None:
    for major in built.majors(cluster)[:-1]:
        name = f"old-{major}"
        home.place.apply(*old_database(name, major))
        home.place.ready()
        sql = ("psql", "-XqU", "postgres", "-h", "/tmp", "-c", TABLE)
        programs = f"/usr/lib/postgresql/{major}/bin"
        home.place.kubectl("exec", f"deployment/{name}", "--", "env", f"PATH={programs}", *sql)
        url = f"postgresql://postgres@{name}/postgres"
        code, told = home.run(
            f"create-{major}", "create", key=home.store.admin, prefix=name, OUTLAY_DATABASE_URL=url
        )
        assert (code, told["verified"], told["rows"]) == (0, True, 5000), told
        manifest = json.loads(home.store.read(f"{name}/{told['run']}/manifest.json"))
        assert manifest["source"]["server_major"] == int(major)
        assert manifest["client_version"].startswith(f"{major}.")


def test_a_flipped_bit_is_found_by_a_drill(home: Home) -> None:
    key = home.store.key()
    _, told = home.run("damaged", "create", key=key, prefix="damaged")
    [path] = [path for path in home.store.paths("damaged/") if path.endswith(".pgc.zst.age")]
    arguments = ("drill", "--key", "/key/key.txt")
    code, drilled = home.run("drill-well", *arguments, key=key, prefix="damaged")
    assert (code, drilled["run"], drilled["key"]) == (0, told["run"], "owner")
    home.store.flip_a_byte(path)
    code, drilled = home.run("drill-ill", *arguments, key=key, prefix="damaged")
    assert (code, drilled["reason"]) == (1, "BackupDamaged")


def test_what_is_wrong_with_a_store_is_told_by_its_name(home: Home) -> None:
    wrong = stores.Key(home.store.admin.id, "wrong")
    code, told = home.run("wrong-key", "create", key=wrong)
    assert (code, told["reason"]) == (4, "StoreDenied")
    with home.store.cut_off():
        code, told = home.run("cut-off", "create", key=home.store.admin)
    assert (code, told["reason"]) == (3, "StoreUnreachable")


def test_a_store_that_forbids_deleting_still_takes_backups(home: Home) -> None:
    key = home.store.key(denied=["s3:DeleteObject"])
    for name in ("kept-one", "kept-two"):
        code, told = home.run(name, "create", key=key, prefix="kept", OUTLAY_BACKUP_KEEP_LAST="1")
        assert (code, told["verified"]) == (0, True), told
    assert (told["retention_refused"], told["stored"], told.get("removed", [])) == (True, 2, [])


def database(image: str) -> list[Object]:
    """PostgreSQL as the chart runs it, with nothing to keep."""
    container = {
        "name": NAME, "image": image, "imagePullPolicy": "IfNotPresent",
        "env": [
            {"name": "POSTGRES_PASSWORD_FILE", "value": "/secret/password"},
            {"name": "PGDATA", "value": "/data/18"},
        ],
        "readinessProbe": {
            "exec": {"command": ["pg_isready", "-h", "127.0.0.1"]}, "periodSeconds": 1,
        },
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [
            {"name": "data", "mountPath": "/data"}, {"name": "run", "mountPath": "/run/postgresql"},
            {"name": "secret", "mountPath": "/secret"},
        ],
    }  # fmt: skip
    volumes: list[Object] = [
        {"name": "data", "emptyDir": {}}, {"name": "run", "emptyDir": {}},
        {"name": "secret", "secret": {"secretName": NAME}},
    ]  # fmt: skip
    return served(NAME, 999, container, volumes)


def old_database(name: str, major: str) -> list[Object]:
    """A server of an older major, of the programs that the operator's image has of it."""
    script = (
        "initdb --pgdata=/tmp/data --username=postgres --auth=trust --no-sync"
        " && echo 'host all all all trust' >> /tmp/data/pg_hba.conf"
        " && exec postgres -D /tmp/data -c listen_addresses='*' -c unix_socket_directories=/tmp"
    )
    programs = f"/usr/lib/postgresql/{major}/bin"
    container = {
        "name": name, "image": built.OPERATOR, "imagePullPolicy": "IfNotPresent",
        "command": ["sh", "-c", script],
        "env": [{"name": "PATH", "value": f"{programs}:/usr/bin:/bin"}],
        "readinessProbe": {"tcpSocket": {"port": 5432}, "periodSeconds": 1},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [{"name": "data", "mountPath": "/tmp"}],
    }  # fmt: skip
    return served(name, 10001, container, [{"name": "data", "emptyDir": {}}])


def served(name: str, user: int, container: Object, volumes: list[Object]) -> list[Object]:
    """A Deployment of one restricted pod, and its Service."""
    labels = {"app": name}
    pod = {
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsUser": user, "runAsNonRoot": True, "fsGroup": user,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": volumes,
    }  # fmt: skip
    deployment = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }  # fmt: skip
    service = {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": labels, "ports": [{"port": 5432}]},
    }  # fmt: skip
    return [deployment, service]
