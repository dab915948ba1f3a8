"""Which service the command line talks to, and with which token."""

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import msgspec

from outlay.cli.errors import NotAllowedError, UnreachableError
from outlay.embedded.folder import default_dir

CLIENT_FILE: Final = "client.json"


class Client(msgspec.Struct, frozen=True):
    """What a service running on this machine leaves for its owner's command line."""

    url: str
    token: str


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    token: str


def find_target(url: str | None) -> Target:
    """The service of `--url` or OUTLAY_URL, else the one of this machine.

    The token comes from OUTLAY_TOKEN, the file in OUTLAY_TOKEN_FILE, the local service's file or,
    at a terminal, from the person; never from the command line, which others can read.
    """
    url = url or os.environ.get("OUTLAY_URL")
    local = read_client(client_file())
    if url is None:
        if local is None:
            raise UnreachableError(
                "No service is known: start one with `outlay serve`, or set OUTLAY_URL and"
                " OUTLAY_TOKEN to use one elsewhere"
            )
        return Target(local.url, _given_token() or local.token)
    url = url.rstrip("/")
    own = local.token if local and local.url == url else ""
    return Target(url, _given_token() or own or _asked_token(url))


def client_file() -> Path:
    """Name the local service's file; its folder is that of the embedded database."""
    chosen = os.environ.get("OUTLAY_DATA_DIR", "")
    return (Path(chosen).expanduser() if chosen else default_dir()) / CLIENT_FILE


def read_client(path: Path) -> Client | None:
    """Read the local service's file; None where there is none.

    Raises NotAllowedError when others could have read or written it.
    """
    try:
        text = _private_text(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        # The folder of another account, such as root's service: not ours to use.
        return None
    return msgspec.json.decode(text, type=Client)


def _given_token() -> str:
    if token := os.environ.get("OUTLAY_TOKEN", "").strip():
        return token
    if path := os.environ.get("OUTLAY_TOKEN_FILE", ""):
        try:
            return _private_text(Path(path).expanduser()).strip()
        except OSError as error:
            raise NotAllowedError(f"The token file {path}: {error.strerror}") from error
    return ""


def _private_text(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        found = os.fstat(file.fileno())
        if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid not in {os.geteuid(), 0}:
            raise NotAllowedError(
                f"{path} holds a token, and others can read it or own it: chmod 600 {path},"
                " and take a new token if it was seen"
            )
        return file.read()


def _asked_token(url: str) -> str:
    if not sys.stdin.isatty():
        raise NotAllowedError(f"Set OUTLAY_TOKEN or OUTLAY_TOKEN_FILE to use {url}")
    return str(click.prompt(f"Token for {url}", hide_input=True, err=True)).strip()
