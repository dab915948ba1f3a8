"""What an upgrade begins with: the release before this one, or where there is none this tree without its newest change
of the schema."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from chart.charts import CHART, ROOT
from cluster import Cluster
from cluster.run import run
from e2e import images

IMAGE: Final = "localhost/outlay:before"
_SQL: Final = Path("app/outlay/migrations/sql")
_RELEASE: Final = re.compile(r"v(\d+)\.(\d+)\.(\d+)")

Version = tuple[int, ...]


@dataclass(frozen=True)
class Before:
    """Its chart, and the number of its newest change of the schema."""

    chart: Path
    schema: int


def newest(tree: Path = ROOT) -> Path:
    """The newest change of the schema in a tree of the project."""
    return max((tree / _SQL).glob("*.sql"), key=lambda path: path.name)


def number(change: Path) -> int:
    return int(change.name.partition("_")[0])


def release_before(tags: str, version: str) -> str | None:
    """The tag of the last release before a version, where the tags (a line each) have one."""
    released = {_version(tag): tag for tag in tags.split() if _RELEASE.fullmatch(tag)}
    older = [each for each in released if each < _version(f"v{version}")]
    return released[max(older)] if older else None


def make(cluster: Cluster, folder: Path) -> Before:
    """Its image, loaded as `IMAGE`, and its chart in the folder."""
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["version"]
    tag = release_before(_tags(), version)
    return _released(cluster, folder, tag) if tag else _reduced(cluster, folder)


def _version(tag: str) -> Version:
    found = _RELEASE.fullmatch(tag)
    assert found, tag
    return tuple(map(int, found.groups()))


def _tags() -> str:
    """The tags of this checkout; none where it is no checkout."""
    command = ("git", "-C", str(ROOT), "tag", "--list", "v*")
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _released(cluster: Cluster, folder: Path, tag: str) -> Before:
    archive = folder / "release.tar"
    run("git", "-C", str(ROOT), "archive", f"--output={archive}", tag)
    tree = folder / tag
    tree.mkdir()
    run("tar", "--extract", f"--file={archive}", f"--directory={tree}")
    cluster.build_image(IMAGE, tree, images.base(cluster), target="app")
    return Before(tree / "helm/outlay", number(newest(tree)))


def _reduced(cluster: Cluster, folder: Path) -> Before:
    change = newest()
    (folder / "Dockerfile").write_text(
        "ARG BASE\nFROM ${BASE}\nUSER 0\n"
        f"RUN rm /opt/outlay/lib/python3*/site-packages/outlay/migrations/sql/{change.name}\n"
        "USER 10001:10001\n"
    )
    cluster.build_image(IMAGE, folder, {"BASE": images.IMAGE})
    version = ("--version", "0.0.9", "--app-version", "0.0.9")
    cluster.helm("package", str(CHART), *version, "--destination", str(folder))
    return Before(folder / "outlay-0.0.9.tgz", number(change) - 1)
