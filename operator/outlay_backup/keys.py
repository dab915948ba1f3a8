"""age keys: the owners' public ones, a run's own, and the private one of a restore."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import pyrage

from outlay_backup.errors import KeyRefusedError

Recipient: TypeAlias = pyrage.x25519.Recipient | pyrage.ssh.Recipient
Identity: TypeAlias = pyrage.x25519.Identity | pyrage.ssh.Identity

_SECRET: Final = "AGE-SECRET-KEY-"  # noqa: S105 - what one begins with
_PEM: Final = "-----BEGIN "


def recipients(lines: Iterable[str]) -> dict[str, Recipient]:
    """Read public keys, one a line: age1... or a line of an SSH .pub file; # begins a comment."""
    found: dict[str, Recipient] = {}
    for line in (line.strip() for line in lines):
        if line and not line.startswith("#"):
            found[line] = _recipient(line)
    return found


def _recipient(text: str) -> Recipient:
    if text.upper().startswith(_SECRET):
        raise KeyRefusedError(
            "A private key was given where a public one belongs (age1...). Keep it out of here, and"
            " give the public key that `outlay backup key` or `age-keygen -y` prints for it."
        )
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise KeyRefusedError(
            f"{text[:40]!r} is no public key of age ({error}). Give age1..., or ssh-ed25519 or"
            " ssh-rsa as in an SSH .pub file."
        ) from error


def recipients_of_files(paths: Sequence[Path]) -> dict[str, Recipient]:
    found: dict[str, Recipient] = {}
    for path in paths:
        found |= recipients(_text(path).splitlines())
    return found


def identities(path: Path) -> list[Identity]:
    """Read private keys from a file: an age key file or an SSH private key without a passphrase."""
    text = _text(path)
    try:
        if _PEM in text:
            return [pyrage.ssh.Identity.from_buffer(text.encode())]
        lines = (line.strip() for line in text.splitlines())
        keys = [line for line in lines if line and not line.startswith("#")]
        found: list[Identity] = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except pyrage.IdentityError as error:
        raise KeyRefusedError(
            f"{path} holds no private key that can be used: {error}. Give the file that"
            " `outlay backup key` or age-keygen wrote."
        ) from error
    if not found:
        raise KeyRefusedError(f"{path} holds no private key (a line AGE-SECRET-KEY-1...).")
    return found


def own() -> pyrage.x25519.Identity:
    """Make a key that lives in memory only, for as long as the run that verifies with it."""
    return pyrage.x25519.Identity.generate()


def new_key_file(path: Path) -> str:
    """Write a new private key, readable by its owner only, and return its public key.

    Raises KeyRefusedError where a file is there already: a key is never overwritten.
    """
    key = pyrage.x25519.Identity.generate()
    public = str(key.to_public())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(f"# Opens the backups of Outlay. public key: {public}\n{key}\n")
    except FileExistsError as error:
        raise KeyRefusedError(f"{path} is there already, and a key is never replaced.") from error
    except OSError as error:
        raise KeyRefusedError(f"{path} cannot be written: {error.strerror}.") from error
    return public


def public_of(path: Path) -> str:
    """Return the public key of a key file of age."""
    for key in identities(path):
        if isinstance(key, pyrage.x25519.Identity):
            return str(key.to_public())
    raise KeyRefusedError(f"{path} is an SSH key; give its .pub file as a recipient instead.")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeyRefusedError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise KeyRefusedError(f"{path} is no text, so no key file of age.") from error
