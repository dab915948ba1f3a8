"""Writes the chart's README from its values: `make generated`."""

import sys

from chart.charts import CHART
from chart.tools import run

OPTIONS = (
    "--chart-search-root", str(CHART), "--sort-values-order", "file", "--log-level", "warning",
)  # fmt: skip

if __name__ == "__main__":
    done = run("helm-docs", *OPTIONS)
    sys.stderr.write(done.stderr)
    sys.exit(done.returncode)
