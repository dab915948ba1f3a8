"""Whether there is room for a restore, as far as it can be seen from here."""

import shutil
from pathlib import Path
from typing import Final

import asyncpg

from outlay_backup.database import Connection
from outlay_backup.errors import RestoreRefusedError
from outlay_backup.model import Manifest

# A restored database has no bloat, but its indexes are sorted in files beside it.
SPARE: Final = 1.2


def refuse_full_folder(folder: Path, manifest: Manifest) -> None:
    """The plain dump lies in the scratch folder while it is restored."""
    free = shutil.disk_usage(folder).free
    if free < manifest.dump.plain_bytes:
        raise RestoreRefusedError(
            f"{folder} has {free} bytes free, and the dump needs {manifest.dump.plain_bytes}. Give"
            " another folder with --scratch."
        )


async def refuse_full_server(
    connection: Connection, manifest: Manifest, free_bytes: int | None
) -> str | None:
    """Refuse when the server's disk is too small; return a sentence where it cannot be seen."""
    free = free_bytes if free_bytes is not None else await _free(connection)
    needed = int(manifest.source.bytes * SPARE)
    if free is None:
        return f"The server's free space cannot be seen from here; {needed} bytes are needed."
    if free < needed:
        raise RestoreRefusedError(
            f"The server has {free} bytes free, and the restored database needs about {needed}"
            " beside the old one. Make its volume larger, or drop what an earlier restore kept."
        )
    return None


async def _free(connection: Connection) -> int | None:
    """The server's disk, when it is this machine's: asked only over a Unix socket."""
    if await connection.fetchval("select inet_server_addr()") is not None:
        return None
    try:
        folder = await connection.fetchval("show data_directory")
        return shutil.disk_usage(folder).free
    except (asyncpg.InsufficientPrivilegeError, OSError):
        return None
