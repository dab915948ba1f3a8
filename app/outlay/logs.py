"""Logs: one JSON object a line for machines, plain lines for a terminal."""

import logging
import re
import sys
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from time import time
from typing import Any, Final

import msgspec

from outlay.settings import Settings

# What a format of another's may ask of a line.
_NOWHERE: Final[dict[str, Any]] = {
    **dict.fromkeys(("pathname", "filename", "module", "processName", "threadName"), ""),
    **dict.fromkeys(("exc_info", "exc_text", "stack_info", "funcName", "taskName")),
    **dict.fromkeys(("lineno", "process", "thread", "relativeCreated"), 0),
}


class Fact(logging.LogRecord):
    """An INFO line with fields, without the caller, thread and process that nobody reads.

    Looking those up took a third of the time of a request's log line.
    """

    def __init__(  # the base class's is what costs
        self, name: str, message: str, args: tuple[Any, ...], fields: dict[str, Any]
    ) -> None:
        now = time()
        self.__dict__.update(
            _NOWHERE, name=name, msg=message, args=args, levelno=logging.INFO, levelname="INFO",
            created=now, msecs=now % 1 * 1000, fields=fields,
        )  # fmt: skip


@lru_cache(maxsize=8)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


class JsonLines(logging.Formatter):
    """{"at", "level", "logger", "message", ...fields} with times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": f"{_second(int(record.created))}.{int(record.created % 1 * 1000):03}+00:00",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


class PlainLines(logging.Formatter):
    """`12:30:05 message  key=value ...` for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        shown = " ".join(
            f"{k}={v}" for k, v in fields.items() if v is not None and k not in _IN_MESSAGE
        )
        return f"{super().format(record)}  {shown}".rstrip()


_IN_MESSAGE = frozenset({"method", "route", "status"})


class DailyFile(TimedRotatingFileHandler):
    """A new file a day (UTC); earlier ones go by their dates, however few there are."""

    def __init__(self, file: Path, days: int) -> None:
        super().__init__(file, when="midnight", backupCount=days, utc=True)

    def getFilesToDelete(self) -> list[str]:  # noqa: N802 - its name in the base class
        """Those of more days ago than files are kept for."""
        file = Path(self.baseFilename)
        own = re.compile(re.escape(file.name) + r"\.(\d{4}-\d\d-\d\d)")
        oldest = (datetime.now(UTC) - timedelta(days=self.backupCount)).date().isoformat()
        found = ((path, own.fullmatch(path.name)) for path in file.parent.iterdir())
        return [str(path) for path, name in found if name and name[1] < oldest]


def configure(settings: Settings) -> None:
    """Send the `outlay` loggers to stderr and, when asked, to a file kept for a number of days."""
    as_json = settings.log_format == "json" or (
        settings.log_format == "auto" and not sys.stderr.isatty()
    )
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    handlers[0].setFormatter(JsonLines() if as_json else PlainLines())
    if settings.log_file:
        settings.log_file.parent.mkdir(parents=True, exist_ok=True)
        rotating = DailyFile(settings.log_file, settings.log_file_days)
        rotating.setFormatter(JsonLines())
        handlers.append(rotating)
    root = logging.getLogger("outlay")
    root.handlers[:] = handlers
    root.setLevel(settings.log_level.upper())
    root.propagate = False
