"""Links that work once: to sign in, to join a ledger, to set a password anew.

Whoever holds a link has what it gives, so only the hash of its secret is kept, and a link that
somebody made is worth nothing once its maker lost the right to make it.
"""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import asyncpg
import msgspec

from outlay.access import secret_hash
from outlay.auth.secrets import new_secret
from outlay.db import Connection
from outlay.ids import uuid7

Kind = Literal["sign_in", "invitation", "password_reset"]

# A sign-in link goes from a terminal to a browser; the others are sent from person to person.
SIGN_IN_LIFE: Final = timedelta(minutes=10)
RESET_LIFE: Final = timedelta(hours=24)
INVITATION_LIFE: Final = timedelta(days=7)

_MAKE: Final = """
insert into public.links
  (id, token_hash, kind, user_id, ledger_id, role, created_by, note, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9::interval)
returning id, created_at, expires_at
"""
_OPEN: Final = """
l.used_at is null and l.expires_at > now() and case l.kind
  when 'sign_in' then true
  when 'password_reset' then l.created_by is null or public.may_reset(l.created_by, l.user_id)
  else exists (select from public.members m
    join public.users maker on maker.id = m.user_id and maker.disabled_at is null
    where m.ledger_id = l.ledger_id and m.user_id = l.created_by and m.role = 'owner')
end
"""
_USE: Final = f"""
update public.links l set used_at = now(), note = ''
where l.token_hash = $1 and l.kind = $2 and {_OPEN}
returning l.user_id, l.ledger_id, l.role, l.created_by
"""
_SEEN: Final = f"""
select l.kind, l.role, l.expires_at, l.ledger_id, l.user_id, g.name as ledger, maker.name as maker,
  u.name, u.email
from public.links l
left join public.ledgers g on g.id = l.ledger_id
left join public.users maker on maker.id = l.created_by
left join public.users u on u.id = l.user_id
where l.token_hash = $1 and {_OPEN}
"""


class MadeLink(msgspec.Struct, frozen=True):
    """A new link; `secret` is shown once and kept nowhere."""

    id: UUID
    secret: str
    created_at: datetime
    expires_at: datetime


async def create_sign_in_link(db: Connection, user_id: UUID) -> str:
    """Return the secret of a link that signs `user_id` in once, for ten minutes.

    The link is `{base}/sign-in#token={secret}`.
    """
    return (await _make(db, "sign_in", SIGN_IN_LIFE, user=user_id)).secret


async def create_reset_link(db: Connection, user_id: UUID, maker: UUID | None) -> MadeLink:
    """Make a link that sets `user_id`'s password anew; older ones end.

    Without a maker (a command on the server itself) it needs nobody's right.
    """
    await db.execute(
        "delete from public.links where user_id = $1 and kind = 'password_reset'", user_id
    )
    return await _make(db, "password_reset", RESET_LIFE, user=user_id, maker=maker)


async def create_invitation(
    db: Connection, ledger: UUID, role: str, maker: UUID, note: str
) -> MadeLink:
    return await _make(
        db, "invitation", INVITATION_LIFE, ledger=ledger, role=role, maker=maker, note=note
    )


async def _make(
    db: Connection,
    kind: Kind,
    life: timedelta,
    *,
    user: UUID | None = None,
    ledger: UUID | None = None,
    role: str | None = None,
    maker: UUID | None = None,
    note: str = "",
) -> MadeLink:
    secret = new_secret()
    row = await db.fetchrow(
        _MAKE, uuid7(), secret_hash(secret), kind, user, ledger, role, maker, note, life
    )
    if row is None:
        raise AssertionError
    return MadeLink(row["id"], secret, row["created_at"], row["expires_at"])


async def use(db: Connection, secret: str, kind: Kind) -> asyncpg.Record | None:
    """Use the link up and say whom and what it is for; None when it is none, used or over."""
    return await db.fetchrow(_USE, secret_hash(secret), kind)


async def look_at(db: Connection, secret: str) -> asyncpg.Record | None:
    """Say what a link is for, without using it."""
    return await db.fetchrow(_SEEN, secret_hash(secret))


async def end_of_person(db: Connection, user: UUID) -> None:
    """End every link for or by the person: after a new password, when they are shut out or erased."""
    await db.execute("delete from public.links where user_id = $1 or created_by = $1", user)


async def end_for_person(db: Connection, user: UUID) -> None:
    """End every link that would let somebody in as the person."""
    await db.execute("delete from public.links where user_id = $1", user)


async def end_by_member(db: Connection, ledger: UUID, user: UUID) -> None:
    """End the invitations of somebody who is no owner any more."""
    await db.execute(
        "delete from public.links where ledger_id = $1 and created_by = $2", ledger, user
    )
