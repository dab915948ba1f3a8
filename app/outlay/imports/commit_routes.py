"""A preview into the ledger, and back out of it."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath, JSONBody

from outlay import metrics
from outlay.access import Call, call_of, editor
from outlay.db import in_transaction
from outlay.errors import Conflict, NotFound
from outlay.idempotency import once
from outlay.imports import store
from outlay.imports.answers import CommitInput, Committed, Reverted, RevertInput
from outlay.imports.commit import COMMIT_SECONDS, Plan, commit
from outlay.imports.revert import revert
from outlay.imports.routes import ONE, open_preview

Req = Request[Any, Any, Any]
TIMEOUT = COMMIT_SECONDS + 30


@post(
    ONE + "/commit",
    opt=editor(timeout=TIMEOUT, headers=("Idempotency-Key", "If-Match")),
    status_code=200,
    summary="Commit an import",
)
async def commit_import(
    request: Req, id: FromPath[UUID], data: JSONBody[CommitInput]
) -> Response[Committed]:
    """Add the selected rows as one change set, which can be undone as a whole.

    Duplicates are decided once more: rows that became one since the preview are left out, and told.
    The same commit again answers the same.
    """
    call = call_of(request)
    return await once(request, call, lambda: _commit(request, call, id, data))


async def _commit(request: Req, call: Call, id: UUID, data: CommitInput) -> Response[Committed]:
    async def work() -> tuple[Committed, bool]:
        await store.lengthen(call.db, COMMIT_SECONDS)
        row = await _held(call, id)
        if row["status"] == "reverted":
            raise Conflict("This import was taken back; upload the file again")
        if row["committed_at"] is not None:
            return msgspec.json.decode(row["result"], type=Committed), False
        await open_preview(request, call, id)
        plan = Plan(
            ledger=call.ledger.id,
            import_id=id,
            actor=call.caller.user_id,
            context=call.context("import.commit", source="import"),
            create=data.create_categories,
        )
        return await commit(call.db, plan, row), True

    result, is_new = await in_transaction(call.db, work)
    if is_new:
        metrics.EXPENSES_CREATED.labels("import").inc(result.created)
    return Response(result)


@post(
    ONE + "/revert",
    opt=editor(timeout=TIMEOUT, headers=("Idempotency-Key",)),
    status_code=200,
    summary="Take a committed import back",
)
async def revert_import(
    request: Req, id: FromPath[UUID], data: JSONBody[RevertInput]
) -> Response[Reverted]:
    """Move its rows to the trash as one change set; the file can then be imported again.

    Rows that were changed since are listed and stay, unless `force`.
    """
    call = call_of(request)

    async def run() -> Response[Reverted]:
        return Response(await in_transaction(call.db, work))

    async def work() -> Reverted:
        await store.lengthen(call.db, COMMIT_SECONDS)
        row = await _held(call, id)
        context = call.context("import.revert", source="import")
        return await revert(call.db, call.ledger.id, row, context, force=data.force)

    return await once(request, call, run)


async def _held(call: Call, id: UUID) -> asyncpg.Record:
    row = await store.locked(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such import")
    return row


handlers = [commit_import, revert_import]
