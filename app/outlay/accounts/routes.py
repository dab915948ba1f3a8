"""Accounts: list, create, read, change, archive, remove; balances day by day."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from outlay.access import Call, call_of, editor, viewer
from outlay.accounts import rules, store
from outlay.accounts.model import (
    AccountInput,
    AccountPatch,
    AccountRemoved,
    AccountRow,
    Accounts,
    AccountWithBalance,
    Balances,
)
from outlay.db import in_transaction
from outlay.errors import Conflict, FieldError, NotFound, Stale
from outlay.etags import wanted_version
from outlay.idempotency import once
from outlay.ids import uuid7
from outlay.writing import begin, done, first_image, is_create

Req = Request[Any, Any, Any]
Answer = Response[AccountWithBalance]
PATH = "/ledgers/{ledger:str}/accounts"
ONE = PATH + "/{id:uuid}"


@get(PATH, opt=viewer(), summary="List accounts")
async def list_accounts(request: Req) -> Accounts:
    """All of them with their balances, archived ones too."""
    call = call_of(request)
    rows = await store.listed(call.db, call.ledger.id)
    return Accounts([rules.with_balance(row, call.epoch) for row in rows])


@put(
    ONE,
    opt=editor(headers=("If-None-Match", "If-Match")),
    status_code=200,
    summary="Create or replace an account",
)
async def put_account(request: Req, id: FromPath[UUID], data: JSONBody[AccountInput]) -> Answer:
    """With `If-None-Match: *` create it, with `If-Match` replace it; archived stays archived."""
    call = call_of(request)
    if is_create(request):
        return await in_transaction(call.db, lambda: _create(call, id, data))
    return await in_transaction(call.db, lambda: _replace(request, call, id, data))


@post(PATH, opt=editor(headers=("Idempotency-Key",)), status_code=201, summary="Create an account")
async def post_account(request: Req, data: JSONBody[AccountInput]) -> Answer:
    """For callers without an id of their own; `Idempotency-Key` makes it safe to send again."""
    call = call_of(request)
    return await once(
        request, call, lambda: in_transaction(call.db, lambda: _create(call, uuid7(), data))
    )


@get(ONE, opt=viewer(), summary="Read an account")
async def get_account(request: Req, id: FromPath[UUID]) -> Answer:
    call = call_of(request)
    return _response(await _existing(call, id), call)


@patch(ONE, opt=editor(headers=("If-Match",)), summary="Change an account")
async def patch_account(request: Req, id: FromPath[UUID], data: JSONBody[AccountPatch]) -> Answer:
    """Rename it, archive it (`archived`), correct its opening balance."""
    call = call_of(request)

    async def work() -> Answer:
        await begin(call, "account.change")
        current = await _wanted(request, call, id)
        archived = current["archived_at"] is not None if data.archived is UNSET else data.archived
        return await _change(call, current, rules.patched(current, data), archived=archived)

    return await in_transaction(call.db, work)


@delete(ONE, opt=editor(headers=("If-Match",)), status_code=200, summary="Remove an account")
async def delete_account(request: Req, id: FromPath[UUID]) -> AccountRemoved:
    """Only one that no row names, the trash included; others are archived."""
    call = call_of(request)

    async def work() -> AccountRemoved:
        await begin(call, "account.delete")
        await _wanted(request, call, id)
        if await store.is_used(call.db, call.ledger.id, id):
            raise Conflict('Rows name this account; archive it with {"archived": true}')
        await store.remove(call.db, call.ledger.id, id)
        return AccountRemoved((await done(call)).seq)

    return await in_transaction(call.db, work)


@get(ONE + "/balances", opt=viewer(), summary="Running balance of an account")
async def list_account_balances(
    request: Req,
    id: FromPath[UUID],
    first: Annotated[
        dt.date | None, QueryParameter(name="from", description="First day; a year back by default")
    ] = None,
    last: Annotated[
        dt.date | None, QueryParameter(name="to", description="Last day; today by default")
    ] = None,
) -> Balances:
    """The balance after every day that changed it, at most 3700 days at once."""
    call = call_of(request)
    today = dt.datetime.now(ZoneInfo(call.ledger.time_zone)).date()
    from_, to = rules.period(first, last, today)
    account = await _existing(call, id)
    before = await store.moved_before(call.db, call.ledger.id, id, from_)
    days = await store.moved_daily(call.db, call.ledger.id, id, from_, to)
    return rules.running(account, before, days, from_, to)


async def _existing(call: Call, id: UUID) -> asyncpg.Record:
    row = await store.get(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such account")
    return row


async def _wanted(request: Req, call: Call, id: UUID) -> asyncpg.Record:
    version = wanted_version(request, call.epoch)
    row = await _existing(call, id)
    if version is not None and row["version"] != version:
        current = rules.with_balance(row, call.epoch)
        raise Stale(current=current, headers={"ETag": current.etag})
    return row


async def _create(call: Call, id: UUID, data: AccountInput) -> Answer:
    await begin(call, "account.create")
    row = rules.check(data, call.ledger.currency)
    if not await store.insert(call.db, call.ledger.id, id, row):
        return await _created_before(call, id, row)
    if await store.count(call.db, call.ledger.id) > rules.MOST_ACCOUNTS:
        raise Conflict(f"A ledger holds {rules.MOST_ACCOUNTS} accounts; remove unused ones first")
    return _response(await _existing(call, id), call, status=201)


async def _created_before(call: Call, id: UUID, row: AccountRow) -> Answer:
    current = await store.get(call.db, call.ledger.id, id)
    if current is None:
        raise Conflict("This id belonged to an account that was removed; make a new id")
    first = await first_image(call.db, call.ledger.id, "account", id)
    if first is None or msgspec.json.decode(first, type=AccountRow) != row:
        shown = rules.with_balance(current, call.epoch)
        raise Conflict("This id is in use by another account", current=shown)
    return _response(current, call)


async def _replace(request: Req, call: Call, id: UUID, data: AccountInput) -> Answer:
    await begin(call, "account.change")
    current = await _wanted(request, call, id)
    return await _change(call, current, data, archived=current["archived_at"] is not None)


async def _change(
    call: Call, current: asyncpg.Record, data: AccountInput, *, archived: bool
) -> Answer:
    row = rules.check(data, call.ledger.currency)
    if rules.row_of(current) == row and archived == (current["archived_at"] is not None):
        return _response(current, call)
    if row.currency != current["currency"] and await store.is_used(
        call.db, call.ledger.id, current["id"]
    ):
        told = "Rows name this account; its currency stays as it is"
        raise Conflict(told, errors=[FieldError("/currency", told)])
    await store.update(call.db, call.ledger.id, current["id"], row, archived=archived)
    return _response(await _existing(call, current["id"]), call)


def _response(row: asyncpg.Record, call: Call, status: int = 200) -> Answer:
    account = rules.with_balance(row, call.epoch)
    return Response(account, status_code=status, headers={"ETag": account.etag})


handlers = [
    list_accounts, put_account, post_account, get_account, patch_account, delete_account,
    list_account_balances,
]  # fmt: skip
