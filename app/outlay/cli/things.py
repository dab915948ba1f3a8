"""What commands for named things (categories, accounts, tags) do alike."""

from typing import Any

import click

from outlay.cli.api import CREATE
from outlay.cli.output import note
from outlay.cli.session import Session
from outlay.ids import uuid7

Row = dict[str, Any]


def create(session: Session, many: str, body: Row) -> Row:
    """Create one with an id of ours, so that it is safe to send again."""
    path = f"{session.path}/{many}/{uuid7()}"
    made: Row = session.api.call("PUT", path, body=body, headers=CREATE)
    return made


def change(session: Session, many: str, row: Row, body: Row) -> Row:
    changed: Row = session.api.call(
        "PATCH", _path(session, many, row), body=body, headers={"If-Match": row["etag"]}
    )
    return changed


def remove(session: Session, many: str, row: Row) -> Any:
    return session.api.call("DELETE", _path(session, many, row), headers={"If-Match": row["etag"]})


def merge(session: Session, many: str, row: Row, into: Row) -> Row:
    done: Row = session.api.call(
        "POST", f"{_path(session, many, row)}/merge", body={"into": into["id"]}
    )
    return done


def told(session: Session, data: Any, text: str) -> None:
    """Print the answer as JSON, or tell in a sentence what was done."""
    session.show(data, lambda: note(text))


def confirmed(session: Session, question: str, *, yes: bool) -> None:
    """Ask unless `--yes` was given; JSON output never asks and wants `--yes`."""
    if yes:
        return
    if session.as_json:
        raise click.UsageError("With --json add --yes: nothing can be asked")
    click.confirm(question, abort=True, err=True)


yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask.")


def _path(session: Session, many: str, row: Row) -> str:
    return f"{session.path}/{many}/{row['id']}"
