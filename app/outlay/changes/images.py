"""Images: rows as the change log keeps them, as JSON, and how they become rows again."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import msgspec

from outlay.accounts import rules as accounts
from outlay.categories import rules as categories
from outlay.etags import etag
from outlay.expenses import rules as expenses
from outlay.expenses.model import Kind, Source
from outlay.tags import rules as tags


class ExpenseImage(msgspec.Struct, frozen=True, kw_only=True):
    """An expense with the types a driver gives its columns."""

    id: UUID
    kind: Kind
    date: dt.date
    amount: int
    currency: str
    description: str
    note: str
    category_id: UUID | None
    tag_ids: list[UUID]
    account_id: UUID | None
    to_account_id: UUID | None
    to_amount: int | None
    to_currency: str | None
    purchase_id: UUID | None
    refund_of: UUID | None
    reference: str
    source: Source
    import_id: UUID | None
    version: int
    created_by: UUID | None
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None


_EXPENSE: Final = msgspec.json.Decoder(ExpenseImage)
_ANY: Final = msgspec.json.Decoder(dict[str, Any])
_TIMES: Final = ("created_at", "updated_at", "deleted_at", "archived_at")


def record_of(entity: str, image: str) -> dict[str, Any]:
    """The row of an image, by column; times are in UTC whatever zone the writer's session had."""
    if entity == "expense":
        row = msgspec.structs.asdict(_EXPENSE.decode(image))
    else:
        row = _ANY.decode(image)
    for name in _TIMES:
        if row.get(name) is not None:
            row[name] = _utc(row[name])
    return row


def api_form(entity: str, image: str, epoch: str) -> object:
    """An image as the API shows the row.

    A ledger comes without what only its members' own views have, a member without name and address.
    """
    row = record_of(entity, image)
    match entity:
        case "expense":
            return expenses.to_api(row, epoch)
        case "category":
            return categories.to_api(row, epoch)
        case "account":
            return accounts.to_api(row, epoch)
        case "tag":
            return tags.to_api(row, epoch)
        case _:
            row.pop("ledger_id", None)
            return {**row, "etag": etag(epoch, row["version"])}


def _utc(value: dt.datetime | str) -> dt.datetime:
    time = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return time.astimezone(dt.UTC)
