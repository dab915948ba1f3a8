"""What happened in a ledger: change sets, their rows, and the history of each row."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath, QueryParameter

from outlay.access import call_of, viewer
from outlay.changes import rules, store
from outlay.changes.model import ChangeSetRows, ChangeSets, Entity, History
from outlay.errors import NotFound

Req = Request[Any, Any, Any]
PATH: Final = "/ledgers/{ledger:str}/changes"
NEWEST: Final = 2**63 - 1
NOWHERE: Final = ("", UUID(int=0))

Seq = Annotated[int, QueryParameter(description="Only before this number", ge=1, le=NEWEST)]
Limit = Annotated[int, QueryParameter(description="At most so many", ge=1, le=200)]


@get(PATH, opt=viewer(), summary="List change sets")
async def list_changes(
    request: Req,
    before: Seq = NEWEST,
    limit: Limit = 50,
    entity: Annotated[
        Entity | None, QueryParameter(description="Only sets with rows of this kind")
    ] = None,
    actor: Annotated[UUID | None, QueryParameter(description="Only this person's")] = None,
    request_id: Annotated[
        str | None, QueryParameter(description="Only of the request with this `X-Request-Id`")
    ] = None,
) -> ChangeSets:
    """Everything that was ever written here, newest first.

    With a filter a page looks at twenty thousand change sets at most and may be short, even empty:
    `next` tells whether there is more.
    """
    call = call_of(request)
    ledger = call.ledger.id
    start = min(before, await store.newest_seq(call.db, ledger) + 1)
    heads = await store.page(
        call.db, ledger,
        before=start, limit=limit, entity=entity, actor=actor, request=request_id,
    )  # fmt: skip
    below = await store.summaries(call.db, ledger, heads)
    items = [rules.change_set(head, below[head["seq"]]) for head in heads]
    if len(items) == limit:
        following = items[-1].seq
    elif entity is None and actor is None and request_id is None:
        following = 0
    else:
        following = start - store.WINDOW
    return ChangeSets(items, following if following > 1 else None)


@get(PATH + "/{seq:int}", opt=viewer(), summary="Read a change set")
async def get_change(
    request: Req,
    seq: FromPath[int],
    after: Annotated[
        str | None, QueryParameter(description="Only rows behind this `<entity>/<id>`")
    ] = None,
    limit: Limit = 50,
) -> ChangeSetRows:
    """With its rows, each as it was before and after."""
    call = call_of(request)
    ledger = call.ledger.id
    behind = NOWHERE if after is None else rules.parse_row_name(after, "/after")
    head = await store.head(call.db, ledger, seq) if 0 < seq < NEWEST else None
    if head is None:
        raise NotFound("There is no such change set")
    below = await store.summaries(call.db, ledger, [head])
    found = await store.rows(call.db, ledger, seq, behind, limit + 1)
    rows = [rules.row_change(row, call.epoch) for row in found[:limit]]
    following = f"{rows[-1].entity}/{rows[-1].id}" if len(found) > limit else None
    return ChangeSetRows(**rules.head_fields(head, below[seq]), rows=rows, next=following)


@get(
    "/ledgers/{ledger:str}/expenses/{id:uuid}/history", opt=viewer(), summary="An expense's history"
)
async def get_expense_history(
    request: Req, id: FromPath[UUID], before: Seq = NEWEST, limit: Limit = 50
) -> History:
    """Who changed it when, newest first; also of one that was removed for good."""
    return await _history(request, "expense", id, before, limit)


@get(
    "/ledgers/{ledger:str}/categories/{id:uuid}/history",
    opt=viewer(),
    summary="A category's history",
)
async def get_category_history(
    request: Req, id: FromPath[UUID], before: Seq = NEWEST, limit: Limit = 50
) -> History:
    return await _history(request, "category", id, before, limit)


@get(
    "/ledgers/{ledger:str}/accounts/{id:uuid}/history", opt=viewer(), summary="An account's history"
)
async def get_account_history(
    request: Req, id: FromPath[UUID], before: Seq = NEWEST, limit: Limit = 50
) -> History:
    return await _history(request, "account", id, before, limit)


@get("/ledgers/{ledger:str}/tags/{id:uuid}/history", opt=viewer(), summary="A tag's history")
async def get_tag_history(
    request: Req, id: FromPath[UUID], before: Seq = NEWEST, limit: Limit = 50
) -> History:
    return await _history(request, "tag", id, before, limit)


async def _history(request: Req, entity: Entity, id: UUID, before: int, limit: int) -> History:
    call = call_of(request)
    found = await store.history(call.db, call.ledger.id, entity, id, before, limit + 1)
    if not found and before == NEWEST:
        raise NotFound(f"There never was such a row: no {entity} has this id")
    items = [rules.history_entry(entity, row, call.epoch) for row in found[:limit]]
    return History(items, items[-1].seq if len(found) > limit else None)


handlers = [
    list_changes, get_change, get_expense_history, get_category_history, get_account_history, get_tag_history,
]  # fmt: skip
