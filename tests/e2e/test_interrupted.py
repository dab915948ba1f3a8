"""The operator killed after each of its calls to the API: begun again, it ends as if nothing had happened.

It runs in this process, in a namespace of its own. What it runs are real Jobs, which fail at once:
their keys are none.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from chart.charts import Object
from cluster import Cluster
from e2e.backups import SCRATCH, resource
from e2e.conftest import Open
from e2e.images import IMAGE, OPERATOR
from e2e.place import Place
from outlay_operator import kinds
from outlay_operator.api import Api, connected
from outlay_operator.model.backup import BackupStatus
from outlay_operator.queue import Key
from outlay_operator.reconcile import backup_status as states
from outlay_operator.reconcile import backups, restores, schedules
from outlay_operator.reconcile.context import Context
from outlay_operator.settings import Settings
from resources import START, failed, text, told

SETTINGS: Final = Settings(operator_image=OPERATOR, service_image=IMAGE, image_pull_policy="Never")
# More than any reconcile makes.
MOST_CALLS: Final = 12
RECIPIENT: Final = "age1" + "q" * 58
NOWHERE: Final = {"host": "nowhere.invalid", "user": "nobody"}
BUCKET: Final = {"s3": {"bucket": "none", "endpoint": "http://nowhere.invalid", "region": "none"}}
RUN: Final = {
    "database": NOWHERE, "destination": BUCKET, "encryption": {"recipients": [RECIPIENT]},
    "scratch": SCRATCH, "deadlineSeconds": 60,
}  # fmt: skip

Reconcile = Callable[[Context, Key], Awaitable[float | None]]


class KilledError(Exception):
    """Stands for SIGKILL: nothing after it happens."""


class Mortal(Api):
    """Dies after so many calls; the last one was made, and its answer never came."""

    def __init__(self, api: Api, calls: int) -> None:
        super().__init__(api._client)
        self._left = calls
        self.written: list[str] = []

    async def _call(self, method: str, path: str, *arguments: Any, **more: Any) -> Any:
        if self._left <= 0:
            raise KilledError
        answer = await super()._call(method, path, *arguments, **more)
        if method != "GET":
            self.written.append(path.partition("/namespaces/")[2].partition("/")[2])
        self._left -= 1
        if self._left == 0:
            raise KilledError
        return answer


@pytest.fixture(scope="module")
def place(opened: Open) -> Iterator[Place]:
    with opened("interrupted") as made:
        yield made


@pytest.fixture
async def api(
    cluster: Cluster, place: Place, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Api]:
    for name, value in cluster.environment.items():
        monkeypatch.setenv(name, value)
    async with connected() as made:
        yield made


async def killed_at_each_call(api: Api, reconcile: Reconcile, key: Key, calls: int) -> None:
    """One process a life: the first dies after `calls`, the next does it whole."""
    with pytest.raises(KilledError):
        await reconcile(Context(Mortal(api, calls), SETTINGS), key)
    await reconcile(Context(api, SETTINGS), key)


async def until_finished(api: Api, place: Place, jobs: list[str]) -> None:
    """Wait for real pods to end."""
    async with asyncio.timeout(240):
        for name in jobs:
            while True:
                job = await api.get(kinds.JOBS, place.namespace, name)
                assert job is not None
                if job.get("status", {}).get("conditions"):
                    break
                await asyncio.sleep(1)


async def jobs_of(api: Api, place: Place) -> Counter[str]:
    """How many Jobs each object has ever had that are still there."""
    found = await api.all(kinds.JOBS, place.namespace)
    owners = [each["metadata"].get("ownerReferences", ()) for each in found]
    return Counter(owner["name"] for each in owners for owner in each)


async def calls_of(reconcile: Reconcile, api: Api, key: Key) -> int:
    """How many calls one whole look makes."""
    counted = Mortal(api, 1000)
    await reconcile(Context(counted, SETTINGS), key)
    return 1000 - counted._left


async def test_a_backup_runs_once_whenever_the_operator_dies(api: Api, place: Place) -> None:
    names = [f"b{number}" for number in range(MOST_CALLS)]
    for name in names:
        made = resource("Backup", name, RUN)
        await api.create(kinds.BACKUPS, place.namespace, made)
    keys = [Key("Backup", place.namespace, name) for name in names]
    first = await calls_of(backups.reconcile, api, keys[0])
    assert 4 <= first < MOST_CALLS
    for number in range(1, first):
        await killed_at_each_call(api, backups.reconcile, keys[number], number)
    begun = names[:first]
    assert await jobs_of(api, place) == Counter(begun)
    await until_finished(api, place, [f"{name}-backup" for name in begun])
    last = await calls_of(backups.reconcile, api, keys[0])
    for number in range(1, min(first, last)):
        await killed_at_each_call(api, backups.reconcile, keys[number], number)
    for number in range(first):
        await backups.reconcile(Context(api, SETTINGS), keys[number])
    assert await jobs_of(api, place) == Counter(begun)
    for name in begun:
        found = await api.get(kinds.BACKUPS, place.namespace, name)
        assert found is not None
        assert found["status"]["state"] == "Failed", found["status"]
        assert found["status"]["reason"] == "KeyRefused"
        assert found["metadata"]["labels"]["outlay.dev/finished"] == found["metadata"]["uid"]
        assert "finalizers" not in found["metadata"]
    again = Mortal(api, 1000)
    await backups.reconcile(Context(again, SETTINGS), keys[0])
    assert again.written == []


def apart(number: int) -> Object:
    spec = RUN | {"destination": {"s3": BUCKET["s3"] | {"prefix": f"p{number}"}}}
    return spec | {"schedule": "0 0 1 1 *", "suspend": True}


async def test_a_schedule_has_one_cron_job_and_one_record_a_job(api: Api, place: Place) -> None:
    names = [f"s{number}" for number in range(MOST_CALLS)]
    for number, name in enumerate(names):
        made = resource("BackupSchedule", name, apart(number))
        await api.create(kinds.SCHEDULES, place.namespace, made)
    keys = [Key("BackupSchedule", place.namespace, name) for name in names]
    first = await calls_of(schedules.reconcile, api, keys[0])
    for number in range(1, first):
        await killed_at_each_call(api, schedules.reconcile, keys[number], number)
    for name in names[:first]:
        cron_job = await api.get(kinds.CRON_JOBS, place.namespace, name)
        assert cron_job is not None
        template = cron_job["spec"]["jobTemplate"]
        job = {"apiVersion": "batch/v1", "kind": "Job", **template}
        job["metadata"] = template["metadata"] | {"name": f"{name}-29000000"}
        job["spec"] = template["spec"] | {"suspend": True}
        await api.create(kinds.JOBS, place.namespace, job)
    again = await calls_of(schedules.reconcile, api, keys[0])
    for number in range(1, min(first, again)):
        await killed_at_each_call(api, schedules.reconcile, keys[number], number)
    for name in names[:first]:
        await schedules.reconcile(
            Context(api, SETTINGS), Key("BackupSchedule", place.namespace, name)
        )
        found = await api.all(kinds.BACKUPS, place.namespace, f"outlay.dev/schedule={name}")
        assert [each["metadata"]["name"] for each in found] == [f"{name}-29000000"]
        assert found[0]["spec"]["destination"]["s3"]["prefix"] == f"p{names.index(name)}"
        schedule = await api.get(kinds.SCHEDULES, place.namespace, name)
        assert schedule is not None
        ready = {each["type"]: each["reason"] for each in schedule["status"]["conditions"]}
        assert ready == {"Ready": "Suspended", "OffCluster": "Bucket"}
    again = Mortal(api, 1000)
    await schedules.reconcile(Context(again, SETTINGS), keys[0])
    assert again.written == [f"cronjobs/{names[0]}"], "what is as it should be is not written again"


async def test_a_restore_has_one_job_whenever_the_operator_dies(api: Api, place: Place) -> None:
    place.make_secret("owner", identity="no key")
    place.make_secret("admin", password="none")
    names = [f"r{number}" for number in range(MOST_CALLS)]
    spec = {
        "source": {"destination": BUCKET},
        "keySecretRef": {"name": "owner", "key": "identity"},
        "database": {"host": "nowhere.invalid"},
        "admin": {"user": "nobody", "passwordSecretRef": {"name": "admin", "key": "password"}},
        "scratch": SCRATCH,
    }
    for name in names:
        await api.create(kinds.RESTORES, place.namespace, resource("Restore", name, spec))
    keys = [Key("Restore", place.namespace, name) for name in names]
    first = await calls_of(restores.reconcile, api, keys[0])
    for number in range(1, first):
        await killed_at_each_call(api, restores.reconcile, keys[number], number)
    begun = names[:first]
    found = await jobs_of(api, place)
    assert {name: found[name] for name in names} == {name: int(name in begun) for name in names}
    for name in begun:
        # A Job that somebody deleted is not begun again: nobody knows how far it came.
        await api.delete(kinds.JOBS, place.namespace, f"{name}-restore")
        await restores.reconcile(Context(api, SETTINGS), Key("Restore", place.namespace, name))
        restore = await api.get(kinds.RESTORES, place.namespace, name)
        assert restore is not None
        assert (restore["status"]["state"], restore["status"]["reason"]) == ("Failed", "Lost")
    assert not {*begun} & {*await jobs_of(api, place)}


async def test_five_hundred_old_backups_are_cleared_away_in_parts(api: Api, place: Place) -> None:
    """The newest verified one stays, and what a person applied; the rest goes down to the limits."""
    made = resource(
        "BackupSchedule", "old", apart(99) | {"historyLimit": {"verified": 3, "failed": 2}}
    )
    await api.create(kinds.SCHEDULES, place.namespace, made)
    async with asyncio.TaskGroup() as group:
        for number in range(500):
            group.create_task(_old(api, place, number, "Failed" if number % 5 == 0 else "Verified"))
    context, key = Context(api, SETTINGS), Key("BackupSchedule", place.namespace, "old")
    looks = 1
    while await schedules.reconcile(context, key) is not None:
        looks += 1
    assert looks > 2
    left = {
        each["metadata"]["name"]
        for each in await api.all(kinds.BACKUPS, place.namespace, "outlay.dev/schedule=old")
    }
    assert left == {"old-00499", "old-00498", "old-00497", "old-00495", "old-00490"}
    found = await api.get(kinds.SCHEDULES, place.namespace, "old")
    assert found is not None
    assert found["status"]["lastVerifiedBackup"] == "old-00499"
    assert found["status"]["consecutiveFailures"] == 0


async def _old(api: Api, place: Place, number: int, state: str) -> None:
    name = f"old-{number:05}"
    begun = START + timedelta(hours=number)
    recorded = {"schedule": "old", "job": name, "uid": f"{number:08x}"}
    spec = {"destination": BUCKET, "recorded": recorded}
    labels = {"outlay.dev/schedule": "old", "outlay.dev/finished": "true"}
    made = resource("Backup", name, spec)
    made["metadata"]["labels"] = labels
    await api.create(kinds.BACKUPS, place.namespace, made)
    result = told(number // 24) if state == "Verified" else failed()
    status = states.ended(BackupStatus(), replace(result, finished=text(begun)))
    whole = {"metadata": {"name": name}, "status": msgspec.to_builtins(status)}
    await api.apply(kinds.BACKUPS, place.namespace, whole, status=True)
