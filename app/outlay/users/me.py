"""The signed-in person: read, change, leave for good."""

from typing import Annotated, Any
from uuid import UUID

import asyncpg
from litestar import Request, Response, delete, get, patch
from litestar.params import JSONBody, QueryParameter

from outlay.access import Call, call_of, user
from outlay.auth.desk import desk_of
from outlay.auth.hub import hub_of
from outlay.db import in_transaction
from outlay.errors import InvalidInput, Stale, Unauthenticated
from outlay.etags import is_unchanged, wanted_version
from outlay.ledgers.erase import ERASE_SECONDS
from outlay.users import rules, store
from outlay.users.erase import erase_person
from outlay.users.model import Me, MePatch

Req = Request[Any, Any, Any]


@get("/me", opt=user("read", headers=("If-None-Match",)), summary="Read my account")
async def get_me(request: Req) -> Response[Me | None]:
    call = call_of(request)
    mine = rules.me_to_api(await _existing(call), call.epoch)
    if is_unchanged(request, mine.etag):
        return Response(None, status_code=304, headers={"ETag": mine.etag})
    return Response(mine, headers={"ETag": mine.etag})


@patch("/me", opt=user("admin", headers=("If-Match",)), summary="Change my account")
async def patch_me(request: Req, data: JSONBody[MePatch]) -> Response[Me]:
    """Name, address to sign in with, default ledger; the password has a route of its own."""
    call = call_of(request)
    version = wanted_version(request, call.epoch)
    rules.check_patch(data)
    current = await _existing(call)
    if version is not None and current["version"] != version:
        raise _stale(current, call)
    name, email, default = rules.patched_me(current, data)
    if default is not None and not await store.is_member(call.db, call.caller.user_id, default):
        raise InvalidInput.field("/default_ledger_id", "You are not a member of such a ledger")
    row = await store.update_me(
        call.db, call.caller.user_id, current["version"], name, email, default
    )
    if row is None:
        raise _stale(await _existing(call), call)
    return _response(row, call)


@delete("/me", opt=user("admin", timeout=ERASE_SECONDS), status_code=204, summary="Erase me")
async def delete_me(
    request: Req,
    confirm: Annotated[str, QueryParameter(description="My name")] = "",
    delete_ledgers: Annotated[
        bool, QueryParameter(description="Delete the ledgers that nobody else uses")
    ] = False,
) -> Response[None]:
    """My name, address, sessions and tokens go; histories keep "Former member"; nothing undoes it.

    `confirm` has to be my name. Backups keep what they have until their retention ends. Ledgers
    that need a decision first are listed in a 409.
    """
    call = call_of(request)
    person = call.caller.user_id
    if confirm.strip() != call.caller.name:
        raise InvalidInput.field("/confirm", f"Send ?confirm= with your name: {call.caller.name}")

    async def work() -> list[UUID]:
        return await erase_person(
            call.db,
            person,
            actor=person,
            request_id=call.request_id,
            delete_ledgers=delete_ledgers,
        )

    for ledger in await in_transaction(call.db, work):
        hub_of(request).touch(ledger)
    hub_of(request).revoke_user(person)
    return Response(None, status_code=204, cookies=[desk_of(request).cookie("")])


async def _existing(call: Call) -> asyncpg.Record:
    row = await store.me(call.db, call.caller.user_id)
    if row is None:
        raise Unauthenticated
    return row


def _stale(row: asyncpg.Record, call: Call) -> Stale:
    mine = rules.me_to_api(row, call.epoch)
    return Stale(current=mine, headers={"ETag": mine.etag})


def _response(row: asyncpg.Record, call: Call) -> Response[Me]:
    mine = rules.me_to_api(row, call.epoch)
    return Response(mine, headers={"ETag": mine.etag})


handlers = [get_me, patch_me, delete_me]
