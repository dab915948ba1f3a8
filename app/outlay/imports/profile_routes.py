"""Profiles: layouts with a name, used by themselves on the next file that they fit."""

from typing import Any
from uuid import UUID

import asyncpg
from litestar import Request, Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from outlay.access import Call, call_of, editor, viewer
from outlay.errors import Conflict, FieldError, InvalidInput, NotFound, Stale
from outlay.etags import wanted_version
from outlay.ids import uuid7
from outlay.imports import profiles, views
from outlay.imports.answers import Profile, ProfileFrom, ProfileInput, Profiles
from outlay.imports.layout import mistakes
from outlay.imports.routes import ONE as ONE_IMPORT
from outlay.imports.routes import existing
from outlay.writing import is_create

Req = Request[Any, Any, Any]
PATH = "/ledgers/{ledger:str}/import-profiles"
ONE = PATH + "/{id:uuid}"


@get(PATH, opt=viewer(), summary="List import profiles")
async def list_import_profiles(request: Req) -> Profiles:
    call = call_of(request)
    rows = await profiles.listed(call.db, call.ledger.id)
    return Profiles([profiles.to_api(row, call.epoch) for row in rows])


@get(ONE, opt=viewer(), summary="Read an import profile")
async def get_import_profile(request: Req, id: FromPath[UUID]) -> Response[Profile]:
    call = call_of(request)
    return _response(await _existing(call, id), call)


@put(
    ONE,
    opt=editor(headers=("If-None-Match", "If-Match")),
    status_code=200,
    summary="Create or replace an import profile",
)
async def put_import_profile(
    request: Req, id: FromPath[UUID], data: JSONBody[ProfileInput]
) -> Response[Profile]:
    """With `If-None-Match: *` create it, with `If-Match` replace it."""
    call = call_of(request)
    _check(data)
    if is_create(request):
        return await _create(call, id, data)
    row = await _wanted(request, call, id)
    changed = await profiles.update(call.db, call.ledger.id, id, row["version"], data)
    if changed is None:
        raise _stale(await _existing(call, id), call)
    return _response(changed, call)


@delete(ONE, opt=editor(headers=("If-Match",)), summary="Delete an import profile")
async def delete_import_profile(request: Req, id: FromPath[UUID]) -> None:
    """Imports that were read by it stay as they are."""
    call = call_of(request)
    row = await _wanted(request, call, id)
    if not await profiles.delete(call.db, call.ledger.id, id, row["version"]):
        raise _stale(await _existing(call, id), call)


@post(
    ONE_IMPORT + "/profile",
    opt=editor(),
    status_code=201,
    summary="Save the layout of an import as a profile",
)
async def save_import_profile(
    request: Req, id: FromPath[UUID], data: JSONBody[ProfileFrom]
) -> Response[Profile]:
    """With the account and the category that the import takes for rows that name none."""
    call = call_of(request)
    row = await existing(call, id)
    given = ProfileInput(
        name=data.name,
        layout=views.layout_of(row),
        account_id=row["account_id"],
        category_id=row["category_id"],
    )
    _check(given)
    return await _create(call, uuid7(), given)


def _check(given: ProfileInput) -> None:
    errors = profiles.name_mistakes(given.name)
    errors += [FieldError(f"/layout{e.pointer}", e.detail) for e in mistakes(given.layout)]
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)


async def _create(call: Call, id: UUID, given: ProfileInput) -> Response[Profile]:
    made = await profiles.insert(call.db, call.ledger.id, id, given)
    if made is not None:
        return _response(made, call, status=201)
    row = await _existing(call, id)
    if not profiles.same(row, given):
        current = profiles.to_api(row, call.epoch)
        raise Conflict("This id is in use by another profile", current=current)
    return _response(row, call)


async def _existing(call: Call, id: UUID) -> asyncpg.Record:
    row = await profiles.get(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such profile")
    return row


async def _wanted(request: Req, call: Call, id: UUID) -> asyncpg.Record:
    version = wanted_version(request, call.epoch)
    row = await _existing(call, id)
    if version is not None and row["version"] != version:
        raise _stale(row, call)
    return row


def _stale(row: asyncpg.Record, call: Call) -> Stale:
    current = profiles.to_api(row, call.epoch)
    return Stale(current=current, headers={"ETag": current.etag})


def _response(row: asyncpg.Record, call: Call, status: int = 200) -> Response[Profile]:
    shown = profiles.to_api(row, call.epoch)
    return Response(shown, status_code=status, headers={"ETag": shown.etag})


handlers = [
    list_import_profiles,
    get_import_profile,
    put_import_profile,
    delete_import_profile,
    save_import_profile,
]
