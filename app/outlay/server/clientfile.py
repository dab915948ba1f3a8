"""The note that a service of this machine leaves for its owner's command line."""

import os
import stat
from pathlib import Path
from typing import Final

import msgspec

NAME: Final = "client.json"


class Client(msgspec.Struct, frozen=True):
    """Where the service is, and a token for it."""

    url: str
    token: str


class ExposedError(Exception):
    """A file with a token can be read or was written by others."""


def write_client(path: Path, client: Client) -> None:
    """Write the note with mode 0600, in one step."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(client))
    beside.replace(path)


def read_client(path: Path) -> Client | None:
    """Read the note; None where there is none, or none for us.

    Raises ExposedError as `private_text` does.
    """
    try:
        return msgspec.json.decode(private_text(path), type=Client)
    except (FileNotFoundError, NotADirectoryError, PermissionError, msgspec.DecodeError):
        return None


def private_text(path: Path) -> str:
    """Read a file that only its owner, who is us or root, can read; ExposedError for another."""
    with path.open(encoding="utf-8") as file:
        found = os.fstat(file.fileno())
        if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid not in {os.geteuid(), 0}:
            raise ExposedError(
                f"{path} holds a token, and others can read it or own it: chmod 600 {path},"
                " and take a new token if it was seen"
            )
        return file.read()
