"""Ledgers: mine, a new one, read, change, delete for good."""

from typing import Annotated, Any
from uuid import UUID

import asyncpg
from litestar import Request, Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter

from outlay.access import Call, call_of, owner, user, viewer
from outlay.auth.hub import hub_of
from outlay.db import in_transaction
from outlay.errors import InvalidInput, NotFound, Stale
from outlay.etags import is_unchanged, wanted_version
from outlay.idempotency import once
from outlay.ids import uuid7
from outlay.ledgers import rules, store
from outlay.ledgers.defaults import default_categories
from outlay.ledgers.erase import ERASE_SECONDS, erase_ledger
from outlay.ledgers.making import make_ledger
from outlay.ledgers.model import Ledger, LedgerInput, LedgerPatch, LedgerRow, Ledgers

Req = Request[Any, Any, Any]
ONE = "/ledgers/{ledger:str}"


@get("/ledgers", opt=user("read", limited=True), summary="List my ledgers")
async def list_ledgers(request: Req) -> Ledgers:
    """Those I am a member of, two hundred at most; a token limited to ledgers lists only those."""
    call = call_of(request)
    rows = await store.listed(call.db, call.caller.user_id, call.caller.ledger_ids)
    return Ledgers([rules.to_api(row, call.epoch) for row in rows])


@post(
    "/ledgers",
    opt=user("write", headers=("Idempotency-Key",)),
    status_code=201,
    summary="Begin a ledger",
)
async def post_ledger(request: Req, data: JSONBody[LedgerInput]) -> Response[Ledger]:
    """I become its owner; it starts with a set of categories unless `categories` is "none".

    `Idempotency-Key` makes it safe to send again, as does an `id` of one's own: it is taken once.
    """
    call = call_of(request)
    return await once(request, call, lambda: _make(call, data))


@get(ONE, opt=viewer(headers=("If-None-Match",)), summary="Read a ledger")
async def get_ledger(request: Req) -> Response[Ledger | None]:
    call = call_of(request)
    found = rules.to_api(await _existing(call), call.epoch)
    if is_unchanged(request, found.etag):
        return Response(None, status_code=304, headers={"ETag": found.etag})
    return Response(found, headers={"ETag": found.etag})


@patch(ONE, opt=owner(headers=("If-Match",)), summary="Change a ledger")
async def patch_ledger(request: Req, data: JSONBody[LedgerPatch]) -> Response[Ledger]:
    call = call_of(request)
    current = await _wanted(request, call)
    row = rules.check(rules.patched(current, data))
    if row == LedgerRow(**rules.as_columns_of(current)):
        return _response(current, call)
    context = call.context("ledger.change")
    if not await store.update(call.db, call.ledger.id, context, current["version"], row):
        raise _stale(await _existing(call), call)
    return _response(await _existing(call), call)


@delete(
    ONE,
    opt=owner(timeout=ERASE_SECONDS, headers=("If-Match",)),
    status_code=204,
    summary="Delete a ledger for good",
)
async def delete_ledger(
    request: Req,
    confirm: Annotated[str, QueryParameter(description="The ledger's name")] = "",
) -> None:
    """With its expenses, its history, its invitations and everybody's membership; nothing undoes it.

    `confirm` has to be the ledger's name. Backups keep it until their retention ends.
    """
    call = call_of(request)
    version = wanted_version(request, call.epoch)
    ledger = call.ledger.id

    async def work() -> list[UUID]:
        name = await store.lock(call.db, ledger, version)
        if name is None:
            raise _stale(await _existing(call), call)
        if confirm.strip() != name:
            raise InvalidInput.field("/confirm", f"Send ?confirm= with the ledger's name: {name}")
        return await erase_ledger(call.db, ledger)

    for member in await in_transaction(call.db, work):
        hub_of(request).revoke_member(ledger, member)


async def _make(call: Call, data: LedgerInput) -> Response[Ledger]:
    row = rules.check(rules.row_of_input(data))
    ledger = data.id or uuid7()

    async def work() -> None:
        await make_ledger(
            call.db,
            ledger,
            row,
            owner=call.caller.user_id,
            context=call.context("ledger.create"),
            categories=list(default_categories()) if data.categories == "default" else [],
        )

    await in_transaction(call.db, work)
    made = await store.get(call.db, call.caller.user_id, ledger)
    if made is None:
        raise NotFound("There is no such ledger")
    return _response(made, call, status=201)


async def _existing(call: Call) -> asyncpg.Record:
    row = await store.get(call.db, call.caller.user_id, call.ledger.id)
    if row is None:
        raise NotFound("There is no such ledger")
    return row


async def _wanted(request: Req, call: Call) -> asyncpg.Record:
    version = wanted_version(request, call.epoch)
    row = await _existing(call)
    if version is not None and row["version"] != version:
        raise _stale(row, call)
    return row


def _stale(row: asyncpg.Record, call: Call) -> Stale:
    current = rules.to_api(row, call.epoch)
    return Stale(current=current, headers={"ETag": current.etag})


def _response(row: asyncpg.Record, call: Call, status: int = 200) -> Response[Ledger]:
    ledger = rules.to_api(row, call.epoch)
    return Response(ledger, status_code=status, headers={"ETag": ledger.etag})


handlers = [list_ledgers, post_ledger, get_ledger, patch_ledger, delete_ledger]
