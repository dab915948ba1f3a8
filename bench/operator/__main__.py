"""`make bench-operator`: the operator as a process beside the local cluster, with a full history."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import click
import httpx
import psutil

from bench import report
from bench.figures import Figure, at_most, told
from bench.house import console
from cluster import Cluster
from outlay_operator import kinds
from outlay_operator.api import Api, connected
from outlay_operator.labels import FINISHED, SCHEDULE

PART: Final = "operator"
NAMESPACE: Final = "bench-operator"
PORT: Final = 9377
CHANGES: Final = 20
_ABREAST: Final = 16
RECIPIENT: Final = "age1" + "q" * 58


@click.command()
@click.option("--schedules", default=100, help="BackupSchedules.")
@click.option("--backups", default=5000, help="Backups that are done.")
def main(schedules: int, backups: int) -> None:
    """Measure memory, and the processor time of one change."""
    with Cluster() as cluster:
        os.environ.update(cluster.environment)
        cluster.kubectl(
            "apply", "--server-side", "--force-conflicts", "--filename", "helm/outlay/crds"
        )
        cluster.kubectl("create", "namespace", NAMESPACE)
        try:
            figures = asyncio.run(_measured(schedules, backups))
        finally:
            cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
    options = f"--schedules {schedules} --backups {backups}"
    report.keep(figures, report.host("18"), f"python -m bench.operator {options}")
    report.show(figures)
    if any(figure.met is False for figure in figures):
        raise SystemExit(1)


async def _measured(schedules: int, backups: int) -> list[Figure]:
    async with connected() as api:
        console.rule(f"{schedules} schedules and {backups} Backups")
        await _fill(api, schedules, backups)
        with TemporaryDirectory() as folder, _operator(Path(folder)) as process:
            begun = time.monotonic()
            await _settled(process, Path(folder) / "log")
            first = time.monotonic() - begun
            idle = await _share(process, 60)
            memory = process.memory_info().rss / 2**20
            cpu, seen = await _changes(api, process, schedules)
            memory = max(memory, process.memory_info().rss / 2**20)
    return [
        told(PART, "schedules, Backups", f"{schedules}, {backups:,}"),
        told(PART, "until everything was looked at for the first time", f"{first:.1f} s"),
        at_most(PART, "memory (RSS)", memory, 120, " MB"),
        at_most(PART, "its processor time for one change of a schedule", cpu * 1000, 200, " ms"),
        at_most(PART, "from a change to the status that tells of it, median", seen, 2, " s"),
        told(PART, "processor while nothing happens", f"{idle * 100:.1f}%"),
    ]


async def _fill(api: Api, schedules: int, backups: int) -> None:
    limit = asyncio.Semaphore(_ABREAST)

    async def one(work: Any) -> None:
        async with limit:
            await work

    async with asyncio.TaskGroup() as group:
        for number in range(schedules):
            group.create_task(one(api.create(kinds.SCHEDULES, NAMESPACE, _schedule(number))))
    async with asyncio.TaskGroup() as group:
        for number in range(backups):
            group.create_task(one(_done(api, number, f"s{number % schedules:03}")))


def _schedule(number: int) -> dict[str, Any]:
    return {
        "apiVersion": "outlay.dev/v1alpha1", "kind": "BackupSchedule",
        "metadata": {"name": f"s{number:03}"},
        "spec": {
            "schedule": "0 0 1 1 *", "suspend": True, "encryption": {"recipients": [RECIPIENT]},
            "database": {"host": "nowhere", "user": "nobody"}, "destination": _place(number),
        },
    }  # fmt: skip


def _place(number: int) -> dict[str, Any]:
    return {"s3": {"bucket": "bench", "prefix": f"p{number}"}}


async def _done(api: Api, number: int, schedule: str) -> None:
    name = f"{schedule}-{number:08}"
    recorded = {
        "schedule": schedule,
        "job": name,
        "uid": f"{number:08x}-0000-0000-0000-000000000000",
    }
    made = {
        "apiVersion": "outlay.dev/v1alpha1", "kind": "Backup",
        "metadata": {"name": name, "labels": {SCHEDULE: schedule}},
        "spec": {"destination": _place(int(schedule[1:])), "recorded": recorded},
    }  # fmt: skip
    there = await api.create(kinds.BACKUPS, NAMESPACE, made)
    assert there is not None
    done = {"metadata": {"labels": {FINISHED: there["metadata"]["uid"]}}}
    await api.merge(kinds.BACKUPS, NAMESPACE, name, done)
    moment = "2026-11-01T03:17:00Z"
    conditions = [
        {"type": kind, "status": status, "reason": "Ended", "message": "7 rows of 2 tables",
         "lastTransitionTime": moment, "observedGeneration": 1}
        for kind, status in (("Complete", "True"), ("Verified", "True"), ("Failed", "False"), ("Waiting", "False"))
    ]  # fmt: skip
    status = {
        "state": "Verified", "conditions": conditions, "job": name, "jobUid": recorded["uid"],
        "run": f"20261101T031700Z-{number:08x}", "location": f"s3://bench/{schedule}",
        "started": moment, "finished": moment, "seconds": 9, "bytes": 123456, "rows": 7,
        "tables": 2, "stored": 5, "steps": {"dump": 3, "fetch": 1, "restore": 4, "compare": 1},
    }  # fmt: skip
    await api.apply(
        kinds.BACKUPS, NAMESPACE, {"metadata": {"name": name}, "status": status}, status=True
    )


@contextmanager
def _operator(folder: Path) -> Iterator[psutil.Process]:
    settings = folder / "settings.json"
    settings.write_text(
        json.dumps(
            {"namespace": NAMESPACE, "operatorImage": "none", "serviceImage": "none",
             "host": "127.0.0.1", "port": PORT}
        )
    )  # fmt: skip
    command = [sys.executable, "-m", "outlay_operator", "run", "--settings", str(settings)]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


async def _settled(process: psutil.Process, log: Path) -> None:
    """Wait until everything was looked at and the queue is empty."""
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(300):
        while True:
            try:
                text = (await client.get(f"http://127.0.0.1:{PORT}/metrics")).text
            except httpx.TransportError:
                text = ""
            if (
                "outlay_operator_queue_length 0.0" in text
                and 'reconciles_total{kind="BackupSchedule"' in text
            ):
                return
            if process.status() == psutil.STATUS_ZOMBIE:
                raise SystemExit(f"The operator ended: {tail(log)}")
            await asyncio.sleep(0.2)


def tail(log: Path) -> str:
    return log.read_text(encoding="utf-8")[-2000:]


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _share(process: psutil.Process, seconds: float) -> float:
    before = _used(process)
    await asyncio.sleep(seconds)
    return (_used(process) - before) / seconds


async def _changes(api: Api, process: psutil.Process, schedules: int) -> tuple[float, float]:
    """Change schedules one after the other: processor seconds a change, seconds until the status tells."""
    before, took = _used(process), []
    for number in range(CHANGES):
        name = f"s{number % schedules:03}"
        changed = await api.merge(
            kinds.SCHEDULES, NAMESPACE, name, {"spec": {"deadlineSeconds": 600 + number}}
        )
        begun, generation = time.monotonic(), changed["metadata"]["generation"]
        async with asyncio.timeout(30):
            while True:
                found = await api.get(kinds.SCHEDULES, NAMESPACE, name)
                if found and found["status"].get("observedGeneration") == generation:
                    break
                await asyncio.sleep(0.02)
        took.append(time.monotonic() - begun)
    return (_used(process) - before) / CHANGES, median(took)


if __name__ == "__main__":
    main()
