"""The programs that look at the chart: built once into the cluster's cache, or taken from OUTLAY_TOOLS."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path

from cluster.go import _go, program


@cache
def tool(name: str) -> str:
    """The path of helm, kubeconform, kube-score, promtool or helm-docs."""
    given = os.environ.get("OUTLAY_TOOLS")
    if given and (found := Path(given) / name).exists():
        return str(found)
    return str(program(name))


@cache
def source(module: str, version: str) -> Path:
    """The folder with the source of a Go module."""
    return Path(json.loads(_go("mod", "download", "-json", f"{module}@{version}"))["Dir"])


def run(name: str, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a tool to its end, whatever that is."""
    return subprocess.run(
        [tool(name), *arguments], input=given, capture_output=True, text=True, check=False
    )
