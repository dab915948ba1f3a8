"""Which service the command line talks to, and with which token."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from outlay.cli.errors import NotAllowedError, UnreachableError
from outlay.embedded.folder import default_dir
from outlay.server.clientfile import NAME, Client, ExposedError, private_text, read_client


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    token: str


def find_target(url: str | None) -> Target:
    """The service of `--url` or OUTLAY_URL, else the one of this machine.

    The token comes from OUTLAY_TOKEN, the file in OUTLAY_TOKEN_FILE, the local service's file or,
    at a terminal, from the person; never from the command line, which others can read.
    """
    url = url or os.environ.get("OUTLAY_URL", "")
    local = _local()
    if not url:
        if local is None:
            raise UnreachableError(
                "No service is known: start one with `outlay serve`, or set OUTLAY_URL and"
                " OUTLAY_TOKEN to use one elsewhere"
            )
        return Target(local.url, _given_token() or local.token)
    url = url.rstrip("/")
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise click.UsageError(f"{url!r} is no address; write http://localhost:8000, for example")
    own = local.token if local and local.url == url else ""
    return Target(url, _given_token() or own or _asked_token(url))


def client_file() -> Path:
    """Name the local service's note; its folder is that of the embedded database."""
    chosen = os.environ.get("OUTLAY_DATA_DIR", "")
    return (Path(chosen).expanduser() if chosen else default_dir()) / NAME


def _local() -> Client | None:
    try:
        return read_client(client_file())
    except ExposedError as error:
        raise NotAllowedError(str(error)) from error


def _given_token() -> str:
    if token := os.environ.get("OUTLAY_TOKEN", "").strip():
        return token
    if path := os.environ.get("OUTLAY_TOKEN_FILE", ""):
        try:
            return private_text(Path(path).expanduser()).strip()
        except ExposedError as error:
            raise NotAllowedError(str(error)) from error
        except OSError as error:
            raise NotAllowedError(f"The token file {path}: {error.strerror}") from error
    return ""


def _asked_token(url: str) -> str:
    if not sys.stdin.isatty():
        raise NotAllowedError(f"Set OUTLAY_TOKEN or OUTLAY_TOKEN_FILE to use {url}")
    return str(click.prompt(f"Token for {url}", hide_input=True, err=True)).strip()
