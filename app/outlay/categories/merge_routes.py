"""One category merged into another, with a look at it first."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from outlay.access import Call, call_of, editor, viewer
from outlay.categories import rules, store
from outlay.categories.model import Merged, MergeDone, MergeInput, MergePreview
from outlay.categories.routes import ONE, existing
from outlay.db import in_transaction
from outlay.errors import InvalidInput
from outlay.writing import BULK_SECONDS, begin, done

Req = Request[Any, Any, Any]
PATH = ONE + "/merge"


@get(PATH, opt=viewer(), summary="Preview a merge of categories")
async def preview_category_merge(
    request: Req,
    id: FromPath[UUID],
    into: Annotated[UUID, QueryParameter(description="The category that would stay")],
) -> MergePreview:
    """How many rows a merge would move, and what it would do to sub-categories; changes nothing."""
    call = call_of(request)
    plan = await _plan(call, id, into)
    trashed = await store.count_trashed(call.db, call.ledger.id, list(plan.merged))
    live = {row["id"]: row["entries"] for row in await store.listed(call.db, call.ledger.id)}
    merged = [
        Merged(source, target, live[source], trashed.get(source, 0))
        for source, target in plan.merged.items()
    ]
    return MergePreview(
        merged, plan.moved, sum(m.expenses for m in merged), sum(m.trashed for m in merged)
    )


@post(PATH, opt=editor(timeout=BULK_SECONDS), status_code=200, summary="Merge categories")
async def merge_categories(
    request: Req, id: FromPath[UUID], data: JSONBody[MergeInput]
) -> MergeDone:
    """Move all expenses and sub-categories into another category and remove this one.

    Trashed expenses move too. A sub-category meets one of its name there: they are merged as well.
    All of it is one change set.
    """
    call = call_of(request)

    async def work() -> MergeDone:
        await begin(call, "category.merge", is_bulk=True)
        plan = await _plan(call, id, data.into)
        await store.move_expenses(call.db, call.ledger.id, dict(plan.merged))
        if plan.moved:
            await store.move_up(call.db, call.ledger.id, plan.moved, data.into)
        await store.remove(call.db, call.ledger.id, list(plan.merged))
        told = await done(call)
        into = rules.counted(await existing(call, data.into), call.epoch)
        return MergeDone(told.seq, told.expenses, into)

    return await in_transaction(call.db, work)


async def _plan(call: Call, id: UUID, into: UUID) -> rules.MergePlan:
    source = await existing(call, id)
    target = await store.get(call.db, call.ledger.id, into)
    if target is None:
        raise InvalidInput.field("/into", "This ledger has no such category")
    others = await store.listed(call.db, call.ledger.id)
    return rules.merge_plan(source, target, others)


handlers = [preview_category_merge, merge_categories]
