"""Undo, by the number of a change set."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath, JSONBody

from outlay.access import call_of, editor
from outlay.auth.hub import hub_of
from outlay.changes.model import UndoInput, Undone
from outlay.changes.routes import NEWEST, PATH
from outlay.changes.rules import parse_row_name
from outlay.changes.undo import take_back
from outlay.db import in_transaction
from outlay.errors import NotFound
from outlay.idempotency import once
from outlay.writing import BULK_SECONDS


@post(
    PATH + "/{seq:int}/undo",
    opt=editor(timeout=BULK_SECONDS, headers=("Idempotency-Key",)),
    status_code=200,
    summary="Undo a change set",
)
async def undo_change(
    request: Request[Any, Any, Any],
    seq: FromPath[int],
    data: JSONBody[UndoInput | None] = None,
) -> Response[Undone]:
    """Take a whole change set back: one change set of its own, which can be undone in turn.

    Created expenses go to the trash, other created rows go for good where nothing uses them
    (an account that the trash names is archived); changed rows get their former content, removed
    ones come back. Rows that changed since are left as they are and listed; name them in `force` to
    overwrite them. 409 when it was undone already. Settings and members are undone by owners.
    """
    call = call_of(request)
    if not 0 < seq < NEWEST:
        raise NotFound("There is no such change set")
    names = data.force if data is not None else ()
    force = {parse_row_name(name, f"/force/{place}") for place, name in enumerate(names)}
    left: list[UUID] = []

    async def work() -> Response[Undone]:
        taken = await take_back(call, seq, force)
        left[:] = taken.left
        return Response(taken.answer, status_code=200)

    answer = await once(request, call, lambda: in_transaction(call.db, work))
    for person in left:
        hub_of(request).revoke_member(call.ledger.id, person)
    return answer


handlers = [undo_change]
