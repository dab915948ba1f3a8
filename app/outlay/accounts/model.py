"""An account to pay from as the API speaks it; amounts are decimal text in its currency."""

import datetime as dt
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

AccountKind = Literal["cash", "bank", "card", "savings", "other"]


class AccountInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a new account is to be.

    `currency` defaults to the ledger's; `opening_balance` is what was on it before the first row
    of this ledger, below zero with a leading minus.
    """

    name: str
    kind: AccountKind = "bank"
    currency: str | None = None
    opening_balance: str = "0"
    position: int = 0


class AccountPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields to change; what is left out stays. The currency stays once a row uses it."""

    name: str | UnsetType = UNSET
    kind: AccountKind | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    opening_balance: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """A checked account as the database keeps it: the balance in minor units of its currency."""

    name: str
    kind: AccountKind
    currency: str
    opening_balance: int
    position: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """`etag` is what If-Match takes."""

    id: UUID
    name: str
    kind: AccountKind
    currency: str
    opening_balance: str
    position: int
    archived: bool
    archived_at: dt.datetime | None
    version: int
    etag: str
    created_at: dt.datetime
    updated_at: dt.datetime


class AccountWithBalance(Account, frozen=True, kw_only=True):
    """`balance` is the opening balance and all `entries` outside the trash, future ones included."""

    balance: str
    entries: int


class Accounts(msgspec.Struct, frozen=True):
    """All of them, at most five hundred, by position and name."""

    items: list[AccountWithBalance]


class AccountRemoved(msgspec.Struct, frozen=True):
    """`seq` is the change set, which can be undone."""

    seq: int


class DayBalance(msgspec.Struct, frozen=True):
    """A day on which the account moved: by how much, in how many entries, and what was on it then."""

    date: dt.date
    change: str
    entries: int
    balance: str


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    """The balance when `from` began, after each day that changed it, and when `to` ended."""

    account_id: UUID
    currency: str
    from_: dt.date = msgspec.field(name="from")
    to: dt.date
    start: str
    end: str
    days: list[DayBalance]
