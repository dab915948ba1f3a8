"""Logs: JSON a line in a pod, text at a terminal."""

import logging
import sys
from typing import Final

import msgspec

from outlay_operator import moments

_NOISY: Final = ("kopf.objects", "kopf.activities")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": moments.text(moments.now()),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def configure(kind: str) -> None:
    """Log to stderr as `json` or `text`; `auto` is text at a terminal."""
    handler = logging.StreamHandler()
    text = kind == "text" or (kind == "auto" and sys.stderr.isatty())
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s") if text else _Json()
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
