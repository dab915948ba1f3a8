"""API tokens: what a program shows instead of a person's session."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from outlay.access import ScopeName


class TokenInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`scopes` do not include each other: `write` alone records without reading.

    Without `ledger_ids` it reaches every ledger of the person, and what lies outside of ledgers;
    without `expires_at` it ends only when it is deleted.
    """

    name: str
    scopes: tuple[ScopeName, ...] = ("read",)
    ledger_ids: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=200)] | None = None
    expires_at: datetime | None = None


class TokenPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only the name can be changed: for other rights make another token."""

    name: str


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """`hint` is how its secret begins; `parent_id` names the token that made it and ends with it."""

    id: UUID
    name: str
    hint: str
    scopes: list[ScopeName]
    ledger_ids: list[UUID] | None
    parent_id: UUID | None
    current: bool
    version: int
    etag: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class NewToken(msgspec.Struct, frozen=True):
    """`secret` is shown this once; send it as `Authorization: Bearer {secret}`."""

    token: Token
    secret: str


class Tokens(msgspec.Struct, frozen=True):
    """All of them: nobody has more than a hundred."""

    items: list[Token]
