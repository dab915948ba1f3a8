"""`python -m bench.load.start`: from a process's begin to its first yes at /readyz, in a pod with one processor."""

import json
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import click

from bench import report
from bench.figures import at_most, told
from bench.house import console
from bench.load import release
from cluster import Cluster

PART: Final = "start in a pod"
PROBE: Final = Path(__file__).with_name("probe.py")
ONE_PROCESSOR: Final = {"resources": {"limits": {"cpu": 1}}}


@click.command()
@click.option("--rounds", default=4, help="Starts; Kubernetes waits longer before each.")
def main(rounds: int) -> None:
    """Kill the service in its pod, and see how soon it can be used again."""
    with Cluster() as cluster, TemporaryDirectory() as folder:
        console.rule(PART)
        with release.installed(cluster, 1, Path(folder), ONE_PROCESSOR):
            found = _measured(cluster, rounds)
    figures = [
        at_most(PART, "process to ready", median(found), 2, " s"),
        told(PART, "all starts", ", ".join(f"{each:.2f}" for each in found)),
    ]
    report.keep(figures, report.host("18"), f"python -m bench.load.start --rounds {rounds}")
    report.show(figures)
    if any(figure.met is False for figure in figures):
        raise SystemExit(1)


def _measured(cluster: Cluster, rounds: int) -> list[float]:
    selector = ("--selector", "app.kubernetes.io/component=service")
    (pod,) = cluster.get("pods", "--namespace", release.SPACE, *selector)["items"]
    told_by = cluster.on_node(
        "python3", "-c", PROBE.read_text(), pod["status"]["podIP"], str(rounds)
    )
    seconds: list[float] = json.loads(told_by)
    return seconds


if __name__ == "__main__":
    main()
