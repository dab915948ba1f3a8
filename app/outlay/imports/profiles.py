"""Named layouts of a ledger in PostgreSQL. Every statement starts with the ledger."""

from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from outlay.db import Connection
from outlay.errors import Conflict, FieldError
from outlay.etags import etag
from outlay.imports.answers import Profile, ProfileInput
from outlay.imports.layout import Layout
from outlay.imports.override import Saved
from outlay.texts import check_text

MOST: Final = 100
_COLUMNS: Final = "id, name, layout, account_id, category_id, version, created_at, updated_at"
_LIST: Final = f"""
select {_COLUMNS} from public.import_profiles where ledger_id = $1 order by lower(name), id
"""
_GET: Final = f"select {_COLUMNS} from public.import_profiles where ledger_id = $1 and id = $2"
# The number is counted in the statement: two at once may pass it by one, which does no harm.
_INSERT: Final = f"""
insert into public.import_profiles (ledger_id, id, name, layout, account_id, category_id)
select $1, $2, $3, $4, $5, $6
where (select count(*) from public.import_profiles where ledger_id = $1) < {MOST}
on conflict (ledger_id, id) do nothing returning {_COLUMNS}
"""
_UPDATE: Final = f"""
update public.import_profiles
set name = $4, layout = $5, account_id = $6, category_id = $7, version = version + 1,
  updated_at = clock_timestamp()
where ledger_id = $1 and id = $2 and version = $3 returning {_COLUMNS}
"""
_DELETE: Final = """
delete from public.import_profiles where ledger_id = $1 and id = $2 and version = $3 returning id
"""
_LATEST: Final = """
select id, layout, account_id, category_id from public.import_profiles where ledger_id = $1 order by updated_at desc, id
"""


async def listed(db: Connection, ledger: UUID) -> list[asyncpg.Record]:
    return await db.fetch(_LIST, ledger)


async def get(db: Connection, ledger: UUID, id: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(_GET, ledger, id)


async def insert(
    db: Connection, ledger: UUID, id: UUID, given: ProfileInput
) -> asyncpg.Record | None:
    """Save a new profile; None when the id is in use. Raises Conflict for the 101st."""
    made = await db.fetchrow(_INSERT, ledger, id, *_values(given))
    if made is None and await get(db, ledger, id) is None:
        raise Conflict(f"A ledger holds {MOST} profiles; delete some first")
    return made


async def update(
    db: Connection, ledger: UUID, id: UUID, version: int, given: ProfileInput
) -> asyncpg.Record | None:
    """Replace the profile if it still has that version."""
    return await db.fetchrow(_UPDATE, ledger, id, version, *_values(given))


async def delete(db: Connection, ledger: UUID, id: UUID, version: int) -> bool:
    return await db.fetchval(_DELETE, ledger, id, version) is not None


async def saved(db: Connection, ledger: UUID) -> list[Saved]:
    """All of them as far as reading goes, the one changed last first."""
    return [
        Saved(
            row["id"],
            msgspec.json.decode(row["layout"], type=Layout),
            row["account_id"],
            row["category_id"],
        )
        for row in await db.fetch(_LATEST, ledger)
    ]


def _values(given: ProfileInput) -> tuple[str, str, UUID | None, UUID | None]:
    layout = msgspec.json.encode(given.layout).decode()
    return given.name.strip(), layout, given.account_id, given.category_id


def to_api(row: asyncpg.Record, epoch: str) -> Profile:
    return Profile(
        id=row["id"],
        name=row["name"],
        layout=msgspec.json.decode(row["layout"], type=Layout),
        account_id=row["account_id"],
        category_id=row["category_id"],
        version=row["version"],
        etag=etag(epoch, row["version"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def same(row: asyncpg.Record, given: ProfileInput) -> bool:
    """Whether the profile says already what is given."""
    layout = msgspec.json.decode(row["layout"], type=Layout)
    return (row["name"], layout, row["account_id"], row["category_id"]) == (
        given.name.strip(),
        given.layout,
        given.account_id,
        given.category_id,
    )


def name_mistakes(name: str) -> list[FieldError]:
    return check_text("/name", name, most=100, least=1)
