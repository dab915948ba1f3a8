"""`Idempotency-Key`: the same request again gets the first answer, committed with its write."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Response

from outlay.access import AnyRequest, Call
from outlay.db import in_transaction
from outlay.errors import BadRequest, InvalidInput

T = TypeVar("T")
NO_LEDGER = UUID(int=0)

_CLAIM = """
insert into public.idempotency_keys (ledger_id, user_id, route, key, body_hash, status, headers, body)
values ($1, $2, $3, $4, $5, 0, '{}', '')
on conflict (ledger_id, user_id, route, key) do nothing returning key
"""
_KEEP = """
update public.idempotency_keys set status = $5, headers = $6, body = $7
where ledger_id = $1 and user_id = $2 and route = $3 and key = $4
"""
_RECALL = """
select body_hash, status, headers, body from public.idempotency_keys
where ledger_id = $1 and user_id = $2 and route = $3 and key = $4
"""


async def once(
    request: AnyRequest, call: Call, work: Callable[[], Awaitable[Response[T]]]
) -> Response[T]:
    """Run `work`; with an `Idempotency-Key` in a transaction that also keeps its answer.

    A second request with the key waits for the first and repeats its answer; with another body it
    raises InvalidInput. Errors are not kept: the key can be used again.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return await work()
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise BadRequest("An Idempotency-Key has 1 to 200 printable characters")
    # What the path names besides the ledger belongs to the request as its body does.
    named = "".join(f"{k}={v}\n" for k, v in sorted(request.path_params.items()) if k != "ledger")
    body_hash = hashlib.sha256(named.encode() + await request.body()).digest()
    # Outside a ledger's path the caller's default is entered, which the request itself may change.
    is_inside = call.entered is not None and "ledger" in request.path_params
    ledger = call.ledger.id if is_inside else NO_LEDGER
    route = f"{request.method} {request.scope['path_template']}"
    names = (ledger, call.caller.user_id, route, key)

    async def run() -> Response[Any]:
        if await call.db.fetchval(_CLAIM, *names, body_hash) is None:
            return await _recall(call, names, body_hash)
        response = await work()
        headers = msgspec.json.encode({str(k): v for k, v in response.headers.items()}).decode()
        body = msgspec.json.encode(response.content)
        status = response.status_code or request.route_handler.status_code
        await call.db.execute(_KEEP, *names, status, headers, body)
        return response

    return await in_transaction(call.db, run)


async def _recall(call: Call, names: tuple[Any, ...], body_hash: bytes) -> Response[Any]:
    kept = await call.db.fetchrow(_RECALL, *names)
    if kept is None or kept["body_hash"] != body_hash:
        raise InvalidInput("This Idempotency-Key was used with another body; take a new key")
    headers = msgspec.json.decode(kept["headers"])
    return Response(
        kept["body"],
        status_code=kept["status"],
        headers={**headers, "Idempotent-Replay": "true"},
        media_type="application/json",
    )
