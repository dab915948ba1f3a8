"""The account the server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from outlay.embedded.errors import DataFolderError

_CANDIDATES = ("outlay", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int


def account_for(folder: Path) -> Account | None:
    """Return the account for the server of `folder`, or None when we are not root.

    A folder that belongs to somebody keeps its owner; a new one gets the first account of
    `outlay`, `postgres` and `nobody` that this machine has.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(f"user {owner.st_uid}", owner.st_uid, owner.st_gid)
    for name in _CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise DataFolderError(
        "PostgreSQL refuses to run as root, and this machine has no account to run it as."
        " Create one with `useradd --system outlay`, or start Outlay as an ordinary user."
    )


def give(path: Path, account: Account | None) -> None:
    """Make `account` the owner of `path`; nothing to do when we are not root."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def closed_parent(path: Path, account: Account | None) -> Path | None:
    """Return the outermost folder on the way to `path` that `account` cannot enter."""
    if account is None:
        return None
    for parent in reversed(path.resolve().parents):
        if not _may_enter(parent.stat(), account):
            return parent
    return None


def _may_enter(folder: os.stat_result, account: Account) -> bool:
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)
