"""Installed as GitOps tools do it, by `helm template | kubectl apply`; and what a Secret's passwords do."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chart.charts import CHART
from cluster import Failed
from e2e.conftest import Open
from e2e.place import Place, accepted, eventually, is_ready, selector

KEYS = {
    "admin-password", "owner-password", "service-password", "exporter-password", "backup-password",
    "restore-password",
}  # fmt: skip


def rendering(place: Place) -> tuple[str, ...]:
    """A helm that was built from its module believes that all clusters are old."""
    version = json.loads(place.cluster.kubectl("version", "--output", "json"))["serverVersion"]
    return ("template", "outlay", str(CHART), "--kube-version", version["gitVersion"])


def objects(place: Place, **more: object) -> str:
    # As docs/operations/backups.md says: hooks are Helm's, definitions come along.
    options = ("--no-hooks", "--include-crds")
    return place.with_values(*rendering(place), *options, values=more)


def apply(place: Place, **more: object) -> None:
    given = objects(place, **more)
    place.kubectl("apply", "--server-side", "--force-conflicts", "--filename", "-", given=given)


@pytest.fixture(scope="module")
def outlay(opened: Open) -> Iterator[Place]:
    with opened("rendered") as place:
        apply(place)
        place.ready()
        yield place


def test_what_was_applied_differs_in_nothing_from_the_rendering(outlay: Place) -> None:
    # Argo CD and Flux would see a difference and apply it for ever. It fails with the differences.
    told = outlay.kubectl("diff", "--server-side", "--filename", "-", "--field-manager=kubectl",
                          given=objects(outlay))  # fmt: skip
    assert told == ""


def version_of(place: Place) -> str:
    return str(place.get("secret", "outlay-passwords")["metadata"]["resourceVersion"])


def test_a_job_makes_the_passwords_once(outlay: Place) -> None:
    made = outlay.secret()
    assert set(made) == KEYS
    assert len(set(made.values())) == len(KEYS)
    assert all(len(password) >= 20 for password in made.values())
    kept, version = made, version_of(outlay)
    # Labels that the Job's pod has too: so it is another Job, and runs anew.
    apply(outlay, podLabels={"example.org/round": "two"})
    outlay.until(
        lambda job: (
            job.get("status", {}).get("succeeded") == 1
            and "example.org/round" in job["spec"]["template"]["metadata"]["labels"]
        ),
        "jobs",
    )
    outlay.ready()
    assert outlay.secret() == kept
    assert version_of(outlay) == version


def test_two_renderings_are_the_same(outlay: Place) -> None:
    once, again = (outlay.with_values(*rendering(outlay)) for _ in range(2))
    assert once == again


@contextmanager
def used(place: Place) -> Iterator[list[str]]:
    """Somebody reads without a pause; what went wrong is in the list."""
    wrong: list[str] = []
    over = threading.Event()
    with place.api() as api:

        def read() -> None:
            while not over.wait(0.2):
                answer = api.get("/ledgers/default/expenses")
                if not answer.is_success:
                    wrong.append(f"{answer.status_code} {answer.text}")

        reading = threading.Thread(target=read)
        reading.start()
        try:
            yield wrong
        finally:
            over.set()
            reading.join()


def reads(place: Place) -> bool:
    try:
        with place.api() as api:
            accepted(api.get("/ledgers/default/expenses"))
    except AssertionError:
        return False
    return True


def opens(place: Place, role: str, password: str, database: str) -> bool:
    """Whether a role gets in over TCP."""
    address = f"host=127.0.0.1 user={role} password={password} dbname={database}"
    try:
        return place.in_postgresql("psql", "-XAtc", "select 1", address).strip() == "1"
    except Failed:
        return False


def test_a_changed_secret_rotates_the_passwords_and_cuts_nobody_off(outlay: Place) -> None:
    before = outlay.secret()
    after = {role: secrets.token_hex(16) for role in ("owner", "service", "exporter", "backup")}
    started = {pod["metadata"]["name"] for pod in outlay.pods("service")}
    with used(outlay) as wrong:
        outlay.make_secret(
            "outlay-passwords", **{f"{role}_password": after[role] for role in after}
        )
        eventually(
            lambda: opens(outlay, "outlay_service", after["service"], "outlay"),
            "PostgreSQL takes the new passwords", 420,
        )  # fmt: skip
        assert not opens(outlay, "outlay_service", before["service-password"], "outlay")
        assert opens(outlay, "outlay_owner", after["owner"], "outlay")
        assert opens(outlay, "outlay_backup", after["backup"], "outlay")
        assert opens(outlay, "outlay_exporter", after["exporter"], "postgres")
        # Connections that are open outlive the change: the new password has to open new ones.
        outlay.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'outlay_service'"
        )
        eventually(lambda: reads(outlay), "the service opens new connections", 30)
    assert [each for each in wrong if not each.startswith("503")] == []
    (pod,) = outlay.pods("service")
    assert {pod["metadata"]["name"]} == started
    assert pod["status"]["containerStatuses"][0]["restartCount"] == 0


def test_the_exporter_takes_its_new_password_too(outlay: Place) -> None:
    up = f'pg_up{{namespace="{outlay.namespace}"}} == 1'
    pod = outlay.until(
        lambda pod: is_ready(pod) and pod["status"]["containerStatuses"][0]["restartCount"] > 0,
        "pods", "--selector", selector("exporter"), seconds=420,
    )  # fmt: skip
    begun = pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"]
    assert begun
    since = time.time()
    eventually(
        lambda: any(each["value"][0] > since for each in outlay.cluster.query(up)), "pg_up", 60
    )
