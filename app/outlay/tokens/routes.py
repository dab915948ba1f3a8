"""My API tokens: list, make, rename, end."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from litestar import Request, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from outlay.access import Call, call_of, user
from outlay.auth.desk import PRIVATE
from outlay.auth.hub import hub_of
from outlay.auth.rules import refuse
from outlay.auth.secrets import new_secret
from outlay.db import in_transaction
from outlay.errors import Conflict, NotFound, Stale
from outlay.etags import wanted_version
from outlay.texts import check_text
from outlay.tokens import rules, store
from outlay.tokens.model import NewToken, Token, TokenInput, TokenPatch, Tokens

Req = Request[Any, Any, Any]
ONE = "/tokens/{id:uuid}"
MINE = user("admin", limited=True)


@get("/tokens", opt=MINE, summary="List my tokens")
async def list_tokens(request: Req) -> Tokens:
    """All of mine; a token limited to ledgers lists those that reach no further than itself."""
    call = call_of(request)
    rows = await store.listed(call.db, call.caller.user_id, call.caller.ledger_ids)
    return Tokens([rules.to_api(row, call.epoch, call.caller) for row in rows])


@post("/tokens", opt=MINE, status_code=201, summary="Make a token")
async def post_token(request: Req, data: JSONBody[TokenInput]) -> Response[NewToken]:
    """Its secret is shown in this answer and never again.

    A token may make tokens with no more scopes, ledgers and time than its own; they end with it.
    """
    call = call_of(request)
    caller = call.caller
    parent = caller.credential_id if caller.credential == "token" else None
    ends = await store.end_of(call.db, parent) if parent else None
    token = rules.check(data, caller, ends, datetime.now(UTC))
    if token.ledger_ids is not None:
        foreign = await store.places_of_foreign_ledgers(call.db, caller.user_id, token.ledger_ids)
        refuse([rules.unknown_ledger(place) for place in foreign])
    secret = new_secret(rules.PREFIX)

    async def work() -> asyncpg.Record | None:
        if await store.count_locked(call.db, caller.user_id) >= rules.MOST_TOKENS:
            raise Conflict(f"Nobody can have more than {rules.MOST_TOKENS} tokens; delete one")
        return await store.insert(call.db, caller.user_id, parent, secret, token)

    row = await in_transaction(call.db, work)
    if row is None:
        raise AssertionError
    shown = rules.to_api(row, call.epoch, caller)
    return Response(
        NewToken(shown, secret), status_code=201, headers={**PRIVATE, "ETag": shown.etag}
    )


@get(ONE, opt=MINE, summary="Read a token")
async def get_token(request: Req, id: FromPath[UUID]) -> Response[Token]:
    call = call_of(request)
    return _response(await _existing(call, id), call)


@patch(ONE, opt=user("admin", limited=True, headers=("If-Match",)), summary="Rename a token")
async def patch_token(
    request: Req,
    id: FromPath[UUID],
    data: JSONBody[TokenPatch],
) -> Response[Token]:
    call = call_of(request)
    version = wanted_version(request, call.epoch)
    refuse(check_text("/name", data.name, most=100, least=1))
    row = await store.rename(
        call.db, call.caller.user_id, call.caller.ledger_ids, id, version, data.name.strip()
    )
    if row is None:
        shown = rules.to_api(await _existing(call, id), call.epoch, call.caller)
        raise Stale(current=shown, headers={"ETag": shown.etag})
    return _response(row, call)


@delete(ONE, opt=MINE, status_code=204, summary="End a token")
async def delete_token(request: Req, id: FromPath[UUID]) -> None:
    """At once, with every token that it made; it takes no If-Match."""
    call = call_of(request)
    ended = await store.delete(call.db, call.caller.user_id, call.caller.ledger_ids, id)
    if not ended:
        raise NotFound("There is no such token")
    for token in ended:
        hub_of(request).revoke_token(token)


async def _existing(call: Call, id: UUID) -> asyncpg.Record:
    row = await store.get(call.db, call.caller.user_id, call.caller.ledger_ids, id)
    if row is None:
        raise NotFound("There is no such token")
    return row


def _response(row: asyncpg.Record, call: Call) -> Response[Token]:
    token = rules.to_api(row, call.epoch, call.caller)
    return Response(token, headers={"ETag": token.etag})


handlers = [list_tokens, post_token, get_token, patch_token, delete_token]
