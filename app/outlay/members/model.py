"""Members of a ledger and the invitations into it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from outlay.auth.model import Secret
from outlay.ledgers.model import RoleName


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """`email` is shown to owners and to oneself; a placeholder stands for a name without an account."""

    user_id: UUID
    name: str
    email: str | None
    role: RoleName
    is_me: bool
    is_placeholder: bool
    is_disabled: bool
    version: int
    etag: str
    created_at: datetime
    updated_at: datetime


class Members(msgspec.Struct, frozen=True):
    """All of them: a ledger has two hundred at most."""

    items: list[Member]


class MemberPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: RoleName


class InvitationInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`note` reminds owners whom the link is for, and is forgotten when it is used."""

    role: RoleName
    note: str = ""


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """`used_at` is null while the link still works."""

    id: UUID
    role: RoleName
    note: str
    created_by: UUID | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class Invitations(msgspec.Struct, frozen=True):
    """Newest first: those that still work, fifty at most, and the last fifty that do not."""

    items: list[Invitation]


class NewInvitation(msgspec.Struct, frozen=True):
    """`token` and `url` are shown this once; send `url` to the person."""

    invitation: Invitation
    token: str
    url: str


class AcceptInvitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: Secret


class JoinByInvitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new account for somebody who has none."""

    token: Secret
    name: str
    email: str
    password: Annotated[str, msgspec.Meta(description="Ten characters or more")]


class Joined(msgspec.Struct, frozen=True):
    ledger_id: UUID
    role: RoleName
