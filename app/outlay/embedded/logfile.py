"""The server's log file: bounded in size and number."""

import collections
import logging
import logging.handlers
from pathlib import Path

_BYTES = 5 * 1024 * 1024
_KEPT = 5


class ServerLog(logging.handlers.RotatingFileHandler):
    """Five files of 5 MiB beside the current one, and the last lines in memory."""

    def __init__(self, path: Path, size: int = _BYTES, kept: int = _KEPT) -> None:
        super().__init__(path, maxBytes=size, backupCount=kept, encoding="utf-8")
        self._last: collections.deque[str] = collections.deque(maxlen=12)

    def line(self, text: str) -> None:
        self._last.append(text)
        self.handle(logging.LogRecord("postgres", logging.INFO, "", 0, text, None, None))

    def tail(self) -> str:
        return "\n".join(self._last)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """Drop the line: a full disk must not stop the reader, or the server would block."""
