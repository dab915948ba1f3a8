"""Every setting: one dataclass, read from OUTLAY_* variables and overridden by flags."""

import ipaddress
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

PREFIX: Final = "OUTLAY_"
MASK: Final = "********"


class SettingsError(ValueError):
    """All mistakes in the settings at once, a line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(
            "\n".join(["These settings are not right:", *(f"  {m}" for m in mistakes)])
        )
        self.mistakes = mistakes


def _text(value: str) -> str:
    return value


def _port(value: str) -> int:
    if value.startswith("tcp://"):
        raise ValueError(
            f"is {value}, which Kubernetes sets for a Service named outlay; "
            "set enableServiceLinks: false on the pod"
        )
    return _whole(0, 65535)(value)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"is {value!r:.60}; give a whole number from {low} to {high}")
        return int(value)

    return parse


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise ValueError(f"is {value!r:.60}; give seconds above 0, at most 3600")
    return seconds


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"is {value!r:.60}; give one of {', '.join(allowed)}")
        return value

    return parse


def _database_url(value: str) -> str:
    if urlsplit(value).scheme not in {"postgresql", "postgres"}:
        raise ValueError("is not a PostgreSQL address; give postgresql://user@host:5432/database")
    return value


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"is {value!r:.60}; give an address such as https://outlay.example.org")
    return value.rstrip("/")


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


def _networks(value: str) -> tuple[str, ...]:
    names = _names(value)
    for name in names:
        try:
            ipaddress.ip_network(name)
        except ValueError:
            raise ValueError(
                f"holds {name!r:.60}; give addresses or networks such as 10.0.0.0/8"
            ) from None
    return names


def _path(value: str) -> Path:
    return Path(value).expanduser()


def _file(value: str) -> Path:
    path = _path(value)
    if path.is_dir():
        raise ValueError(f"is the folder {value!r:.60}; give a file in it")
    return path


def _setting(parse: Callable[[str], Any], default: Any, text: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"parse": parse, "help": text, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's settings; times in seconds, sizes in bytes unless the name says otherwise."""

    database_url: str | None = _setting(
        _database_url, None, "PostgreSQL to use; without it an embedded one is started", secret=True
    )
    database_password_file: Path | None = _setting(
        _path, None, "file with the database password, read again at every connection"
    )
    database_pool: int = _setting(_whole(2, 200), 16, "connections kept to the database at most")
    database_wait: int = _setting(
        _whole(0, 3600), 0, "seconds that a start waits for a database that is not there yet"
    )
    data_dir: Path | None = _setting(
        _path, None, "folder of the embedded database (XDG data home/outlay by default)"
    )
    host: str = _setting(_text, "127.0.0.1", "address that serves the pages and the API")
    port: int = _setting(_port, 8000, "port that serves the pages and the API")
    management_host: str = _setting(_text, "127.0.0.1", "address of /metrics, /healthz and /readyz")
    management_port: int = _setting(_port, 9000, "port of /metrics, /healthz and /readyz")
    public_url: str | None = _setting(
        _public_url, None, "address people use, where a proxy stands in front"
    )
    allowed_hosts: tuple[str, ...] = _setting(
        _names, (), "further Host names to answer to, separated by commas"
    )
    trusted_proxies: tuple[str, ...] = _setting(
        _networks, (), "networks whose X-Forwarded-For and -Proto are believed"
    )
    log_format: str = _setting(
        _choice("auto", "json", "text"), "auto", "json, text, or auto: text on a terminal"
    )
    log_level: str = _setting(
        _choice("debug", "info", "warning", "error"), "info", "least level logged"
    )
    log_file: Path | None = _setting(_path, None, "also log to this file, a new one a day")
    log_file_days: int = _setting(_whole(1, 3650), 14, "days that log files are kept")
    admin_email: str | None = _setting(
        _text, None, "address of the first administrator, made at start if there is none"
    )
    admin_password_file: Path | None = _setting(
        _path, None, "file with the first administrator's password, read only to make them"
    )
    session_days: int = _setting(_whole(1, 365), 30, "days until an unused session ends")
    trash_days: int = _setting(_whole(1, 3650), 30, "days that the trash keeps a row")
    statement_timeout: float = _setting(_seconds, 15.0, "seconds a database statement may take")
    drain_seconds: int = _setting(
        _whole(0, 300), 0, "seconds to serve on after SIGTERM while clients are sent elsewhere"
    )
    request_timeout: float = _setting(_seconds, 30.0, "seconds a request may take to arrive")
    max_body: int = _setting(_whole(1024, 1 << 30), 1 << 20, "largest body in bytes")
    max_bulk_body: int = _setting(_whole(1024, 1 << 30), 16 << 20, "largest body of a bulk request")
    max_upload: int = _setting(_whole(1024, 1 << 34), 128 << 20, "largest uploaded file")
    backup_state_file: Path | None = _setting(
        _file, None, "file in which the backup operator says how backups are, read when it changes"
    )
    max_sse_clients: int = _setting(_whole(1, 100_000), 5000, "live connections held at once")


def load(env: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Settings:
    """Read `env` (and `flags`, which win; keys are field names); raises SettingsError with all mistakes."""
    given: dict[str, Any] = {}
    mistakes: list[str] = []
    for item in fields(Settings):
        name = PREFIX + item.name.upper()
        text = (flags or {}).get(item.name)
        text = env.get(name, "") if text is None else text
        if text == "":
            continue
        try:
            given[item.name] = item.metadata["parse"](text)
        except ValueError as error:
            mistakes.append(f"{name} {error}")
    settings = Settings(**given)
    if settings.port == settings.management_port != 0 and not mistakes:
        mistakes.append(f"{PREFIX}MANAGEMENT_PORT is the same as {PREFIX}PORT; give it another")
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """List (variable, value, what it is for) with secrets masked."""
    rows = []
    for item in fields(settings):
        value = getattr(settings, item.name)
        shown = "" if value is None else ",".join(value) if isinstance(value, tuple) else str(value)
        if item.metadata["secret"] and shown:
            shown = MASK
        rows.append((PREFIX + item.name.upper(), shown, item.metadata["help"]))
    return rows


def as_markdown() -> str:
    """The table of the operations guide, from the defaults."""
    rows = [
        f"| `{name}` | {f'`{value}`' if value else ''} | {text} |"
        for name, value, text in describe(Settings())
    ]
    return "\n".join(["| variable | default | what it is |", "|---|---|---|", *rows])


if __name__ == "__main__":
    sys.stdout.write(as_markdown() + "\n")
