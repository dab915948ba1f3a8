"""Images: rows as the change log keeps them, as JSON, and how they become rows again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, TypedDict, assert_never
from uuid import UUID

import msgspec

from outlay.accounts import rules as accounts
from outlay.accounts.model import AccountKind
from outlay.categories import rules as categories
from outlay.categories.model import CategoryKind
from outlay.changes.model import Entity
from outlay.etags import etag
from outlay.expenses import rules as expenses
from outlay.expenses.model import Kind, Source
from outlay.ledgers.model import RoleName
from outlay.tags import rules as tags


class _Kept(TypedDict):
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime


class ExpenseImage(_Kept):
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
    created_by: UUID | None
    deleted_at: dt.datetime | None


class CategoryImage(_Kept):
    id: UUID
    parent_id: UUID | None
    name: str
    kind: CategoryKind
    hue: int
    icon: str
    position: int
    archived_at: dt.datetime | None


class AccountImage(_Kept):
    id: UUID
    name: str
    kind: AccountKind
    currency: str
    opening_balance: int
    position: int
    archived_at: dt.datetime | None


class TagImage(_Kept):
    id: UUID
    name: str


class LedgerImage(_Kept):
    id: UUID
    name: str
    currency: str
    time_zone: str
    first_day_of_month: int
    first_day_of_week: int
    is_demo: bool


class MemberImage(_Kept):
    user_id: UUID
    role: RoleName


_DECODERS: Final[Mapping[str, msgspec.json.Decoder[Any]]] = {
    "expense": msgspec.json.Decoder(ExpenseImage),
    "category": msgspec.json.Decoder(CategoryImage),
    "account": msgspec.json.Decoder(AccountImage),
    "tag": msgspec.json.Decoder(TagImage),
    "ledger": msgspec.json.Decoder(LedgerImage),
    "member": msgspec.json.Decoder(MemberImage),
}
_TIMES: Final = ("created_at", "updated_at", "deleted_at", "archived_at")


def record_of(entity: Entity, image: str) -> dict[str, Any]:
    """The row of an image, by column; times are in UTC whatever zone the writer's session had."""
    row: dict[str, Any] = _DECODERS[entity].decode(image)
    for name in _TIMES:
        if row.get(name) is not None:
            row[name] = row[name].astimezone(dt.UTC)
    return row


def api_form(entity: Entity, image: str, epoch: str) -> object:
    """An image as the API shows the row, without what other rows add to it (counts, balances)."""
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
        case "ledger" | "member":
            return {**row, "etag": etag(epoch, row["version"])}
        case _:
            assert_never(entity)


def shown(entity: Entity, image: str | None, epoch: str) -> dict[str, Any] | None:
    """The same as plain JSON values; None stands for a row that is not there."""
    if image is None:
        return None
    plain: dict[str, Any] = msgspec.to_builtins(api_form(entity, image, epoch))
    return plain
