"""The step every way in ends with: the old session ends, a new one begins."""

from typing import Final
from uuid import UUID

from litestar import Response

from outlay import __version__
from outlay.access import SCOPES, AnyRequest, Caller, call_of, secret_hash
from outlay.auth import sessions
from outlay.auth.desk import PRIVATE, desk_of
from outlay.auth.hub import hub_of
from outlay.auth.model import Credential, Entered, Instance, Person
from outlay.auth.rules import clean_agent
from outlay.db import Connection
from outlay.errors import Unauthenticated

_WHO: Final = """
select u.id, u.name, u.email, u.is_admin, u.password_hash is not null as has_password,
  u.default_ledger_id, i.instance, i.epoch,
  coalesce((select expires_at from public.sessions where id = $2),
    (select expires_at from public.api_tokens where id = $2)) as expires_at
from public.users u cross join public.installation i where u.id = $1
"""


class Begun:
    """A session begun inside a transaction; `answer` gives its cookie once that is committed."""

    def __init__(self, request: AnyRequest, secret: str, ended: UUID | None, who: Entered) -> None:
        self.request = request
        self.secret = secret
        self.ended = ended
        self.who = who

    def answer(self) -> Response[Entered]:
        if self.ended is not None:
            hub_of(self.request).revoke_session(self.ended)
        cookie = desk_of(self.request).cookie(self.secret)
        return Response(self.who, status_code=201, cookies=[cookie], headers=PRIVATE)


async def begin(
    request: AnyRequest, db: Connection, user: UUID, *, password_hash: str | None = None
) -> Begun:
    """Begin a session for `user`, ending the one the request came with.

    Raises Unauthenticated when they may not enter any more, or `password_hash` is no longer theirs.
    """
    desk = desk_of(request)
    shown = desk.shown_secret(request)
    ended = await sessions.end_shown(db, secret_hash(shown)) if shown else None
    begun = await sessions.start(
        db,
        user,
        days=desk.settings.session_days,
        agent=clean_agent(request.headers.get("user-agent", "")),
        address=call_of(request).address,
        password_hash=password_hash,
    )
    if begun is None:
        raise Unauthenticated("This account cannot sign in; ask an administrator")
    caller = Caller(user, "", None, False, "session", begun.id, SCOPES, None)  # noqa: FBT003
    return Begun(request, begun.secret, ended, await who(db, caller))


async def who(db: Connection, caller: Caller) -> Entered:
    """Tell a caller who they are; a token limited to ledgers learns nothing beyond them."""
    row = await db.fetchrow(_WHO, caller.user_id, caller.credential_id)
    if row is None:
        raise Unauthenticated
    limit = caller.ledger_ids
    default = row["default_ledger_id"]
    return Entered(
        user=Person(
            row["id"], row["name"], row["email"] if limit is None else None,
            row["is_admin"] and limit is None, row["has_password"],
        ),
        credential=Credential(
            caller.credential, caller.credential_id, list(caller.scopes),
            None if limit is None else list(limit), row["expires_at"],
        ),
        default_ledger_id=default if limit is None or default in limit else None,
        instance=Instance(row["instance"], row["epoch"], __version__),
    )  # fmt: skip
