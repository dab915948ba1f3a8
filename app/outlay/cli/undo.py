"""`outlay undo`."""

from typing import Any, Final

import click

from outlay.cli.errors import ConflictError, NotFoundError
from outlay.cli.history import what
from outlay.cli.output import counted, note
from outlay.cli.session import Session, connected
from outlay.ids import uuid7

_REASONS: Final = {
    "changed": "was changed since",
    "gone": "was removed since",
    "in_use": "is in use since",
    "missing": "names something that is gone",
    "name_taken": "has a name that is taken",
    "rule": "would break a rule",
    "last_owner": "is the last owner",
}


@click.command
@click.argument("seq", type=click.IntRange(1), required=False)
@click.option(
    "--force",
    "forced",
    multiple=True,
    metavar="ENTITY/ID",
    help="Take this row back although it was changed since.",
)
@connected()
def undo(session: Session, seq: int | None, forced: tuple[str, ...]) -> None:
    """Take a change back: your last one, or the one with the number SEQ of `outlay history`.

    A bulk edit, a merge or an import is taken back as a whole. What was changed since is left as it
    is and listed (exit code 5). An undo is a change itself, and can be undone by its number.
    """
    change = _last(session) if seq is None else session.api.get(f"{session.path}/changes/{seq}")
    done = session.api.call(
        "POST",
        f"{session.path}/changes/{change['seq']}/undo",
        body={"force": list(forced)},
        headers={"Idempotency-Key": str(uuid7())},
    )
    session.show(done, lambda: _tell(change, done))
    if done["conflict_count"]:
        raise ConflictError(f"{counted(done['conflict_count'], 'row')} left as before")


def _last(session: Session) -> dict[str, Any]:
    """Find the caller's newest change that is no undo and was not undone."""
    me = session.api.get("/session")["user"]["id"]
    params: dict[str, Any] = {"actor": me, "limit": 50}
    while True:
        page = session.api.get(f"{session.path}/changes", params)
        for change in page["items"]:
            if change["undoes"] is None and change["undone_by"] is None:
                found: dict[str, Any] = change
                return found
        if page["next"] is None:
            raise NotFoundError("There is no change of yours left to undo")
        params["before"] = page["next"]


def _tell(change: dict[str, Any], done: dict[str, Any]) -> None:
    if done["seq"] is not None:
        note(
            f"Took back {change['seq']}: {what(change)}. `outlay undo {done['seq']}` brings it back"
        )
    for row in done["conflicts"]:
        hint = f"; --force {row['entity']}/{row['id']} takes it back" if row["can_force"] else ""
        note(f"{row['entity']} {row['id']} {_REASONS.get(row['reason'], row['reason'])}{hint}")
