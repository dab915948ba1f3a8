"""The step from an invitation to a membership, inside the caller's transaction."""

from typing import Final, cast
from uuid import UUID

import msgspec

from outlay.access import Role
from outlay.auth import links
from outlay.db import Connection
from outlay.errors import Conflict, InvalidInput
from outlay.ledgers.membership import point_default_to_own, refuse_one_more
from outlay.ledgers.model import RoleName
from outlay.members.model import Joined
from outlay.members.rules import MOST_MEMBERS

_ROLE: Final = "select role from public.members where ledger_id = $1 and user_id = $2"
_COUNT: Final = "select count(*) from public.members where ledger_id = $1"
_INSERT: Final = "insert into public.members (ledger_id, user_id, role) values ($1, $2, $3)"
_RAISE: Final = "update public.members set role = $3 where ledger_id = $1 and user_id = $2"


async def join(db: Connection, token: str, user: UUID, *, source: str, request_id: str) -> Joined:
    """Use the invitation up and make `user` a member; a lesser role they had is raised.

    Raises InvalidInput for a link that does not work any more, Conflict for somebody who has the
    role already (the link then still works) and where a limit is reached.
    """
    link = await links.look_at(db, token)
    if link is None or link["kind"] != "invitation":
        raise over()
    ledger, role = link["ledger_id"], link["role"]
    context = {"actor": user, "source": source, "action": "member.join", "request": request_id}
    await db.execute(
        "select public.begin_write($1, $2)", ledger, msgspec.json.encode(context).decode()
    )
    had = await db.fetchval(_ROLE, ledger, user)
    if had is not None and Role[had] >= Role[role]:
        raise Conflict(f"You are a member of this ledger already, as {had}")
    if await links.use(db, token, "invitation") is None:
        raise over()
    if had is None:
        await refuse_one_more(db, user)
        if await db.fetchval(_COUNT, ledger) >= MOST_MEMBERS:
            raise Conflict(f"A ledger has {MOST_MEMBERS} members at most")
    await db.execute(_INSERT if had is None else _RAISE, ledger, user, role)
    await point_default_to_own(db, [user])
    return Joined(ledger, cast("RoleName", role))


def over() -> InvalidInput:
    return InvalidInput.field("/token", "This link was used or is over; ask for a new one")
