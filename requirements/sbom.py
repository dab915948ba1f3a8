"""Lists what an image holds, as CycloneDX 1.6: `python requirements/sbom.py service|operator > sbom.json`.

The locks say it: requirements/service.txt and operator.txt for Python, package-lock.json for what the pages bundle.
Debian's packages, and PostgreSQL in the operator's image, are for a scanner of images to find.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from packaging.markers import Marker

ROOT: Final = Path(__file__).parents[1]
_PIN: Final = re.compile(r"^([\w.-]+)==([\w.]+)(?: ; (.+?))?(?: \\)?$")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def python_parts(image: str) -> Iterator[dict[str, Any]]:
    """Every pinned package that Linux gets, with the hashes of its files."""
    part: dict[str, Any] | None = None
    for line in (ROOT / "requirements" / f"{image}.txt").read_text().splitlines():
        if pin := _PIN.match(line):
            name, version, marker = pin.groups()
            part = _part("pypi", name, version)
            if marker is None or Marker(marker).evaluate({"sys_platform": "linux"}):
                yield part
        elif part is not None and (found := _HASH.search(line)):
            reference = {"type": "distribution", "url": part["purl"]}
            hashes = [{"alg": "SHA-256", "content": found[1]}]
            part["externalReferences"].append({**reference, "hashes": hashes})


def page_parts() -> Iterator[dict[str, Any]]:
    """What the pages bundle: the packages that are not only for building them."""
    lock = json.loads((ROOT / "app" / "web" / "package-lock.json").read_text())
    for path, package in lock["packages"].items():
        if path and not package.get("dev"):
            yield _part("npm", path.rpartition("node_modules/")[2], package["version"])


def bill(image: str) -> dict[str, Any]:
    pages = page_parts() if image == "service" else ()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    outlay = _part("pypi", project["name"], project["version"]) | {"type": "application"}
    return {
        "$schema": "https://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": outlay},
        "components": [*python_parts(image), *pages],
    }


def _part(kind: str, name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "externalReferences": [],
    }


if __name__ == "__main__":
    (name,) = sys.argv[1:]
    if name not in {"service", "operator"}:
        sys.exit("Name the image: service or operator.")
    sys.stdout.write(json.dumps(bill(name), indent=1) + "\n")
