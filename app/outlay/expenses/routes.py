"""One expense at a time: create, read, change, trash, restore, purge."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from outlay import metrics
from outlay.access import Call, call_of, editor, header_of, viewer
from outlay.answers import Answer
from outlay.errors import Conflict, NotFound, PreconditionNeeded, Stale
from outlay.etags import is_unchanged, wanted_version
from outlay.expenses import rules, store
from outlay.expenses.model import Expense, ExpenseInput, ExpensePatch, ExpenseRow
from outlay.idempotency import once
from outlay.ids import uuid7

Req = Request[Any, Any, Any]
PATH = "/ledgers/{ledger:str}/expenses"


@put(
    PATH + "/{id:uuid}",
    opt=editor(headers=("If-None-Match", "If-Match")),
    status_code=200,
    summary="Create or replace an expense",
)
async def put_expense(
    request: Req, id: FromPath[UUID], data: JSONBody[ExpenseInput]
) -> Answer[Expense]:
    """With `If-None-Match: *` create it, with `If-Match` replace it."""
    call = call_of(request)
    if (header_of(request, b"if-none-match") or "").strip() == "*":
        return await _create(call, id, data)
    if header_of(request, b"if-match") is None:
        raise PreconditionNeeded("Send `If-None-Match: *` to create, or `If-Match` to replace")
    current = await _wanted(request, call, id)
    return await _change(call, current, await _checked(call, data))


@post(PATH, opt=editor(headers=("Idempotency-Key",)), status_code=201, summary="Record an expense")
async def post_expense(request: Req, data: JSONBody[ExpenseInput]) -> Response[Expense]:
    """For callers without an id of their own; `Idempotency-Key` makes it safe to send again."""
    call = call_of(request)
    return await once(request, call, lambda: _create(call, uuid7(), data))


@get(PATH + "/{id:uuid}", opt=viewer(headers=("If-None-Match",)), summary="Read an expense")
async def get_expense(request: Req, id: FromPath[UUID]) -> Answer[Expense | None]:
    call = call_of(request)
    found = rules.to_api(await _existing(call, id), call.epoch)
    if is_unchanged(request, found.etag):
        return Answer(None, status_code=304, headers={"ETag": found.etag})
    return Answer(found, headers={"ETag": found.etag})


@patch(PATH + "/{id:uuid}", opt=editor(headers=("If-Match",)), summary="Change an expense")
async def patch_expense(
    request: Req, id: FromPath[UUID], data: JSONBody[ExpensePatch]
) -> Answer[Expense]:
    call = call_of(request)
    current = await _wanted(request, call, id)
    return await _change(
        call, current, await _checked(call, rules.patched(rules.row_of(current), data))
    )


@delete(
    PATH + "/{id:uuid}",
    opt=editor(headers=("If-Match",)),
    status_code=200,
    summary="Move an expense to the trash",
)
async def delete_expense(
    request: Req,
    id: FromPath[UUID],
    purge: Annotated[bool, QueryParameter(description="Remove a trashed one for good")] = False,
) -> Answer[Expense]:
    """Its refunds go to the trash with it."""
    call = call_of(request)
    if purge:
        return await _purge(request, call, id)
    current = await _wanted(request, call, id)
    context = call.context("expense.trash")
    row = await store.set_trashed(
        call.db, call.ledger.id, context, id, current["version"], trashed=True
    )
    return await _answer(call, id, row)


@post(
    PATH + "/{id:uuid}/restore",
    opt=editor(),
    status_code=200,
    summary="Take an expense out of the trash",
)
async def restore_expense(request: Req, id: FromPath[UUID]) -> Answer[Expense]:
    call = call_of(request)
    current = await _existing(call, id)
    if current["deleted_at"] is None:
        raise Conflict("It is not in the trash")
    context = call.context("expense.restore")
    row = await store.set_trashed(
        call.db, call.ledger.id, context, id, current["version"], trashed=False
    )
    return await _answer(call, id, row)


async def _create(call: Call, id: UUID, data: JSONBody[ExpenseInput]) -> Answer[Expense]:
    row = await _checked(call, data)
    context = call.context("expense.create", source=row.source)
    made = await store.insert(call.db, call.ledger.id, context, id, row, call.caller.user_id)
    if made is None:
        return await _created_before(call, id, data)
    metrics.EXPENSES_CREATED.labels(row.source).inc()
    return _response(made, call, status=201)


async def _created_before(call: Call, id: UUID, data: JSONBody[ExpenseInput]) -> Answer[Expense]:
    current = await store.get(call.db, call.ledger.id, id)
    if current is None:
        raise Conflict("This id belonged to an expense that was removed for good; make a new id")
    first = await store.first_image(call.db, call.ledger.id, id)
    original = msgspec.json.decode(first, type=ExpenseRow) if first else rules.row_of(current)
    if not rules.is_same_request(original, data):
        raise Conflict(
            "This id is in use by another expense", current=rules.to_api(current, call.epoch)
        )
    return _response(current, call)


async def _checked(call: Call, data: ExpenseInput) -> ExpenseRow:
    currency = call.ledger.currency
    if data.currency is None and data.account_id is not None:
        own = await store.account_currency(call.db, call.ledger.id, data.account_id)
        currency = own or currency
    today = dt.datetime.now(ZoneInfo(call.ledger.time_zone)).date()
    return rules.check(data, today=today, currency=currency, source=call.source)


async def _existing(call: Call, id: UUID) -> asyncpg.Record:
    row = await store.get(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such expense")
    return row


async def _wanted(request: Req, call: Call, id: UUID) -> asyncpg.Record:
    version = wanted_version(request, call.epoch)
    row = await _existing(call, id)
    if row["deleted_at"] is not None:
        raise Conflict(
            "It is in the trash; restore it first", current=rules.to_api(row, call.epoch)
        )
    if version is not None and row["version"] != version:
        raise _stale(row, call)
    return row


async def _change(call: Call, current: asyncpg.Record, row: ExpenseRow) -> Answer[Expense]:
    if rules.same_row(rules.row_of(current), row):
        return _response(current, call)
    context = call.context("expense.change")
    changed = await store.update(
        call.db, call.ledger.id, context, current["id"], current["version"], row
    )
    return await _answer(call, current["id"], changed)


async def _purge(request: Req, call: Call, id: UUID) -> Answer[Expense]:
    version = wanted_version(request, call.epoch)
    row = await _existing(call, id)
    if row["deleted_at"] is None:
        raise Conflict("Only a row in the trash can be removed for good")
    if version is not None and row["version"] != version:
        raise _stale(row, call)
    context = call.context("expense.purge")
    if not await store.purge(call.db, call.ledger.id, context, id, row["version"]):
        raise _stale(await _existing(call, id), call)
    return _response(row, call)


async def _answer(call: Call, id: UUID, row: asyncpg.Record | None) -> Answer[Expense]:
    """The changed row; or the sentence for a row that another request changed in between."""
    if row is None:
        raise _stale(await _existing(call, id), call)
    return _response(row, call)


def _stale(row: asyncpg.Record, call: Call) -> Stale:
    current = rules.to_api(row, call.epoch)
    return Stale(current=current, headers={"ETag": current.etag})


def _response(row: asyncpg.Record, call: Call, status: int = 200) -> Answer[Expense]:
    expense = rules.to_api(row, call.epoch)
    return Answer(expense, status_code=status, headers={"ETag": expense.etag})


handlers = [
    put_expense, post_expense, get_expense, patch_expense, delete_expense, restore_expense,
]  # fmt: skip
