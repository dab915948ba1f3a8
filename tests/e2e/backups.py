"""Backups on the cluster: resources as people write them, waited for and compared."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from chart.charts import Object, Values
from e2e.conftest import Open
from e2e.place import Place, accepted, eventually
from e2e.stores import REGION, ObjectStore

GROUP: Final = "outlay.dev/v1alpha1"
CREDENTIALS: Final = "outlay-backup-bucket"
# The chart names it after the kind of place, which cannot change.
SCHEDULE: Final = "outlay-s3"
DONE: Final = ("Verified", "Unverified", "Failed")
# A small volume is enough for what these tests back up.
SCRATCH: Final = {"size": "512Mi"}


def in_bucket(store: ObjectStore, prefix: str = "outlay") -> Values:
    """The chart's values for backups to a bucket: three lines, and a key of the chart's own."""
    return {
        "backup": {
            "enabled": True,
            "suspend": True,
            "s3": {
                "bucket": store.bucket,
                "prefix": prefix,
                "endpoint": store.endpoint,
                "region": REGION,
                "existingSecret": CREDENTIALS,
            },
            # What the retention removes would be missed.
            "retention": {"keepLast": 50},
            "scratch": SCRATCH,
        }
    }


@contextmanager
def backed_by(
    opened: Open, name: str, store: ObjectStore, prefix: str = "outlay", *more: Object
) -> Iterator[Place]:
    """An installation that backs up to the store, and these objects beside it, for a `with` block."""
    with opened(name) as place:
        place.make_secret(CREDENTIALS, **store.key().files)
        if more:
            place.apply(*more)
        place.install(in_bucket(store, prefix) | {"drainSeconds": 0})
        place.ready()
        yield place


def drink_tea(place: Place, count: int) -> None:
    """So many expenses: the first is 1.50 for "Tea 0"."""
    with place.api() as api:
        for number in range(count):
            body = {"amount": f"{number + 1}.50", "description": f"Tea {number}"}
            accepted(api.post("/ledgers/default/expenses", json=body))


def destination(store: ObjectStore, prefix: str, **more: Any) -> Object:
    """The same as custom resources have it."""
    s3 = {
        "bucket": store.bucket, "prefix": prefix, "endpoint": store.endpoint, "region": REGION,
        "credentialsSecretRef": {"name": CREDENTIALS},
    }  # fmt: skip
    return {"s3": s3 | more}


def resource(kind: str, name: str, spec: Object) -> Object:
    return {"apiVersion": GROUP, "kind": kind, "metadata": {"name": name}, "spec": spec}


def status(place: Place, kind: str, name: str) -> Object:
    found: Object = place.get(kind, name).get("status", {})
    return found


def until_state(
    place: Place, kind: str, name: str, states: Iterable[str] = DONE, seconds: int = 240
) -> Object:
    """Wait until a Backup or a Restore is in one of the states; its status."""
    wanted = set(states)
    found = place.until(
        lambda each: each.get("status", {}).get("state") in wanted,
        kind, f"--field-selector=metadata.name={name}", seconds=seconds,
    )  # fmt: skip
    return found["status"]  # type: ignore[no-any-return]


def back_up(place: Place, name: str, schedule: str = SCHEDULE, **spec: Any) -> Object:
    """Apply a Backup and wait until it ended; its status."""
    place.apply(resource("Backup", name, spec or {"scheduleName": schedule}))
    return until_state(place, "backup", name)


def restore(name: str, source: Object, **more: Any) -> Object:
    """A Restore with the key that the chart made."""
    spec = {
        "source": source,
        "keySecretRef": {"name": "outlay-backup-key", "key": "identity"},
        "scratch": SCRATCH,
    } | more
    return resource("Restore", name, spec)


def restored(place: Place, name: str, source: Object, **more: Any) -> Object:
    """Apply a Restore and wait until it ended; its status."""
    place.apply(restore(name, source, **more))
    return until_state(place, "restore", name, ("Restored", "Compared", "Failed", "Prepared"), 300)


def conditions(status: Object) -> dict[str, str]:
    return {each["type"]: each["status"] for each in status["conditions"]}


_TABLES: Final = """
select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1
"""


def contents(place: Place, without: Iterable[str] = ()) -> dict[str, str]:
    """Rows and checksum of every table, by name; in one statement, so of one moment."""
    tables = [each for each in place.psql(_TABLES).splitlines() if each not in set(without)]
    parts = [
        f"select '{table}', count(*)::text || ' ' ||"
        f" coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from {table} t"
        for table in tables
    ]
    lines = place.psql(" union all ".join(parts)).splitlines()
    return dict(line.split("|") for line in lines)  # type: ignore[arg-type]


def events(place: Place, kind: str, name: str) -> set[str]:
    """The reasons of the Events of an object."""
    selector = f"involvedObject.kind={kind},involvedObject.name={name}"
    found = place.get("events", f"--field-selector={selector}")["items"]
    return {each["reason"] for each in found}


def restart_operator(place: Place) -> None:
    for pod in place.pods("operator"):
        place.kubectl("delete", "pod", pod["metadata"]["name"], "--grace-period=0", "--force")


@contextmanager
def operator_away(place: Place) -> Iterator[None]:
    """Without the operator, for a `with` block."""
    place.kubectl("scale", "deployment", "outlay-operator", "--replicas=0")
    try:
        eventually(lambda: not place.pods("operator"), "the operator has gone", 60)
        yield
    finally:
        place.kubectl("scale", "deployment", "outlay-operator", "--replicas=1")
        place.kubectl("rollout", "status", "deployment/outlay-operator", "--timeout=120s")


def change(place: Place, kind: str, name: str, spec: Object) -> None:
    patch = json.dumps({"spec": spec})
    place.kubectl("patch", kind, name, "--type=merge", "--patch", patch)


def run_now(place: Place, name: str, schedule: str = SCHEDULE) -> None:
    """Start a Job as the schedule's CronJob does; the operator records it under its name."""
    place.kubectl("create", "job", name, f"--from=cronjob/{schedule}")


def pod_of(place: Place, job: str) -> str:
    """The name of a Job's pod, as soon as it runs."""
    pod = place.until(
        lambda each: each.get("status", {}).get("phase") == "Running",
        "pods", f"--selector=batch.kubernetes.io/job-name={job}", seconds=60,
    )  # fmt: skip
    return str(pod["metadata"]["name"])


def runs(store: ObjectStore, prefix: str, file: str = "begun.json") -> list[str]:
    """The runs below a prefix that have such a file: those that began, or are complete, or verified."""
    return [each.split("/")[-2] for each in store.paths(f"{prefix}/") if each.endswith(f"/{file}")]


def only_run(store: ObjectStore, told: Object, prefix: str = "outlay") -> bool:
    """Whether the store has the run that a Backup tells of, once, and whole."""
    digits = told["jobUid"][:8]
    return [each for each in runs(store, prefix) if each.endswith(digits)] == [told["run"]]


def nothing_runs(place: Place) -> bool:
    """Whether no pod of a backup or a restore is under way."""
    pods = [*place.pods("backup"), *place.pods("restore")]
    return not [each for each in pods if each["status"]["phase"] in {"Pending", "Running"}]
