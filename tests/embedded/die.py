"""Start or upgrade, and be killed on the way: die.py MOMENT NUMBER start|upgrade PATH...

MOMENT is `before` or `after` the NUMBERth rename of a PostgreSQL directory, or `saying` the
NUMBERth step of an upgrade.
"""

import os
import signal
import sys
from pathlib import Path

from outlay.embedded import EmbeddedPostgres
from outlay.embedded.upgrade import upgrade

_rename = Path.rename


class Killer:
    def __init__(self, moment: str, number: int) -> None:
        self.moment = moment
        self.number = number
        self.counted = {"before": 0, "after": 0, "saying": 0}

    def at(self, moment: str) -> None:
        self.counted[moment] += 1
        if moment == self.moment and self.counted[moment] == self.number:
            os.kill(os.getpid(), signal.SIGKILL)

    def rename(self, path: Path, target: Path) -> Path:
        if not target.name.startswith("postgres"):
            return _rename(path, target)
        self.at("before")
        moved = _rename(path, target)
        self.at("after")
        return moved


def main() -> None:
    moment, number, what, *paths = sys.argv[1:]
    killer = Killer(moment, int(number))

    def rename(path: Path, target: Path) -> Path:
        return killer.rename(path, target)

    Path.rename = rename
    if what == "start":
        EmbeddedPostgres(Path(paths[0])).start()
    else:
        upgrade(Path(paths[0]), Path(paths[1]), lambda _: killer.at("saying"))


if __name__ == "__main__":
    main()
