"""Where a command works: in the namespace that is named, or in that of its pod."""

from pathlib import Path
from typing import Final

import click

_FILE: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


def namespace(named: str) -> str:
    """Return the namespace; an error that says how to name it outside of a pod."""
    if named:
        return named
    try:
        return _FILE.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise click.ClickException("Not in a pod: name the namespace with --namespace.") from error
