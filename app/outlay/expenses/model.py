"""The expense as the API speaks it: amounts are decimal text, dates are the ledger's own."""

import datetime as dt
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

FIRST_DATE: Final = dt.date(1900, 1, 1)
LAST_DATE: Final = dt.date(2200, 12, 31)

Kind = Literal["expense", "income", "transfer"]
Source = Literal["web", "api", "cli", "import", "demo", "sql"]


class ExpenseInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a person says of one expense.

    `currency` defaults to the account's, then the ledger's; `date` to today in the ledger's zone.
    """

    amount: str
    kind: Kind = "expense"
    currency: str | None = None
    date: dt.date | None = None
    description: str = ""
    note: str = ""
    category_id: UUID | None = None
    tag_ids: tuple[UUID, ...] = ()
    account_id: UUID | None = None
    to_account_id: UUID | None = None
    to_amount: str | None = None
    to_currency: str | None = None
    purchase_id: UUID | None = None
    refund_of: UUID | None = None
    reference: str = ""
    source: Literal["web", "api", "cli"] | None = None


class ExpensePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields to change; what is left out stays."""

    amount: str | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    date: dt.date | UnsetType = UNSET
    description: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    category_id: UUID | None | UnsetType = UNSET
    tag_ids: tuple[UUID, ...] | UnsetType = UNSET
    account_id: UUID | None | UnsetType = UNSET
    to_account_id: UUID | None | UnsetType = UNSET
    to_amount: str | None | UnsetType = UNSET
    to_currency: str | None | UnsetType = UNSET
    purchase_id: UUID | None | UnsetType = UNSET
    refund_of: UUID | None | UnsetType = UNSET
    reference: str | UnsetType = UNSET


class ExpenseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A checked expense as the database keeps it: amounts in minor units of their currency."""

    kind: Kind
    date: dt.date
    amount: int
    currency: str
    description: str
    note: str
    category_id: UUID | None
    tag_ids: tuple[UUID, ...]
    account_id: UUID | None
    to_account_id: UUID | None
    to_amount: int | None
    to_currency: str | None
    purchase_id: UUID | None
    refund_of: UUID | None
    reference: str
    source: Source = "api"


class Expense(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of the ledger; `etag` is what If-Match takes. It can hold no cycle: gc=False."""

    id: UUID
    kind: Kind
    date: dt.date
    amount: str
    currency: str
    description: str
    note: str
    category_id: UUID | None
    tag_ids: list[UUID]
    account_id: UUID | None
    to_account_id: UUID | None
    to_amount: str | None
    to_currency: str | None
    purchase_id: UUID | None
    refund_of: UUID | None
    reference: str
    source: Source
    import_id: UUID | None
    version: int
    etag: str
    created_by: UUID | None
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None
