"""The data folder of a local Outlay: where it is, what lies in it, who may enter."""

import os
from dataclasses import dataclass
from pathlib import Path

from outlay.embedded.accounts import account_for, closed_parent, give
from outlay.embedded.errors import DataFolderError

_ROOT_DEFAULT = Path("/var/lib/outlay")
_LOCK = "outlay.lock"
_HARMLESS = frozenset({_LOCK, "lost+found", ".DS_Store"})


@dataclass(frozen=True, slots=True)
class Folder:
    """The names inside a data folder."""

    path: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.path / "postgres"

    @property
    def successor(self) -> Path:
        """A finished upgrade that waits for its swap."""
        return self.path / "postgres.next"

    @property
    def log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def owner_lock(self) -> Path:
        """Held by the one Outlay that uses the folder."""
        return self.path / _LOCK

    @property
    def server_lock(self) -> Path:
        """Held as long as any PostgreSQL process of the folder lives."""
        return self.path / "postgres.lock"

    @property
    def socket_note(self) -> Path:
        """Names the socket folder when it had to be outside."""
        return self.path / "socket-folder"


def data_dir(chosen: Path | None) -> Path:
    """Return the data folder, made if absent, mode 0700.

    Without a choice: `outlay` in the XDG data home; for root, whose home is closed to the account
    the server runs as, /var/lib/outlay. A folder with anything else in it is refused, so that a
    slip of the hand never changes the owner or the mode of somebody's files.
    """
    path = (chosen.expanduser() if chosen else default_dir()).absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(path)
        _hand_over(path)
    except OSError as error:
        raise DataFolderError(
            f"The data folder {path} cannot be used: {error.strerror}."
            " Set OUTLAY_DATA_DIR to a folder of your own."
        ) from error
    return path


def default_dir() -> Path:
    """Return the data folder of whoever chose none."""
    home = os.environ.get("XDG_DATA_HOME", "")
    if Path(home).is_absolute():
        return Path(home) / "outlay"
    return _ROOT_DEFAULT if os.geteuid() == 0 else Path.home() / ".local/share/outlay"


def _refuse_foreign(path: Path) -> None:
    if (path / _LOCK).exists() or all(entry.name in _HARMLESS for entry in path.iterdir()):
        return
    raise DataFolderError(
        f"{path} holds files that are not Outlay's. Set OUTLAY_DATA_DIR to an empty folder, or to"
        " the folder of an earlier start."
    )


def _hand_over(path: Path) -> None:
    account = account_for(path)
    if closed := closed_parent(path, account):
        raise DataFolderError(
            f"{closed} is closed to {account.name if account else 'you'}, the account PostgreSQL"
            " runs as because it refuses root. Set OUTLAY_DATA_DIR to a folder that this account"
            f" can reach, such as {_ROOT_DEFAULT}, or start Outlay as an ordinary user."
        )
    give(path, account)
    path.chmod(0o700)
    (path / _LOCK).touch(mode=0o600)
