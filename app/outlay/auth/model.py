"""Signing in as the API speaks it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from outlay.auth.links import Kind
from outlay.auth.rules import MOST_EMAIL, MOST_PASSWORD

Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
GivenPassword = Annotated[str, msgspec.Meta(max_length=MOST_PASSWORD)]


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Annotated[str, msgspec.Meta(max_length=MOST_EMAIL)]
    password: GivenPassword


class ShownLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a link after `#token=`."""

    token: Secret


class PasswordReset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: Secret
    password: str


class Person(msgspec.Struct, frozen=True):
    """`email` is null for a token that is limited to ledgers."""

    id: UUID
    name: str
    email: str | None
    is_admin: bool
    has_password: bool


class Credential(msgspec.Struct, frozen=True):
    """What was shown to get in; without `expires_at` it does not end by itself."""

    kind: Literal["session", "token"]
    id: UUID
    scopes: list[str]
    ledger_ids: list[UUID] | None
    expires_at: datetime | None


class Instance(msgspec.Struct, frozen=True):
    """`epoch` changes when the database was restored: what was read before is to be read anew."""

    id: str
    epoch: str
    version: str


class Entered(msgspec.Struct, frozen=True):
    """Who is signed in, how, and where."""

    user: Person
    credential: Credential
    default_ledger_id: UUID | None
    instance: Instance


class Session(msgspec.Struct, frozen=True):
    """`current` is the one that asks."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    current: bool


class Sessions(msgspec.Struct, frozen=True):
    """All of them: nobody has more than fifty."""

    items: list[Session]


class LinkPreview(msgspec.Struct, frozen=True):
    """What a link is for, before it is used; names only, as far as its kind has them."""

    kind: Kind
    expires_at: datetime
    ledger: str | None
    role: str | None
    made_by: str | None
    name: str | None
    email: str | None


class OneTimeLink(msgspec.Struct, frozen=True):
    """Shown once: send `url` to the person, by a way that only they read."""

    token: str
    url: str
    expires_at: datetime
