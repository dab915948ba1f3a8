"""People as they see themselves and as an administrator sees them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from outlay.auth.model import OneTimeLink
from outlay.errors import Conflict


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in person; without `has_password` they sign in by links only."""

    id: UUID
    name: str
    email: str | None
    is_admin: bool
    has_password: bool
    default_ledger_id: UUID | None
    version: int
    etag: str
    created_at: datetime
    updated_at: datetime


class MePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields to change; `default_ledger_id` is what the word `default` stands for in a path."""

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    default_ledger_id: UUID | None | UnsetType = UNSET


class UserInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Without a password the answer carries a link with which the person sets one."""

    name: str
    email: str
    password: str | None = None
    is_admin: bool = False


class UserPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields to change; somebody disabled is signed out and cannot sign in."""

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    is_disabled: bool | UnsetType = UNSET


class UserRow(msgspec.Struct, frozen=True, kw_only=True):
    """A checked person as the database keeps them."""

    name: str
    email: str | None
    is_admin: bool
    is_disabled: bool


class User(msgspec.Struct, frozen=True, kw_only=True):
    """`last_seen_at` is of their sessions that have not ended."""

    id: UUID
    name: str
    email: str | None
    is_admin: bool
    is_disabled: bool
    has_password: bool
    ledgers: int
    last_seen_at: datetime | None
    version: int
    etag: str
    created_at: datetime
    updated_at: datetime


class NewUser(msgspec.Struct, frozen=True):
    """`link` sets the first password; null when one was given."""

    user: User
    link: OneTimeLink | None


class Users(msgspec.Struct, frozen=True):
    """`next` is the cursor of the next page, null on the last one."""

    items: list[User]
    next: str | None


class LedgersInTheWay(Conflict):
    """A person cannot be erased yet; its member `ledgers` names those to decide on first."""

    type: ClassVar[str] = "ledgers-in-the-way"
    title: ClassVar[str] = "Ledgers of this person need a decision first"
