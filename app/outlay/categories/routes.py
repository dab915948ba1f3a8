"""Categories: list, create, read, change, archive, remove."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody
from msgspec import UNSET

from outlay.access import Call, call_of, editor, viewer
from outlay.categories import rules, store
from outlay.categories.model import (
    Categories,
    CategoryInput,
    CategoryPatch,
    CategoryRow,
    CountedCategory,
)
from outlay.db import in_transaction
from outlay.errors import Conflict, NotFound, Stale
from outlay.etags import wanted_version
from outlay.idempotency import once
from outlay.ids import uuid7
from outlay.writing import BULK_SECONDS, Done, begin, done, first_image, is_create

Req = Request[Any, Any, Any]
PATH = "/ledgers/{ledger:str}/categories"
ONE = PATH + "/{id:uuid}"


@get(PATH, opt=viewer(), summary="List categories")
async def list_categories(request: Req) -> Categories:
    """All of them, archived ones too, each parent followed by its sub-categories."""
    call = call_of(request)
    rows = await store.listed(call.db, call.ledger.id)
    return Categories(rules.in_tree_order(rules.counted(row, call.epoch) for row in rows))


@put(
    ONE,
    opt=editor(headers=("If-None-Match", "If-Match")),
    status_code=200,
    summary="Create or replace a category",
)
async def put_category(
    request: Req, id: FromPath[UUID], data: JSONBody[CategoryInput]
) -> Response[CountedCategory]:
    """With `If-None-Match: *` create it, with `If-Match` replace it; archived stays archived."""
    call = call_of(request)
    if is_create(request):
        return await in_transaction(call.db, lambda: _create(call, id, data))
    return await in_transaction(call.db, lambda: _replace(request, call, id, data))


@post(PATH, opt=editor(headers=("Idempotency-Key",)), status_code=201, summary="Create a category")
async def post_category(request: Req, data: JSONBody[CategoryInput]) -> Response[CountedCategory]:
    """For callers without an id of their own; `Idempotency-Key` makes it safe to send again."""
    call = call_of(request)
    return await once(
        request, call, lambda: in_transaction(call.db, lambda: _create(call, uuid7(), data))
    )


@get(ONE, opt=viewer(), summary="Read a category")
async def get_category(request: Req, id: FromPath[UUID]) -> Response[CountedCategory]:
    call = call_of(request)
    return _response(await existing(call, id), call)


@patch(ONE, opt=editor(headers=("If-Match",)), summary="Change a category")
async def patch_category(
    request: Req, id: FromPath[UUID], data: JSONBody[CategoryPatch]
) -> Response[CountedCategory]:
    """Rename it, move it, archive it (`archived`) or take it out of the archive."""
    call = call_of(request)

    async def work() -> Response[CountedCategory]:
        await begin(call, "category.change")
        current = await wanted(request, call, id)
        archived = current["archived_at"] is not None if data.archived is UNSET else data.archived
        return await _change(call, current, rules.patched(current, data), archived=archived)

    return await in_transaction(call.db, work)


@delete(
    ONE,
    opt=editor(timeout=BULK_SECONDS, headers=("If-Match",)),
    status_code=200,
    summary="Remove a category",
)
async def delete_category(request: Req, id: FromPath[UUID]) -> Done:
    """Its expenses become uncategorised, its sub-categories move up; undo brings all back."""
    call = call_of(request)

    async def work() -> Done:
        await begin(call, "category.delete", is_bulk=True)
        current = await wanted(request, call, id)
        others = await store.listed(call.db, call.ledger.id)
        rules.check_removal(current, others)
        await store.move_expenses(call.db, call.ledger.id, {id: None})
        await store.remove(call.db, call.ledger.id, [id])
        return await done(call)

    return await in_transaction(call.db, work)


async def existing(call: Call, id: UUID) -> asyncpg.Record:
    """The category's row; raises NotFound."""
    row = await store.get(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such category")
    return row


async def wanted(request: Req, call: Call, id: UUID) -> asyncpg.Record:
    """The row that If-Match names; raises Stale with the current one for another version."""
    version = wanted_version(request, call.epoch)
    row = await existing(call, id)
    if version is not None and row["version"] != version:
        current = rules.counted(row, call.epoch)
        raise Stale(current=current, headers={"ETag": current.etag})
    return row


async def _create(call: Call, id: UUID, data: CategoryInput) -> Response[CountedCategory]:
    await begin(call, "category.create")
    row = await _checked(call, data)
    if not await store.insert(call.db, call.ledger.id, id, row):
        return await _created_before(call, id, row)
    if await store.count(call.db, call.ledger.id) > rules.MOST_CATEGORIES:
        raise Conflict(f"A ledger holds {rules.MOST_CATEGORIES} categories; merge some first")
    return _response(await existing(call, id), call, status=201)


async def _created_before(call: Call, id: UUID, row: CategoryRow) -> Response[CountedCategory]:
    current = await store.get(call.db, call.ledger.id, id)
    if current is None:
        raise Conflict("This id belonged to a category that was removed; make a new id")
    first = await first_image(call.db, call.ledger.id, "category", id)
    if first is None or msgspec.json.decode(first, type=CategoryRow) != row:
        shown = rules.counted(current, call.epoch)
        raise Conflict("This id is in use by another category", current=shown)
    return _response(current, call)


async def _replace(
    request: Req, call: Call, id: UUID, data: CategoryInput
) -> Response[CountedCategory]:
    await begin(call, "category.change")
    current = await wanted(request, call, id)
    return await _change(call, current, data, archived=current["archived_at"] is not None)


async def _change(
    call: Call, current: asyncpg.Record, data: CategoryInput, *, archived: bool
) -> Response[CountedCategory]:
    row = await _checked(call, data)
    if rules.row_of(current) == row and archived == (current["archived_at"] is not None):
        return _response(current, call)
    others = await store.listed(call.db, call.ledger.id)
    rules.check_kind_change(current, row, others)
    await store.update(call.db, call.ledger.id, current["id"], row, archived=archived)
    return _response(await existing(call, current["id"]), call)


async def _checked(call: Call, data: CategoryInput) -> CategoryRow:
    parent = None
    if data.parent_id is not None:
        parent = await store.get(call.db, call.ledger.id, data.parent_id)
    return rules.check(data, parent)


def _response(row: asyncpg.Record, call: Call, status: int = 200) -> Response[CountedCategory]:
    category = rules.counted(row, call.epoch)
    return Response(category, status_code=status, headers={"ETag": category.etag})


handlers = [
    list_categories, put_category, post_category, get_category, patch_category, delete_category,
]  # fmt: skip
