"""Database rows of imports as the API shows them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from outlay.db import Connection
from outlay.etags import etag
from outlay.imports import names
from outlay.imports.answers import (
    Found,
    Import,
    ImportDetail,
    Named,
    ProfileName,
)
from outlay.imports.layout import Layout
from outlay.imports.summary import Summary, Used


def _common(row: asyncpg.Record, epoch: str) -> dict[str, Any]:
    summary = summary_of(row)
    profile = row["profile_id"]
    return {
        "id": row["id"],
        "name": row["name"],
        "status": row["status"],
        "bytes": row["bytes"],
        "counts": summary.counts,
        "selected": summary.selected,
        "sums": summary.api_sums(),
        "first_date": summary.first_date,
        "last_date": summary.last_date,
        "account_id": row["account_id"],
        "category_id": row["category_id"],
        "profile": ProfileName(profile, row["profile_name"]) if profile else None,
        "version": row["version"],
        "etag": etag(epoch, row["version"]),
        "created_by": row["created_by"],
        "created_at": row["created_at"],
        "expires_at": row["expires_at"],
        "committed_at": row["committed_at"],
        "committed_by": row["committed_by"],
        "seq": row["commit_seq"],
        "revert_seq": row["revert_seq"],
    }


def summary_of(row: asyncpg.Record) -> Summary:
    return msgspec.json.decode(row["summary"], type=Summary)


def layout_of(row: asyncpg.Record) -> Layout:
    return msgspec.json.decode(row["layout"], type=Layout)


def found_of(row: asyncpg.Record) -> Found:
    return msgspec.json.decode(row["found"], type=Found)


def brief(row: asyncpg.Record, epoch: str) -> Import:
    return Import(**_common(row, epoch))


async def detail(db: Connection, ledger: UUID, row: asyncpg.Record, epoch: str) -> ImportDetail:
    """The import with its layout, and what the names in the file mean in the ledger now."""
    summary = summary_of(row)
    have = await names.categories(db, ledger)
    accounts = await names.accounts(db, ledger)
    tags = await names.tags(db, ledger)
    return ImportDetail(
        **_common(row, epoch),
        layout=layout_of(row),
        found=found_of(row),
        categories=[
            _named(used, have.find(text, used.kind))
            for used, text in await _folded(db, summary.categories)
        ],
        accounts=[
            _named(used, accounts.get((text, used.kind)))
            for used, text in await _folded(db, summary.accounts)
        ],
        tags=[_named(used, tags.get(text)) for used, text in await _folded(db, summary.tags)],
    )


def _named(used: Used, id_: UUID | None) -> Named:
    return Named(used.name, used.kind, used.rows, id_)


async def _folded(db: Connection, used: Sequence[Used]) -> Iterable[tuple[Used, str]]:
    if not used:
        return ()
    return zip(used, await names.folded(db, [each.name for each in used]), strict=True)
