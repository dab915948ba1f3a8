"""The folder of the server's Unix socket: private, and short enough for the kernel."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from outlay.embedded.accounts import Account, account_for, closed_parent, give
from outlay.embedded.cluster import DATABASE, ROLE
from outlay.embedded.errors import DataFolderError
from outlay.embedded.folder import Folder
from outlay.embedded.postmaster import PORT

_PREFIX = "outlay-"
_SOCKET = f"/.s.PGSQL.{PORT}"
# sockaddr_un.sun_path: 108 bytes on Linux, 104 on macOS, one of them for the closing NUL.
_LONGEST = 107 if sys.platform == "linux" else 103


def socket_dir(folder: Folder) -> Path:
    """Make the socket folder, empty, mode 0700; nobody may be using an earlier one.

    It is `run` in the data folder, or a new one in the runtime or temporary folder when that name
    would be too long; the data folder then keeps a note of it, so that the next start removes it.
    """
    account = account_for(folder.path)
    remove_socket_dir(folder)
    inside = folder.path / "run"
    if _fits(inside):
        inside.mkdir(mode=0o700)
        give(inside, account)
        return inside
    outside = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_outside(account)))
    folder.socket_note.write_text(str(outside))
    give(outside, account)
    return outside


def dsn(sockets: Path) -> str:
    """Return the address for asyncpg and psql; complete, so that no PG* variable changes it."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(sockets), safe='/')}&port={PORT}"


def clear(sockets: Path) -> None:
    """Remove what a killed server left: a lock file whose process number may be another's now."""
    for left in sockets.iterdir():
        left.unlink()


def remove_socket_dir(folder: Folder) -> None:
    """Remove the socket folder; nobody may be using it."""
    shutil.rmtree(folder.path / "run", ignore_errors=True)
    if not folder.socket_note.exists():
        return
    noted = Path(folder.socket_note.read_text())
    if noted.name.startswith(_PREFIX) and noted.is_dir() and not noted.is_symlink():
        shutil.rmtree(noted, ignore_errors=True)
    folder.socket_note.unlink()


def _fits(sockets: Path) -> bool:
    """Tell whether the kernel takes the path, and asyncpg, which reads a comma as a list."""
    return len(os.fsencode(f"{sockets}{_SOCKET}")) <= _LONGEST and "," not in str(sockets)


def _outside(account: Account | None) -> Path:
    runtime = [] if account else [os.environ.get("XDG_RUNTIME_DIR", "")]
    for name in [*runtime, tempfile.gettempdir(), "/tmp"]:  # noqa: S108  mkdtemp makes it private
        sample = Path(name) / (_PREFIX + 8 * "x")
        usable = Path(name).is_absolute() and os.access(name, os.W_OK | os.X_OK)
        if usable and _fits(sample) and closed_parent(sample, account) is None:
            return Path(name)
    raise DataFolderError(
        f"No folder is short enough for a Unix socket ({_LONGEST} bytes)."
        " Set TMPDIR to a short path that you can write to, or OUTLAY_DATA_DIR to a shorter one."
    )


def running_dsn(folder: Folder) -> str | None:
    """Return the address of the server that takes connections on the folder; None without one."""
    places = [folder.path / "run"]
    if folder.socket_note.exists():
        places.append(Path(folder.socket_note.read_text()))
    return next((dsn(place) for place in places if (place / _SOCKET.strip("/")).exists()), None)
