"""Whom a throw-away PostgreSQL runs as: it refuses root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outlay_backup.errors import ScratchError

_CANDIDATES: Final = ("outlay", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int


def account() -> Account | None:
    """Return the account to run it as; None for our own, which is right unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise ScratchError(
        "PostgreSQL refuses to run as root, and there is no account to run it as. Run this as an"
        " ordinary user."
    )


def give(path: Path, to: Account | None) -> None:
    if to is not None:
        os.chown(path, to.uid, to.gid)
