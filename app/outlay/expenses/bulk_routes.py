"""Create, change, trash or restore up to 10,000 expenses in one request."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response, post
from litestar.params import JSONBody

from outlay import metrics
from outlay.access import Call, call_of, editor
from outlay.db import in_transaction
from outlay.errors import Conflict, FieldError, InvalidInput
from outlay.expenses import bulk, filters, rules, store
from outlay.expenses.bulk import Bulk, BulkAnswer, BulkItem, BulkResult, New, Status
from outlay.expenses.model import ExpenseRow
from outlay.expenses.page import custom_plans
from outlay.expenses.search import words_query
from outlay.idempotency import once
from outlay.ids import uuid7


@post(
    "/ledgers/{ledger:str}/expenses/bulk",
    opt=editor(body="bulk", timeout=120.0, headers=("Idempotency-Key",)),
    status_code=200,
    summary="Create, change, trash or restore many",
)
async def bulk_expenses(
    request: Request[Any, Any, Any], data: JSONBody[Bulk]
) -> Response[BulkAnswer]:
    """One transaction and one change set: it can be undone as a whole. Takes `Idempotency-Key`."""
    call = call_of(request)
    _check_shape(data)
    return await once(request, call, lambda: _run(call, data))


def _check_shape(data: Bulk) -> None:
    changes = data.change is not None or bool(data.add_tags) or bool(data.remove_tags)
    asked = [data.create is not None, changes, data.trash, data.restore]
    if sum(asked) != 1:
        raise InvalidInput("Ask for one thing: create, change (or tags), trash or restore")
    if data.create is not None:
        if data.ids is not None or data.filter is not None:
            raise InvalidInput("create takes neither ids nor filter")
    elif (data.ids is None) == (data.filter is None):
        raise InvalidInput("Name the rows by ids or by filter")
    for name, rows in (("create", data.create), ("ids", data.ids)):
        if rows is not None and len(rows) > bulk.MOST_ROWS:
            raise InvalidInput.field(
                f"/{name}", f"At most {bulk.MOST_ROWS} rows; this has {len(rows)}"
            )


async def _run(call: Call, data: Bulk) -> Response[BulkAnswer]:
    async def work() -> BulkAnswer:
        await call.db.execute("set local statement_timeout = '60s'")
        if data.create is not None:
            return await _create(call, data)
        await call.db.execute(
            "select public.begin_write($1, $2)", call.ledger.id, _context(call, data)
        )
        ids = await _wanted_ids(call, data)
        if data.trash or data.restore:
            return await _move(call, data, ids)
        return await _change(call, data, ids)

    return Response(await in_transaction(call.db, work))


def _context(call: Call, data: Bulk) -> str:
    verb = (
        "create"
        if data.create is not None
        else "trash"
        if data.trash
        else "restore"
        if data.restore
        else "change"
    )
    sources = {item.source for item in data.create or ()}
    source = sources.pop() if len(sources) == 1 else None
    return call.context(f"expenses.{verb}", source=source)


async def _create(call: Call, data: Bulk) -> BulkAnswer:
    rows = await _checked(call, data)
    context = _context(call, data)
    with bulk.pointing(bulk.places((f"/create/{n}", new) for n, new in enumerate(rows))):
        made = await bulk.insert(call.db, call.ledger.id, context, rows, call.caller.user_id)
    given = enumerate(zip(rows, data.create or (), strict=True))
    await _refuse_other_content(
        call, [(n, new.id, item) for n, (new, item) in given if new.id not in made]
    )
    for source, count in Counter(new.row.source for new in rows if new.id in made).items():
        metrics.EXPENSES_CREATED.labels(source).inc(count)
    return _answer([(new.id, "created" if new.id in made else "unchanged") for new in rows])


async def _checked(call: Call, data: Bulk) -> list[New]:
    have = await bulk.known(call.db, call.ledger.id)
    today = dt.datetime.now(ZoneInfo(call.ledger.time_zone)).date()
    rows: list[New] = []
    errors: list[FieldError] = []
    seen: set[UUID] = set()
    for n, item in enumerate(data.create or ()):
        at = f"/create/{n}"
        currency = have.accounts.get(item.account_id or uuid7(), call.ledger.currency)
        new_id = item.id or uuid7()
        if new_id in seen:
            errors.append(FieldError(f"{at}/id", "This id stands twice in the request"))
        seen.add(new_id)
        try:
            row = rules.check(item, today=today, currency=currency, source=call.source, at=at)
        except InvalidInput as error:
            errors += error.errors
            continue
        errors += have.mistakes(row, at)
        rows.append(New(new_id, row))
    bulk.refuse(errors)
    return rows


async def _refuse_other_content(call: Call, old: Sequence[tuple[int, UUID, BulkItem]]) -> None:
    """Rows whose ids were in use are fine only if they say what they said when first created."""
    current = await bulk.load(call.db, call.ledger.id, [id_ for _, id_, _ in old])
    errors = []
    for n, id_, item in old:
        record = current.get(id_)
        first = await store.first_image(call.db, call.ledger.id, id_) if record else None
        original = msgspec.json.decode(first, type=ExpenseRow) if first else None
        if record is not None and original is None:
            original = rules.row_of(record)
        if original is None or not rules.is_same_request(original, item):
            errors.append(
                FieldError(f"/create/{n}/id", "This id is or was in use by another expense")
            )
    if errors:
        raise Conflict(
            "Some ids are in use; nothing was changed", errors=errors[: bulk.MOST_ERRORS]
        )


async def _wanted_ids(call: Call, data: Bulk) -> list[UUID]:
    if data.ids is not None:
        return list(dict.fromkeys(data.ids))
    wanted = filters.checked(data.filter or filters.Filter(), "/filter")
    if data.restore != wanted.trashed:
        raise InvalidInput.field(
            "/filter/trashed", "Only trashed rows are restored, and only live ones changed"
        )
    words = None
    if wanted.q:
        words = await words_query(call.db, call.ledger.id, wanted.q)
        if not words:
            return []
    where = filters.full_where(call.ledger.id, wanted, words)
    await custom_plans(call.db)
    rows = await call.db.fetch(
        f"select e.id from public.expenses e where {where.sql} limit {bulk.MOST_ROWS + 1}",
        *where.params,
    )
    if len(rows) > bulk.MOST_ROWS:
        raise InvalidInput.field(
            "/filter", f"More than {bulk.MOST_ROWS} rows match; narrow it down"
        )
    return sorted(row["id"] for row in rows)


async def _move(call: Call, data: Bulk, ids: list[UUID]) -> BulkAnswer:
    context = _context(call, data)
    with bulk.pointing({id_: f"/ids/{n}" for n, id_ in enumerate(ids)}):
        moved = await bulk.set_trashed(call.db, call.ledger.id, context, ids, trashed=data.trash)
    there = await bulk.load(call.db, call.ledger.id, [id_ for id_ in ids if id_ not in moved])
    done: Status = "trashed" if data.trash else "restored"
    return _answer(
        [(id_, done if id_ in moved else "unchanged" if id_ in there else "missing") for id_ in ids]
    )


async def _change(call: Call, data: Bulk, ids: list[UUID]) -> BulkAnswer:
    have = await bulk.known(call.db, call.ledger.id)
    records = await bulk.load(call.db, call.ledger.id, ids)
    live = {id_: record for id_, record in records.items() if record["deleted_at"] is None}
    at = {id_: f"/ids/{n}" for n, id_ in enumerate(ids)}
    changed = bulk.changed_rows(live, data, have, at)
    with bulk.pointing(bulk.places((at[new.id], new) for new in changed)):
        await bulk.update(call.db, call.ledger.id, _context(call, data), changed)
    touched = {new.id for new in changed}
    return _answer(
        [
            (id_, "changed" if id_ in touched else "unchanged" if id_ in live else "missing")
            for id_ in ids
        ]
    )


def _answer(rows: Sequence[tuple[UUID, Status]]) -> BulkAnswer:
    return BulkAnswer(
        [BulkResult(id_, status) for id_, status in rows],
        dict(Counter(status for _, status in rows)),
    )


handlers = [bulk_expenses]
