"""Tags: list, create, read, rename, merge, remove."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody

from outlay.access import Call, call_of, editor, viewer
from outlay.db import in_transaction
from outlay.errors import Conflict, InvalidInput, NotFound, Stale
from outlay.etags import wanted_version
from outlay.idempotency import once
from outlay.ids import uuid7
from outlay.tags import rules, store
from outlay.tags.model import CountedTag, TagInput, TagMergeDone, TagMergeInput, TagPatch, Tags
from outlay.writing import BULK_SECONDS, Done, begin, done, first_image, is_create

Req = Request[Any, Any, Any]
PATH = "/ledgers/{ledger:str}/tags"
ONE = PATH + "/{id:uuid}"


@get(PATH, opt=viewer(), summary="List tags")
async def list_tags(request: Req) -> Tags:
    """All of them by name, with the number of expenses that carry each."""
    call = call_of(request)
    rows = await store.listed(call.db, call.ledger.id)
    return Tags([rules.counted(row, call.epoch) for row in rows])


@put(
    ONE,
    opt=editor(headers=("If-None-Match", "If-Match")),
    status_code=200,
    summary="Create or rename a tag",
)
async def put_tag(
    request: Req, id: FromPath[UUID], data: JSONBody[TagInput]
) -> Response[CountedTag]:
    """With `If-None-Match: *` create it, with `If-Match` rename it."""
    call = call_of(request)
    if is_create(request):
        return await in_transaction(call.db, lambda: _create(call, id, data.name))
    return await in_transaction(call.db, lambda: _rename(request, call, id, data.name))


@post(PATH, opt=editor(headers=("Idempotency-Key",)), status_code=201, summary="Create a tag")
async def post_tag(request: Req, data: JSONBody[TagInput]) -> Response[CountedTag]:
    """For callers without an id of their own; `Idempotency-Key` makes it safe to send again."""
    call = call_of(request)
    return await once(
        request, call, lambda: in_transaction(call.db, lambda: _create(call, uuid7(), data.name))
    )


@get(ONE, opt=viewer(), summary="Read a tag")
async def get_tag(request: Req, id: FromPath[UUID]) -> Response[CountedTag]:
    call = call_of(request)
    return _response(await _existing(call, id), call)


@patch(ONE, opt=editor(headers=("If-Match",)), summary="Rename a tag")
async def patch_tag(
    request: Req, id: FromPath[UUID], data: JSONBody[TagPatch]
) -> Response[CountedTag]:
    call = call_of(request)
    return await in_transaction(call.db, lambda: _rename(request, call, id, data.name))


@delete(
    ONE,
    opt=editor(timeout=BULK_SECONDS, headers=("If-Match",)),
    status_code=200,
    summary="Remove a tag",
)
async def delete_tag(request: Req, id: FromPath[UUID]) -> Done:
    """It leaves every expense in the same change set; undo brings it back to them."""
    call = call_of(request)

    async def work() -> Done:
        await begin(call, "tag.delete", is_bulk=True)
        await _wanted(request, call, id)
        await store.remove(call.db, call.ledger.id, id)
        return await done(call)

    return await in_transaction(call.db, work)


@post(ONE + "/merge", opt=editor(timeout=BULK_SECONDS), status_code=200, summary="Merge tags")
async def merge_tags(
    request: Req, id: FromPath[UUID], data: JSONBody[TagMergeInput]
) -> TagMergeDone:
    """Every expense with this tag gets the other one instead, and this one goes; one change set."""
    call = call_of(request)
    if data.into == id:
        raise InvalidInput.field("/into", "A tag cannot be merged into itself")

    async def work() -> TagMergeDone:
        await begin(call, "tag.merge", is_bulk=True)
        await _existing(call, id)
        if await store.get(call.db, call.ledger.id, data.into) is None:
            raise InvalidInput.field("/into", "This ledger has no such tag")
        await store.replace(call.db, call.ledger.id, id, data.into)
        await store.remove(call.db, call.ledger.id, id)
        told = await done(call)
        into = rules.counted(await _existing(call, data.into), call.epoch)
        return TagMergeDone(told.seq, told.expenses, into)

    return await in_transaction(call.db, work)


async def _existing(call: Call, id: UUID) -> asyncpg.Record:
    row = await store.get(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such tag")
    return row


async def _wanted(request: Req, call: Call, id: UUID) -> asyncpg.Record:
    version = wanted_version(request, call.epoch)
    row = await _existing(call, id)
    if version is not None and row["version"] != version:
        current = rules.counted(row, call.epoch)
        raise Stale(current=current, headers={"ETag": current.etag})
    return row


async def _create(call: Call, id: UUID, text: str) -> Response[CountedTag]:
    await begin(call, "tag.create")
    name = rules.check(text)
    if not await store.insert(call.db, call.ledger.id, id, name):
        return await _created_before(call, id, name)
    if await store.count(call.db, call.ledger.id) > rules.MOST_TAGS:
        raise Conflict(f"A ledger holds {rules.MOST_TAGS} tags; merge some first")
    return _response(await _existing(call, id), call, status=201)


async def _created_before(call: Call, id: UUID, name: str) -> Response[CountedTag]:
    current = await store.get(call.db, call.ledger.id, id)
    if current is None:
        raise Conflict("This id belonged to a tag that was removed; make a new id")
    first = await first_image(call.db, call.ledger.id, "tag", id)
    if first is None or msgspec.json.decode(first)["name"] != name:
        shown = rules.counted(current, call.epoch)
        raise Conflict("This id is in use by another tag", current=shown)
    return _response(current, call)


async def _rename(request: Req, call: Call, id: UUID, text: str) -> Response[CountedTag]:
    await begin(call, "tag.change")
    current = await _wanted(request, call, id)
    name = rules.check(text)
    if name == current["name"]:
        return _response(current, call)
    await store.rename(call.db, call.ledger.id, id, name)
    return _response(await _existing(call, id), call)


def _response(row: asyncpg.Record, call: Call, status: int = 200) -> Response[CountedTag]:
    tag = rules.counted(row, call.epoch)
    return Response(tag, status_code=status, headers={"ETag": tag.etag})


handlers = [list_tags, put_tag, post_tag, get_tag, patch_tag, delete_tag, merge_tags]
