"""Imports: upload, look, choose, discard."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from litestar import Request, Response, delete, get, patch, put
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from outlay.access import Call, call_of, editor, viewer
from outlay.auth.desk import desk_of
from outlay.db import Connection, in_transaction
from outlay.errors import Conflict, InvalidInput, NotFound, Stale
from outlay.etags import wanted_version
from outlay.imports import override, rows_choice, rows_view, store, views
from outlay.imports.answers import (
    ImportDetail,
    ImportPatch,
    Imports,
    LayoutChange,
    Rows,
    RowsPatch,
    Verdict,
    set_fields,
)
from outlay.imports.override import Sample
from outlay.imports.spool import Spool
from outlay.imports.staging import count_again, settle_all, stage
from outlay.texts import check_text

Req = Request[Any, Any, Any]
PATH = "/ledgers/{ledger:str}/imports"
ONE = PATH + "/{id:uuid}"
STAGING_TIMEOUT = 330.0
MATCH = ("If-Match",)


@get(PATH, opt=viewer(), summary="List imports")
async def list_imports(
    request: Req,
    limit: Annotated[int, QueryParameter(ge=1, le=100, description="Imports a page")] = 50,
    before: Annotated[UUID | None, QueryParameter(description="`next` of the page before")] = None,
) -> Imports:
    """Previews, committed and reverted ones, newest first."""
    call = call_of(request)
    found = await store.listed(call.db, call.ledger.id, before, limit)
    shown = found[:limit]
    following = shown[-1]["id"] if len(found) > limit else None
    return Imports([views.brief(row, call.epoch) for row in shown], following)


@get(ONE, opt=viewer(), summary="Read an import")
async def get_import(request: Req, id: FromPath[UUID]) -> Response[ImportDetail]:
    call = call_of(request)
    return await answer(call.db, call, await existing(call, id))


@get(ONE + "/rows", opt=viewer(), summary="List the rows of an import")
async def list_import_rows(
    request: Req,
    id: FromPath[UUID],
    verdict: Annotated[Verdict | None, QueryParameter(description="Only such rows")] = None,
    after: Annotated[int, QueryParameter(ge=0, description="`next` of the page before")] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=500, description="Rows a page")] = 100,
) -> Rows:
    """In the order of the file: new, duplicate (of which row, and why), error or skipped."""
    call = call_of(request)
    await existing(call, id)
    after = min(after, (1 << 31) - 1)
    return await rows_view.page(call.db, call.ledger.id, id, verdict, after, limit)


@put(
    ONE + "/layout",
    opt=editor(timeout=STAGING_TIMEOUT, headers=MATCH),
    status_code=200,
    summary="Read the file again by another layout",
)
async def put_import_layout(
    request: Req, id: FromPath[UUID], data: JSONBody[LayoutChange]
) -> Response[ImportDetail]:
    """Fields that are left out stay. Choices for rows are forgotten.

    Another encoding, delimiter, quote or number of lines to skip makes other columns: these are
    detected anew.
    """
    call = call_of(request)
    row = await open_preview(request, call, id)
    with Spool(desk_of(request).settings.max_upload) as spool:
        await store.unpack(call.db, call.ledger.id, id, spool)
        sample = Sample(spool.sample, spool.is_complete, spool.is_utf8, call.ledger.currency)
        before, found = views.layout_of(row), views.found_of(row)
        way = await asyncio.to_thread(override.by_change, sample, before, found, set_fields(data))
        override.refuse_mistakes(way.layout)

        async def work() -> asyncpg.Record:
            await _locked(call, id, row["version"])
            await store.lengthen(call.db)
            await store.remove_rows(call.db, call.ledger.id, id)
            await store.reread(call.db, call.ledger.id, id, way)
            await stage(call.db, call.ledger.id, id, spool, way.layout)
            return await existing(call, id)

        return await answer(call.db, call, await in_transaction(call.db, work))


@patch(ONE, opt=editor(timeout=STAGING_TIMEOUT, headers=MATCH), summary="Change an import")
async def patch_import(
    request: Req, id: FromPath[UUID], data: JSONBody[ImportPatch]
) -> Response[ImportDetail]:
    """Its name, and the account and category for rows that name none."""
    call = call_of(request)
    row = await open_preview(request, call, id)
    name, account, category = (
        row[field] if (value := getattr(data, field)) is UNSET else value
        for field in ("name", "account_id", "category_id")
    )
    if mistakes := check_text("/name", name, most=255):
        raise InvalidInput(mistakes[0].detail, errors=mistakes)

    async def work() -> asyncpg.Record:
        await _locked(call, id, row["version"])
        await store.lengthen(call.db)
        await store.change(call.db, call.ledger.id, id, name.strip(), account, category)
        if account != row["account_id"]:
            await settle_all(call.db, call.ledger.id, id)
        return await existing(call, id)

    return await answer(call.db, call, await in_transaction(call.db, work))


@patch(
    ONE + "/rows",
    opt=editor(timeout=STAGING_TIMEOUT, headers=MATCH),
    summary="Choose for rows",
)
async def patch_import_rows(
    request: Req, id: FromPath[UUID], data: JSONBody[RowsPatch]
) -> Response[ImportDetail]:
    """A duplicate can be taken in, a new row left out, whatever the verdict says; each filed."""
    call = call_of(request)
    rows_choice.check(data)
    row = await open_preview(request, call, id)

    async def work() -> asyncpg.Record:
        await _locked(call, id, row["version"])
        await store.lengthen(call.db)
        await rows_choice.choose(call.db, call.ledger.id, id, data)
        await store.change(
            call.db, call.ledger.id, id, row["name"], row["account_id"], row["category_id"]
        )
        if data.include is not UNSET:
            await count_again(call.db, call.ledger.id, id, row["settled_seq"])
        return await existing(call, id)

    return await answer(call.db, call, await in_transaction(call.db, work))


@delete(ONE, opt=editor(timeout=STAGING_TIMEOUT), summary="Discard a preview")
async def delete_import(request: Req, id: FromPath[UUID]) -> None:
    """The file and its rows are removed. A committed import stays: revert it instead."""
    call = call_of(request)
    await open_preview(request, call, id)

    async def work() -> None:
        await _locked(call, id, None)
        await store.lengthen(call.db)
        await store.remove(call.db, call.ledger.id, id)

    await in_transaction(call.db, work)


async def existing(call: Call, id: UUID) -> asyncpg.Record:
    """The import's row; raises NotFound."""
    row = await store.get(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such import")
    return row


async def open_preview(request: Req, call: Call, id: UUID) -> asyncpg.Record:
    """The row of a preview, of the version that If-Match names if it is sent; raises Conflict."""
    row = await existing(call, id)
    if row["committed_at"] is not None:
        raise Conflict("This import is committed; only a preview can be changed")
    version = wanted_version(request, call.epoch) if "if-match" in request.headers else None
    if version is not None and version != row["version"]:
        raise _stale(row, call)
    return row


async def _locked(call: Call, id: UUID, version: int | None) -> None:
    """Keep the preview for this transaction; raises Stale if it was changed in between."""
    row = await store.locked(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such import")
    if row["committed_at"] is not None or version not in {None, row["version"]}:
        raise _stale(row, call)


def _stale(row: asyncpg.Record, call: Call) -> Stale:
    current = views.brief(row, call.epoch)
    return Stale(current=current, headers={"ETag": current.etag})


async def answer(
    db: Connection, call: Call, row: asyncpg.Record, status: int = 200
) -> Response[ImportDetail]:
    shown = await views.detail(db, call.ledger.id, row, call.epoch)
    return Response(shown, status_code=status, headers={"ETag": shown.etag})


handlers = [
    list_imports, get_import, list_import_rows, put_import_layout, patch_import, patch_import_rows, delete_import,
]  # fmt: skip
