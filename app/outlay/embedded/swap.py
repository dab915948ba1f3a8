"""Puts an upgraded data directory in the place of the old one, which stays beside it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from outlay.embedded.cluster import flush, major_of
from outlay.embedded.folder import Folder


def swap(folder: Folder, upgraded: Path) -> Path:
    """Put `upgraded` in place and return where the old data directory is kept.

    Killed in between, `finish_swap` completes it at the next start: there is never a moment at
    which a start would find no data and make an empty database.
    """
    now = datetime.now(UTC)
    kept = folder.path / f"postgres-{major_of(folder.cluster)}-{now:%Y%m%dT%H%M%SZ}"
    upgraded.rename(folder.successor)
    flush(folder.path)
    folder.cluster.rename(kept)
    flush(folder.path)
    finish_swap(folder)
    return kept


def finish_swap(folder: Folder) -> None:
    """Complete a swap whose old directory was already moved away; drop one that had not begun.

    The second because the old data may have changed since.
    """
    if not folder.successor.exists():
        return
    if folder.cluster.exists():
        shutil.rmtree(folder.successor)
    else:
        folder.successor.rename(folder.cluster)
    flush(folder.path)
