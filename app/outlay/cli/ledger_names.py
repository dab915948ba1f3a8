"""Ledgers by name or id."""

from typing import Any
from uuid import UUID

from outlay.cli.api import Api
from outlay.cli.errors import NotFoundError


def ledger_id(api: Api, text: str) -> str:
    """Return the id of the ledger with that name or id; NotFoundError unless there is just one."""
    try:
        return str(UUID(text))
    except ValueError:
        return str(ledger_named(api, text)["id"])


def ledger_named(api: Api, text: str) -> dict[str, Any]:
    """Return the caller's ledger with that name or id."""
    ledgers: list[dict[str, Any]] = api.get("/ledgers")["items"]
    found = [row for row in ledgers if text.casefold() in {row["name"].casefold(), row["id"]}]
    if len(found) == 1:
        return found[0]
    raise NotFoundError(
        f"{len(found) or 'No'} ledgers are called {text!r}; `outlay ledgers list` shows them with"
        " their ids"
    )
