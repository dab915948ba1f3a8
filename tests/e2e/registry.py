"""A registry on this machine, from which the chart is installed as it is published."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chart.charts import CHART
from cluster import Cluster, Failed


@contextmanager
def published(cluster: Cluster, folder: Path) -> Iterator[str]:
    """The chart's address in a registry that is there during the block; it has no certificate."""
    cluster.helm("package", str(CHART), "--destination", str(folder))
    (package,) = folder.glob("outlay-*.tgz")
    with _registry(cluster) as address:
        cluster.helm("push", str(package), f"oci://{address}/charts", "--plain-http")
        yield f"oci://{address}/charts/outlay"


@contextmanager
def _registry(cluster: Cluster) -> Iterator[str]:
    command = (str(cluster.tool("registry")), "-port=0")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            if "serving on port" not in said:
                raise Failed(f"The registry did not start: {said}")
            yield f"localhost:{said.split()[-1]}"
        finally:
            process.terminate()
