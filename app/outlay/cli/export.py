"""`outlay export`."""

import os
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
import httpx

from outlay.cli.errors import CommandError
from outlay.cli.filters import filter_options, query
from outlay.cli.names import Names
from outlay.cli.output import note
from outlay.cli.progress import progress
from outlay.cli.session import Session, connected

FORMATS: Final = click.Choice(["csv", "archive"])


@click.command
@click.argument("period", required=False)
@click.option("--format", "file_format", type=FORMATS, default="csv", show_default=True)
@click.option("--output", "-o", metavar="FILE", help="`-` is stdout, which is the default.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option("--history", is_flag=True, help="With an archive: every change ever made, too.")
@click.option("--gzip", is_flag=True, help="Pack it; a FILE that ends in .gz is packed anyway.")
@filter_options
@connected()
def export(
    session: Session,
    file_format: str,
    output: str | None,
    force: bool,
    history: bool,
    gzip: bool,
    **given: Any,
) -> None:
    """Take the ledger away: a CSV of what the filters want, or an archive of all there is.

    An archive can be brought in again with `outlay import`. A file is written whole or not at all.
    """
    packed = gzip or (output or "").endswith(".gz")
    params = {"format": file_format, "compress": "gzip" if packed else None}
    params |= {"history": "true" if history else None}
    params |= query(session, Names(session), given)
    with session.api.stream(f"{session.path}/export", params) as answer:
        if output in {None, "-"}:
            _to_stdout(answer, packed=packed)
        else:
            _to_file(answer, Path(output or ""), force=force)


def _to_stdout(answer: httpx.Response, *, packed: bool) -> None:
    if packed and sys.stdout.isatty():
        raise CommandError("A packed file is nothing for a terminal; add -o FILE")
    _copy(answer, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _to_file(answer: httpx.Response, path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise CommandError(f"{path} is there already; add --force to replace it")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # Spending is nobody else's business: only the owner reads the file.
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            size = _copy(answer, file)
        beside.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)
    note(f"Wrote {size} bytes to {path}")


def _copy(answer: httpx.Response, out: BinaryIO) -> int:
    size = 0
    with progress("Exporting", None) as advance:
        for part in answer.iter_bytes():
            out.write(part)
            size += len(part)
            advance(len(part))
    return size
