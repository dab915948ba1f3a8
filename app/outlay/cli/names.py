"""Categories, accounts and tags by the names people use for them."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from outlay.cli.api import CREATE
from outlay.cli.errors import CommandError, NotFoundError
from outlay.cli.session import Session
from outlay.ids import uuid7

Row = dict[str, Any]
_CLOSE: Final = 3


class Names:
    """One ledger's names, loaded when first needed."""

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

    def category(self, text: str, *, kind: str | None = None, make: bool = False) -> str:
        """Find `Food`, `Food: Coffee` or `Coffee`; with `make` a new one is added if need be."""
        open_ones = {id: r for id, r in self.categories.items() if not r["archived_at"]}
        if kind is not None:
            open_ones = {id: r for id, r in open_ones.items() if r["kind"] == kind}
        labels = {id: self.category_label(id) for id in open_ones}
        return self._find("category", "categories", text, open_ones, labels) or (
            self._new_category(text, kind or "expense")
            if make
            else self._unknown("category", "categories", text, labels.values())
        )

    def account(self, text: str) -> str:
        rows = {id: row for id, row in self.accounts.items() if not row["archived_at"]}
        found = self._find("account", "accounts", text, rows, {})
        return found or self._unknown("account", "accounts", text, _names(rows))

    def tag(self, text: str, *, make: bool = False) -> str:
        name = text.removeprefix("#")
        found = self._find("tag", "tags", name, self.tags, {})
        if found or not make:
            return found or self._unknown("tag", "tags", name, _names(self.tags))
        return self._make("tags", {"name": name})

    def _load(self, kind: str) -> dict[str, Row]:
        rows = self.session.api.get(f"{self.session.path}/{kind}")["items"]
        return {row["id"]: row for row in rows}

    def _find(
        self, what: str, many: str, text: str, rows: Mapping[str, Row], labels: Mapping[str, str]
    ) -> str | None:
        """Match the id, the whole label, the name, or the only name that begins so."""
        if is_id(text):
            return text.lower()
        wanted = _plain(text)
        by_label = [id for id, label in labels.items() if _plain(label) == wanted]
        by_name = [id for id, row in rows.items() if _plain(row["name"]) == wanted]
        by_start = [id for id, row in rows.items() if _plain(row["name"]).startswith(wanted)]
        for found in (by_label, by_name, by_start):
            if len(found) == 1:
                return found[0]
            if found:
                shown = ", ".join(sorted(labels.get(id, rows[id]["name"]) for id in found))
                raise CommandError(f"{text!r} can be any {what} of these {many}: {shown}")
        return None

    def _unknown(self, what: str, many: str, text: str, labels: Iterable[str]) -> str:
        known = {_plain(label): label for label in labels}
        known |= {_plain(label.rpartition(": ")[2]): label for label in known.values()}
        near = difflib.get_close_matches(_plain(text), known, _CLOSE)
        hint = f"did you mean {', '.join(known[each] for each in near)}?" if near else ""
        raise NotFoundError(
            f"There is no {what} {text!r}; {hint or f'`outlay {many}` lists them'}"
            + (" Add --create to make it." if many != "accounts" else "")
        )

    def _new_category(self, text: str, kind: str) -> str:
        parent, _, name = (part.strip() for part in text.rpartition(":"))
        parent_id = self.category(parent, kind=kind, make=True) if parent else None
        return self._make("categories", {"name": name, "kind": kind, "parent_id": parent_id})

    def _make(self, many: str, body: Row) -> str:
        path = f"{self.session.path}/{many}/{uuid7()}"
        made = self.session.api.call("PUT", path, body=body, headers=CREATE)
        getattr(self, many)[made["id"]] = made
        return str(made["id"])


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _plain(text: str) -> str:
    return " ".join(text.replace("/", ":").replace(":", ": ").casefold().split())


def _names(rows: Mapping[str, Row]) -> list[str]:
    return [row["name"] for row in rows.values()]
