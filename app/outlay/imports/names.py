"""Which category, account or tag of the ledger a name in a file means. Case does not matter."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import asyncpg

from outlay.db import Connection

CategoryKind = Literal["expense", "income"]
_COLON: Final = re.compile(r"\s*:\s*")

_CATEGORIES: Final = """
select c.id, c.kind, lower(c.name) as name, lower(p.name) as parent,
  c.archived_at is not null as is_archived
from public.categories c
left join public.categories p on p.ledger_id = c.ledger_id and p.id = c.parent_id
where c.ledger_id = $1 order by c.position, c.id
"""
_ACCOUNTS: Final = """
select distinct on (lower(name), currency) id, lower(name) as name, currency from public.accounts
where ledger_id = $1 order by lower(name), currency, archived_at nulls first, id
"""
_TAGS: Final = "select id, lower(name) as name from public.tags where ledger_id = $1"
_FOLD: Final = "select array(select lower(name) from unnest($1::text[]) with ordinality as n (name, at) order by at)"


class Place(NamedTuple):
    """A category under one of the texts that may mean it; the smaller rank is the better one."""

    rank: int
    id: UUID


class Categories:
    """The categories of a ledger, found by name or by "Parent: Child".

    A name of the row's own kind comes before one of the other kind (a refund of groceries came in
    and still is groceries), an active category before an archived one, and a name by itself means
    a sub-category only where just one has it.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        self._places: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
        for row in rows:
            archived = 2 * row["is_archived"]
            if row["parent"] is not None:
                path = f"{row['parent']}: {row['name']}"
                self._places[row["kind"], path].append(Place(archived, row["id"]))
            bare = archived + (row["parent"] is not None)
            self._places[row["kind"], row["name"]].append(Place(bare, row["id"]))

    def top(self, folded: str, kind: str) -> UUID | None:
        """The category of that name and kind that has no parent, an active one before others."""
        places = [p for p in self._places.get((kind, folded), ()) if p.rank % 2 == 0]
        return min(places, key=lambda place: place.rank).id if places else None

    def find(self, folded: str, kind: str) -> UUID | None:
        """The category that a name, in lower case as PostgreSQL writes it, means for such rows."""
        other = "income" if kind == "expense" else "expense"
        texts = dict.fromkeys((folded, ": ".join(split_path(folded))))
        for each in (kind, other):
            for text in texts:
                if found := _best(self._places.get((each, text), ())):
                    return found
        return None


def _best(places: Sequence[Place]) -> UUID | None:
    if not places:
        return None
    best = min(places, key=lambda place: place.rank)
    same = [place for place in places if place.rank == best.rank]
    return best.id if len(same) == 1 or best.rank % 2 == 0 else None


def split_path(name: str) -> list[str]:
    """Split "Parent: Child" in two; a name without a colon, or with nothing beside it, stays one."""
    parts = _COLON.split(name, maxsplit=1)
    return parts if all(parts) else [name]


async def categories(db: Connection, ledger: UUID) -> Categories:
    return Categories(await db.fetch(_CATEGORIES, ledger))


async def accounts(db: Connection, ledger: UUID) -> dict[tuple[str, str], UUID]:
    """Accounts by name in lower case and currency; active ones before archived ones."""
    rows: list[asyncpg.Record] = await db.fetch(_ACCOUNTS, ledger)
    return {(row["name"], row["currency"]): row["id"] for row in rows}


async def tags(db: Connection, ledger: UUID) -> dict[str, UUID]:
    """Tags by name in lower case."""
    return {row["name"]: row["id"] for row in await db.fetch(_TAGS, ledger)}


async def folded(db: Connection, names: Sequence[str]) -> list[str]:
    """The names in lower case as the database's unique indexes write them."""
    found: list[str] = await db.fetchval(_FOLD, list(names))
    return found
