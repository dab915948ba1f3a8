"""Categories, accounts and tags by the names people use for them."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from outlay.cli import things
from outlay.cli.errors import CommandError, NotFoundError
from outlay.cli.session import Session

Row = dict[str, Any]
_CLOSE: Final = 3


class Names:
    """One ledger's names, loaded when first needed.

    `archived` picks from the archived ones (True), the others (False) or all (None).
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def categories(self) -> dict[str, Row]:
        return self._load("categories")

    @cached_property
    def accounts(self) -> dict[str, Row]:
        return self._load("accounts")

    @cached_property
    def tags(self) -> dict[str, Row]:
        return self._load("tags")

    def category_label(self, id: str | None) -> str:
        """Name a category as `Food: Coffee`, or nothing."""
        row = self.categories.get(id or "")
        if row is None:
            return "" if id is None else "?"
        parent = self.categories.get(row["parent_id"] or "")
        return f"{parent['name']}: {row['name']}" if parent else str(row["name"])

    def account_label(self, id: str | None) -> str:
        return "" if id is None else str(self.accounts.get(id, {}).get("name", "?"))

    def tag_labels(self, ids: Iterable[str]) -> str:
        return " ".join("#" + str(self.tags.get(each, {}).get("name", "?")) for each in ids)

    def category(
        self,
        text: str,
        *,
        kind: str | None = None,
        archived: bool | None = False,
        make: bool = False,
    ) -> str:
        """Find `Food`, `Food: Coffee` or `Coffee`; with `make` a new one is added if need be."""
        labels = {id: self.category_label(id) for id in self.categories}
        chosen = {
            id: row for id, row in self.categories.items() if kind is None or row["kind"] == kind
        }
        found = _find_open("category", text, chosen, labels, archived)
        if found or not make:
            return found or _unknown("category", "categories", text, labels.values())
        return self._new_category(text, kind or "expense")

    def account(self, text: str, *, archived: bool | None = False) -> str:
        labels = {id: str(row["name"]) for id, row in self.accounts.items()}
        found = _find_open("account", text, self.accounts, labels, archived)
        return found or _unknown("account", "accounts", text, labels.values())

    def tag(self, text: str, *, make: bool = False, make_if_unlike: bool = False) -> str:
        """Find a tag; `make_if_unlike` adds a word that is no misspelling of a known one."""
        name = text.removeprefix("#")
        labels = {id: str(row["name"]) for id, row in self.tags.items()}
        found = _find("tag", name, self.tags, labels)
        if found:
            return found
        if make or (make_if_unlike and not _near(name, labels.values())):
            return self._make("tags", {"name": name})
        return _unknown("tag", "tags", name, labels.values())

    def _load(self, many: str) -> dict[str, Row]:
        rows = self.session.api.get(f"{self.session.path}/{many}")["items"]
        return {row["id"]: row for row in rows}

    def _new_category(self, text: str, kind: str) -> str:
        parent, _, name = (part.strip() for part in text.rpartition(":"))
        parent_id = self.category(parent, kind=kind, make=True) if parent else None
        return self._make("categories", {"name": name, "kind": kind, "parent_id": parent_id})

    def _make(self, many: str, body: Row) -> str:
        made = things.create(self.session, many, body)
        getattr(self, many)[made["id"]] = made
        return str(made["id"])


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _find_open(
    what: str,
    text: str,
    rows: Mapping[str, Row],
    labels: Mapping[str, str],
    archived: bool | None,
) -> str | None:
    """Find among the rows that are archived or not; with None those that are not come first."""
    for wanted in (False, True) if archived is None else (archived,):
        picked = {id: row for id, row in rows.items() if row["archived"] == wanted}
        if found := _find(what, text, picked, labels):
            return found
    return None


def _find(what: str, text: str, rows: Mapping[str, Row], labels: Mapping[str, str]) -> str | None:
    """Match the id, the whole label, the name, or the only name that begins so."""
    if text.lower() in rows:
        return text.lower()
    wanted = _plain(text)
    by_label = [id for id in rows if _plain(labels[id]) == wanted]
    by_name = [id for id, row in rows.items() if _plain(row["name"]) == wanted]
    by_start = [id for id, row in rows.items() if _plain(row["name"]).startswith(wanted)]
    for found in (by_label, by_name, by_start):
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(sorted(labels[id] for id in found))
            raise CommandError(f"{text!r} can mean more than one {what}: {shown}")
    return None


def _unknown(what: str, many: str, text: str, labels: Iterable[str]) -> str:
    near = _near(text, labels)
    hint = f"did you mean {', '.join(near)}?" if near else f"`outlay {many} list` shows them"
    raise NotFoundError(f"There is no {what} {text!r}; {hint}")


def _near(text: str, labels: Iterable[str]) -> list[str]:
    known = {_plain(label.rpartition(": ")[2]): label for label in labels}
    known |= {_plain(label): label for label in known.values()}
    return [known[each] for each in difflib.get_close_matches(_plain(text), known, _CLOSE)]


def _plain(text: str) -> str:
    return " ".join(text.replace("/", ":").replace(":", ": ").casefold().split())
