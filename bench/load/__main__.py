"""`make bench-load`: a thousand people on the local cluster, with one pod and with two."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click

from bench import report
from bench.figures import Figure, told
from bench.house import console
from bench.load import release
from cluster import Cluster

SCRIPT: Final = Path(__file__).with_name("people.js")
Metrics = Mapping[str, Mapping[str, Any]]


@click.command()
@click.option("--users", default=1000, help="People at once.")
@click.option("--seconds", default=60, help="Seconds that all of them are there.")
@click.option("--replicas", default=(1, 2), multiple=True, help="Pods of the service.")
def main(users: int, seconds: int, replicas: tuple[int, ...]) -> None:
    """Measure the service in a cluster, through its node port."""
    figures: list[Figure] = []
    with Cluster() as cluster, TemporaryDirectory() as folder:
        for pods in replicas:
            with release.installed(cluster, pods, Path(folder)):
                figures += _measured(cluster, Path(folder), pods, users, seconds)
    options = f"--users {users} --seconds {seconds}"
    report.keep(figures, report.host("18"), f"python -m bench.load {options}")
    report.show(figures)
    if any(figure.met is False for figure in figures):
        raise SystemExit(1)


def _measured(cluster: Cluster, folder: Path, pods: int, users: int, seconds: int) -> list[Figure]:
    part = f"load on {pods} pod{'' if pods == 1 else 's'}"
    console.rule(part)
    token, ledgers = release.token_and_ledgers(cluster)
    metrics = _people(cluster, folder, token, ledgers, users, seconds)
    rows, changed = release.kept(cluster)
    acknowledged = _count(metrics, "created"), _count(metrics, "changed")
    lost = max(0, acknowledged[0] - rows) + max(0, acknowledged[1] - changed)
    requests = metrics["http_reqs"]["values"]
    failed = _count(metrics, "wrong")
    return [
        told(part, "people at once", f"{users:,}"),
        told(part, "requests", f"{requests['count']:,.0f}, {requests['rate']:,.0f} a second"),
        Figure(part, "requests that failed", f"{failed}", "0", failed == 0),
        told(part, "writes that were acknowledged", f"{sum(acknowledged):,}"),
        Figure(part, "of them not in the database", f"{lost}", "0", lost == 0),
        *(told(part, kind, _times(metrics[kind]["values"]))
          for kind in ("create", "change", "list", "summary")),
    ]  # fmt: skip


def _people(
    cluster: Cluster, folder: Path, token: str, ledgers: list[str], users: int, seconds: int
) -> Metrics:
    """Let k6 run; gives its metrics. What failed is on the terminal."""
    secret, outcome = folder / "token", folder / "outcome.json"
    secret.touch(mode=0o600)
    secret.write_text(token)
    given = {
        "OUTLAY": release.URL, "TOKEN_FILE": str(secret), "LEDGERS": ",".join(ledgers),
        "USERS": str(users), "SECONDS": str(seconds), "OUTCOME": str(outcome),
    }  # fmt: skip
    command = [str(cluster.tool("k6")), "run", "--quiet", "--no-usage-report", str(SCRIPT)]
    done = subprocess.run(command, env=os.environ | cluster.environment | given, check=False)
    if not outcome.exists():
        raise SystemExit(f"k6 ended with {done.returncode} and without figures")
    metrics: Metrics = json.loads(outcome.read_text())
    return metrics


def _count(metrics: Metrics, name: str) -> int:
    return int(metrics.get(name, {"values": {"count": 0}})["values"]["count"])


def _times(values: Mapping[str, float]) -> str:
    return (
        f"p50 {values['med']:,.0f} ms, p95 {values['p(95)']:,.0f} ms, p99 {values['p(99)']:,.0f} ms"
    )


if __name__ == "__main__":
    main()
