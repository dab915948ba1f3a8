"""A ledger to look around in, filled with an invented household's two years."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, post
from litestar.params import JSONBody

from outlay.access import Call, call_of, user
from outlay.db import in_transaction
from outlay.demo.making import SEED, make_demo
from outlay.demo.model import DemoInput
from outlay.demo.rules import household
from outlay.idempotency import once
from outlay.ids import uuid7
from outlay.ledgers.model import Ledger, LedgerRow
from outlay.ledgers.reading import ledger_of
from outlay.users.first import FIRST_LEDGER


@post(
    "/demo",
    opt=user("write", headers=("Idempotency-Key",)),
    status_code=201,
    summary="Make a demo ledger",
)
async def make_demo_ledger(
    request: Request[Any, Any, Any],
    data: JSONBody[DemoInput | None] = None,  # noqa: ARG001 - there is one language so far
) -> Response[Ledger]:
    """Two years of an invented household up to today, in a ledger of its own that I own.

    Currency, time zone and calendar are those of my default ledger. 409 when I own a demo ledger
    already. Delete it as any other ledger.
    """
    call = call_of(request)
    return await once(request, call, lambda: _make(call))


async def _make(call: Call) -> Response[Ledger]:
    row, ledger = _like_home(call), uuid7()
    made = household(SEED, dt.datetime.now(ZoneInfo(row.time_zone)).date(), row.currency)
    context = call.context("demo.create", source="demo")

    async def work() -> None:
        await make_demo(call.db, ledger, row, made, owner=call.caller.user_id, context=context)

    await in_transaction(call.db, work)
    shown = await ledger_of(call, ledger)
    return Response(shown, status_code=201, headers={"ETag": shown.etag})


def _like_home(call: Call) -> LedgerRow:
    home = call.entered or FIRST_LEDGER
    return LedgerRow(
        name="Demo",
        currency=home.currency,
        time_zone=home.time_zone,
        first_day_of_month=home.first_day_of_month,
        first_day_of_week=home.first_day_of_week,
    )


handlers = [make_demo_ledger]
