"""The right to use a data folder: one Outlay at a time, and no server left from an earlier one."""

import os

from outlay.embedded import orphans
from outlay.embedded.errors import AlreadyRunningError
from outlay.embedded.folder import Folder
from outlay.embedded.locks import FileLock


class Claim:
    """Both locks of a data folder, held until `release` or the end of this process."""

    def __init__(self, folder: Folder) -> None:
        """Take the folder; raise AlreadyRunningError when another process has it.

        A server that outlived a killed Outlay is stopped first, and its leftovers are removed.
        """
        self._owner = FileLock(folder.owner_lock)
        self._server = FileLock(folder.server_lock)
        try:
            self._take(folder)
        except BaseException:
            self.release()
            raise

    @property
    def server_fd(self) -> int:
        """The descriptor that every program working on the folder has to inherit."""
        return self._server.fd

    def release(self) -> None:
        self._server.release()
        self._owner.release()

    def _take(self, folder: Folder) -> None:
        if not self._owner.take():
            raise AlreadyRunningError(
                f"Outlay already runs on {folder.path} (process {self._owner.read()}). Use that"
                " one, stop it, or set OUTLAY_DATA_DIR to another folder."
            )
        self._owner.note(f"{os.getpid()}\n")
        orphans.end_servers(folder, self._server)
        orphans.remove_leftovers(folder)
