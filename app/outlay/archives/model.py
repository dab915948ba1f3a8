"""The lines of an archive, and the images of rows that its history holds.

Lines carry amounts as decimal text; images are rows as the change log keeps them, with amounts in
minor units, and without the ids that their line has already.
"""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from outlay.expenses.model import Kind, Source
from outlay.money.rules import MAX_MINOR

MOST_VERSION: Final = 100_000_000

Entity = Literal["ledger", "member", "category", "account", "tag", "expense"]
Moment = Annotated[dt.datetime, Meta(tz=True)]
Minor = Annotated[int, Meta(ge=1, le=MAX_MINOR)]
Place = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Seq = Annotated[int, Meta(ge=1, le=2**62)]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every row has."""

    version: Annotated[int, Meta(ge=1, le=MOST_VERSION)]
    created_at: Moment
    updated_at: Moment


class LedgerImage(Row, frozen=True):
    name: str
    currency: str
    time_zone: str
    first_day_of_month: Annotated[int, Meta(ge=1, le=31)]
    first_day_of_week: Annotated[int, Meta(ge=1, le=7)]
    is_demo: bool


class MemberImage(Row, frozen=True):
    role: Literal["owner", "editor", "viewer"]


class CategoryImage(Row, frozen=True):
    parent_id: UUID | None
    name: str
    kind: Literal["expense", "income"]
    hue: Annotated[int, Meta(ge=0, le=7)]
    icon: str
    position: Place
    archived_at: Moment | None


class AccountRow(Row, frozen=True):
    name: str
    kind: Literal["cash", "bank", "card", "savings", "other"]
    currency: str
    position: Place
    archived_at: Moment | None


class AccountImage(AccountRow, frozen=True):
    opening_balance: Annotated[int, Meta(ge=-MAX_MINOR, le=MAX_MINOR)]


class TagImage(Row, frozen=True):
    name: str


class ExpenseRow(Row, frozen=True):
    kind: Kind
    date: dt.date
    currency: str
    description: str
    note: str
    category_id: UUID | None
    tag_ids: Annotated[list[UUID], Meta(max_length=50)]
    account_id: UUID | None
    to_account_id: UUID | None
    to_currency: str | None
    purchase_id: UUID | None
    refund_of: UUID | None
    reference: str
    source: Source
    import_id: UUID | None
    created_by: UUID | None
    deleted_at: Moment | None


class ExpenseImage(ExpenseRow, frozen=True):
    amount: Minor
    to_amount: Minor | None


Image = LedgerImage | MemberImage | CategoryImage | AccountImage | TagImage | ExpenseImage


class LedgerLine(LedgerImage, frozen=True, tag_field="type", tag="ledger"):
    pass


class PersonLine(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="person"
):
    """Somebody whom a row or the history names."""

    id: UUID
    name: str


class MemberLine(MemberImage, frozen=True, tag_field="type", tag="member"):
    user_id: UUID


class CategoryLine(CategoryImage, frozen=True, tag_field="type", tag="category"):
    id: UUID


class AccountLine(AccountRow, frozen=True, tag_field="type", tag="account"):
    id: UUID
    opening_balance: str


class TagLine(TagImage, frozen=True, tag_field="type", tag="tag"):
    id: UUID


class ProfileLine(Row, frozen=True, tag_field="type", tag="profile"):
    """A saved way to read a bank's files; it has no history."""

    id: UUID
    name: str
    layout: msgspec.Raw
    account_id: UUID | None
    category_id: UUID | None


class ExpenseLine(ExpenseRow, frozen=True, tag_field="type", tag="expense"):
    id: UUID
    amount: str
    to_amount: str | None


class ChangeSetLine(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="change_set"
):
    """One request that wrote; `undoes` names the set that it took back."""

    seq: Seq
    actor_id: UUID | None
    source: str
    action: str
    request_id: str
    undoes: Seq | None
    kinds: Annotated[list[Entity], Meta(max_length=6)]
    entities: Place
    at: Moment


class ChangeLine(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="change"
):
    """What one set did to one row; null before it was made and after it was removed."""

    seq: Seq
    entity: Entity
    id: UUID
    before: msgspec.Raw
    after: msgspec.Raw


Line = (
    LedgerLine
    | PersonLine
    | MemberLine
    | CategoryLine
    | AccountLine
    | TagLine
    | ProfileLine
    | ExpenseLine
    | ChangeSetLine
    | ChangeLine
)
