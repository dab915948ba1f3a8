"""The programs that look at the chart: built once into the cluster's cache, or taken from OUTLAY_TOOLS."""

import os
import subprocess
from functools import cache
from pathlib import Path

from cluster import go


@cache
def tool(name: str) -> str:
    """The path of a program by its name: helm, kubeconform, promtool."""
    given = os.environ.get("OUTLAY_TOOLS")
    if given and (found := Path(given) / name).exists():
        return str(found)
    return str(go.program(name))


@cache
def source(module: str, version: str) -> Path:
    """The folder with the source of a Go module."""
    folder, _ = go.source(module, version)
    return folder


def run(name: str, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a tool to its end, whatever that is."""
    return subprocess.run(
        [tool(name), *arguments], input=given, capture_output=True, text=True, check=False
    )
