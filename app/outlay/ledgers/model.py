"""A ledger as the API speaks it: what a household keeps together."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

RoleName = Literal["owner", "editor", "viewer"]


class LedgerInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a new ledger is to be.

    `currency` is what amounts are in unless they say otherwise; `time_zone` (IANA) decides which day
    it is; months may begin on day 1 to 31 (a later day than a month has means its last), weeks on
    day 1 (Monday) to 7.
    """

    name: str
    currency: str
    time_zone: str = "UTC"
    first_day_of_month: int = 1
    first_day_of_week: int = 1
    id: UUID | None = None
    categories: Literal["default", "none"] = "default"


class LedgerPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields to change; what is left out stays. Amounts keep the currency they have."""

    name: str | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    first_day_of_month: int | UnsetType = UNSET
    first_day_of_week: int | UnsetType = UNSET


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A checked ledger as the database keeps it."""

    name: str
    currency: str
    time_zone: str
    first_day_of_month: int
    first_day_of_week: int


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """`role` is the caller's; `etag` is what If-Match takes; `is_demo` says that its rows are invented."""

    id: UUID
    name: str
    currency: str
    time_zone: str
    first_day_of_month: int
    first_day_of_week: int
    role: RoleName
    is_default: bool
    is_demo: bool
    version: int
    etag: str
    created_at: datetime
    updated_at: datetime


class Ledgers(msgspec.Struct, frozen=True):
    """All of the caller's: nobody is a member of more than two hundred."""

    items: list[Ledger]
