"""Writes the dashboards of the chart: `python helm/dashboards/build.py helm/outlay/dashboards`."""

import json
import sys
from pathlib import Path

import backups
import expenses
import node
import postgresql
import service


def main(folder: Path) -> None:
    for each in (service, expenses, postgresql, node, backups):
        text = json.dumps(each.DASHBOARD.json(), indent=1, ensure_ascii=False)
        (folder / f"{each.DASHBOARD.name}.json").write_text(f"{text}\n", encoding="utf-8")


main(Path(sys.argv[1]))
