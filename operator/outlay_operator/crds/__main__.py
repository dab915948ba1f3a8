"""`python -m outlay_operator.crds FOLDER`: writes a file for each custom resource."""

import sys
from pathlib import Path

from outlay_operator.crds.definitions import ALL
from outlay_operator.crds.text import text


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for resource in ALL:
        (folder / f"{resource.plural}.yaml").write_text(text(resource), encoding="utf-8")


main(Path(sys.argv[1]))
