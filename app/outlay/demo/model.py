"""The demo household: what is asked for it, and what it consists of before it has ids."""

import datetime as dt
from typing import Literal

import msgspec

from outlay.expenses.model import Kind

AccountName = Literal["current", "savings", "travel"]


class DemoInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`language` is that of the descriptions; there is English so far."""

    language: Literal["en"] = "en"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it is invented: an amount in cents of a euro, whatever the ledger's currency.

    `is_abroad` means the currency of the journey. Rows of one `purchase` are parts of it; `refunds`
    names the `mark` of the row that it refunds. `category` is the name of a default category.
    """

    date: dt.date
    cents: int
    text: str
    category: str | None = None
    kind: Kind = "expense"
    account: AccountName = "current"
    to_account: AccountName | None = None
    is_abroad: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    purchase: str = ""
    mark: str = ""
    refunds: str = ""


class DemoRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the ledger: `amount` in minor units, `refund_of` the place of another row, or None."""

    kind: Kind
    date: dt.date
    amount: int
    currency: str
    description: str
    note: str
    category: str | None
    tags: tuple[str, ...]
    account: AccountName
    to_account: AccountName | None
    to_amount: int | None
    to_currency: str | None
    purchase: str
    refund_of: int | None


class DemoAccount(msgspec.Struct, frozen=True, kw_only=True):
    """`opening_balance` in minor units."""

    key: AccountName
    name: str
    kind: Literal["bank", "savings", "cash"]
    currency: str
    opening_balance: int


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """Rows in the order of their dates, with the accounts and tags that they name."""

    accounts: tuple[DemoAccount, ...]
    tags: tuple[str, ...]
    rows: tuple[DemoRow, ...]
