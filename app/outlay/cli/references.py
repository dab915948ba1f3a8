"""Expenses by their whole id or by its last characters, as the list shows them."""

import re
from typing import Any, Final

from outlay.cli.errors import CommandError, NotFoundError
from outlay.cli.names import is_id
from outlay.cli.session import Session

SHOWN: Final = 6
_SHORT: Final = re.compile(r"[0-9a-f]{4,32}")
# Two full pages: what a person saw in a list a moment ago is among them.
_PAGES: Final = 2
_PAGE: Final = 500


def short(id: str) -> str:
    """Return the part of an id that lists show: time-ordered ids differ at their end."""
    return id.replace("-", "")[-SHOWN:]


def find_expense(session: Session, reference: str, *, trashed: bool = False) -> dict[str, Any]:
    """Load the expense that `reference` names; a short one is looked for among the newest 1,000."""
    if is_id(reference):
        found: dict[str, Any] = session.api.get(f"{session.path}/expenses/{reference}")
        return found
    wanted = reference.lower()
    if not _SHORT.fullmatch(wanted):
        raise CommandError(
            f"{reference!r} is not an id; `outlay list` shows them in its last column"
        )
    matches = [row for row in _newest(session, trashed) if _digits(row).endswith(wanted)]
    match matches:
        case [row]:
            return row
        case []:
            raise NotFoundError(
                f"No id among the newest {_PAGES * _PAGE} ends with {wanted!r}; take the whole id"
                " from `outlay list --ids`"
            )
        case _:
            raise CommandError(f"{len(matches)} ids end with {wanted!r}; give more of it")


def _digits(row: dict[str, Any]) -> str:
    return str(row["id"]).replace("-", "")


def _newest(session: Session, trashed: bool) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": _PAGE, "trashed": "true" if trashed else None}
    for _ in range(_PAGES):
        page = session.api.get(f"{session.path}/expenses", params)
        rows += page["items"]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    return rows
