"""What the names in a file become in the ledger when it is committed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from outlay.db import Connection
from outlay.errors import Conflict
from outlay.ids import uuid7
from outlay.imports import names
from outlay.imports.answers import Named
from outlay.imports.summary import TAKEN

MOST_NAMES: Final = 2000
MOST_CATEGORIES: Final = 1000
MOST_TAGS: Final = 2000
MOST_TOLD: Final = 100
_HUES: Final = 8

_CATEGORY_NAMES: Final = f"""
select r.category_name as name, lower(r.category_name) as folded, r.kind, count(*) as rows
from public.import_rows r
where r.ledger_id = $1 and r.import_id = $2 and r.category_name is not null and {TAKEN}
  and not exists (select from public.categories c
    where c.ledger_id = $1 and c.id = r.chosen_category)
group by 1, 3 order by 4 desc, 1, 3 limit {MOST_NAMES + 1}
"""
_TAG_NAMES: Final = f"""
select min(tag) as name, lower(tag) as folded, '' as kind, count(*) as rows
from public.import_rows r, unnest(r.tags) as tag
where r.ledger_id = $1 and r.import_id = $2 and r.tags is not null and {TAKEN}
group by 2 order by 4 desc, 2 limit {MOST_NAMES + 1}
"""
_COUNT: Final = "select count(*) from public.{} where ledger_id = $1"
_NEW_CATEGORIES: Final = """
insert into public.categories (ledger_id, id, parent_id, name, kind, hue)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::smallint[])
"""
_NEW_TAGS: Final = """
insert into public.tags (ledger_id, id, name) select $1, * from unnest($2::uuid[], $3::text[])
"""


class Matched(NamedTuple):
    """`ids` by what a row says; what was made for it; what stays without a match."""

    ids: dict[str, UUID]
    made: list[str]
    missing: list[Named]


class NewCategory(NamedTuple):
    id: UUID
    parent: UUID | None
    name: str
    kind: str


class Used(NamedTuple):
    """The names in the rows that will be taken, the commonest first."""

    categories: list[asyncpg.Record]
    tags: list[asyncpg.Record]


async def used_names(db: Connection, ledger: UUID, import_id: UUID) -> Used:
    """Raises Conflict for a file with more names than a ledger could hold."""
    used = Used(
        await db.fetch(_CATEGORY_NAMES, ledger, import_id),
        await db.fetch(_TAG_NAMES, ledger, import_id),
    )
    for what, rows in zip(("category", "tag"), used, strict=True):
        if len(rows) > MOST_NAMES:
            raise Conflict(
                f"The file has more than {MOST_NAMES} {what} names; choose another column, or none"
            )
    return used


async def match_categories(
    db: Connection, ledger: UUID, used: Sequence[asyncpg.Record], *, create: bool
) -> Matched:
    """The category of each name by "kind name"; missing ones are made if `create` says so.

    Under the ledger's lock. Raises Conflict when the ledger would have too many.
    """
    have = await names.categories(db, ledger)
    new = planned(used, have) if create else []
    if new:
        await _refuse_too_full(db, ledger, "categories", len(new), MOST_CATEGORIES)
        await _make(db, ledger, new)
        have = await names.categories(db, ledger)
    ids: dict[str, UUID] = {}
    missing: list[Named] = []
    for row in used:
        found = have.find(row["folded"], row["kind"])
        if found is None:
            missing.append(Named(row["name"], row["kind"], row["rows"], None))
        else:
            ids[f"{row['kind']} {row['name']}"] = found
    return Matched(ids, [category.name for category in new], missing[:MOST_TOLD])


def planned(used: Iterable[Any], have: names.Categories) -> list[NewCategory]:
    """The categories to make, parents first; one for both kinds of rows where both use a name."""
    made: dict[tuple[str, str], NewCategory] = {}
    for row in sorted(used, key=lambda row: str(row["kind"])):
        if have.find(row["folded"], row["kind"]) is not None:
            continue
        *parents, name = names.split_path(row["name"])
        path = names.split_path(row["folded"])
        text = ": ".join(path)
        if any((kind, text) in made for kind in ("expense", "income")):
            continue
        parent = None
        if parents:
            parent = have.top(path[0], row["kind"])
            if parent is None:
                key = row["kind"], path[0]
                made.setdefault(key, NewCategory(uuid7(), None, parents[0], row["kind"]))
                parent = made[key].id
        made[row["kind"], text] = NewCategory(uuid7(), parent, name, row["kind"])
    return sorted(made.values(), key=lambda category: category.parent is not None)


async def _make(db: Connection, ledger: UUID, new: Sequence[NewCategory]) -> None:
    for level in (
        [category for category in new if category.parent is None],
        [category for category in new if category.parent is not None],
    ):
        if level:
            hues = [number % _HUES for number in range(len(level))]
            await db.execute(_NEW_CATEGORIES, ledger, *map(list, zip(*level, strict=True)), hues)


async def match_tags(
    db: Connection, ledger: UUID, used: Sequence[asyncpg.Record], *, create: bool
) -> Matched:
    """The tag of each name in lower case; missing ones are made if `create` says so."""
    have = await names.tags(db, ledger)
    new = [row for row in used if row["folded"] not in have] if create else []
    if new:
        await _refuse_too_full(db, ledger, "tags", len(new), MOST_TAGS)
        made = {row["folded"]: uuid7() for row in new}
        await db.execute(_NEW_TAGS, ledger, list(made.values()), [row["name"] for row in new])
        have |= made
    ids = {row["folded"]: have[row["folded"]] for row in used if row["folded"] in have}
    missing = [Named(r["name"], "", r["rows"], None) for r in used if r["folded"] not in have]
    return Matched(ids, [row["name"] for row in new], missing[:MOST_TOLD])


async def account_ids(db: Connection, ledger: UUID) -> dict[str, UUID]:
    """The account of each "currency name", the name in lower case."""
    found = await names.accounts(db, ledger)
    return {f"{currency} {name}": id_ for (name, currency), id_ in found.items()}


def as_json(ids: Mapping[str, UUID]) -> str:
    return msgspec.json.encode(ids).decode()


async def _refuse_too_full(db: Connection, ledger: UUID, table: str, more: int, most: int) -> None:
    have = await db.fetchval(_COUNT.format(table), ledger)
    if have + more > most:
        raise Conflict(
            f"The file would make {more} {table}, and a ledger holds {most}; import without making them"
        )
