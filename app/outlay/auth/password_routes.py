"""A new password: by its person, or by a link that somebody with the right to it made."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from litestar import Request, Response, post, put
from litestar.params import JSONBody

from outlay.access import anyone, call_of, user
from outlay.auth import accounts, entering, limits, links, sessions
from outlay.auth.desk import desk_of, from_own_page
from outlay.auth.entering import Begun
from outlay.auth.hub import hub_of
from outlay.auth.model import Entered, GivenPassword, PasswordReset
from outlay.auth.passwords import Busy
from outlay.auth.rules import check_password, refuse
from outlay.db import Connection, acquire, in_transaction
from outlay.errors import Conflict, Forbidden, InvalidInput, Unauthenticated

Req = Request[Any, Any, Any]


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`current_password` is left out only where none was set before."""

    new_password: str
    current_password: GivenPassword | None = None


@put("/me/password", opt=user("admin"), status_code=204, summary="Change my password")
async def change_password(request: Req, data: JSONBody[PasswordChange]) -> None:
    """Every other session ends, and links that let somebody in as me; API tokens stay.

    A first password can only be set by somebody who is signed in: a token that ends could
    otherwise make itself a way in that does not.
    """
    call = call_of(request)
    caller, passwords = call.caller, desk_of(request).passwords
    row = await accounts.person(call.db, caller.user_id)
    if row is None:
        raise Unauthenticated
    refuse(check_password("/new_password", data.new_password, of=(row["name"], row["email"])))
    if row["password_hash"] is None and caller.credential == "token":
        raise Forbidden("A first password is set by signing in with a link, not with a token")
    if row["password_hash"] is not None:
        await _check_current(request, call.db, row, data.current_password)
    new = await passwords.hash(data.new_password)

    async def work() -> list[UUID]:
        if not await accounts.set_password(call.db, caller.user_id, row["password_hash"], new):
            raise Conflict("The password was changed meanwhile; try again with that one")
        await links.end_for_person(call.db, caller.user_id)
        return await sessions.end_all(call.db, caller.user_id, but=caller.credential_id)

    for ended in await in_transaction(call.db, work):
        hub_of(request).revoke_session(ended)


async def _check_current(
    request: Req, db: Connection, row: asyncpg.Record, given: str | None
) -> None:
    if given is None:
        raise InvalidInput.field("/current_password", "Write the password you have now")
    limit = limits.of_password_change(call_of(request).caller.user_id)
    tried = await limits.take(db, limit)
    try:
        verdict = await desk_of(request).passwords.verify(row["password_hash"], given)
    except Busy:
        await limits.give_back(db, tried)
        raise
    if not verdict.right:
        limits.count("wrong")
        raise InvalidInput.field("/current_password", "This is not the password you have now")
    await limits.clear(db, tried.subjects)


@post("/password-reset", opt=anyone(db="none"), status_code=201, summary="Set a password by a link")
async def reset_password(request: Req, data: JSONBody[PasswordReset]) -> Response[Entered]:
    """A reset link works once and for a day; every session of the person ends, and one begins.

    It is worth nothing any more once its maker lost the right to make it.
    """
    from_own_page(request)
    call = call_of(request)
    async with acquire(call.pool) as db:
        tried = await limits.take(db, limits.of_address(call.address))
        link = await links.look_at(db, data.token)
        if link is None or link["kind"] != "password_reset":
            raise _over()
        await limits.give_back(db, tried)
    refuse(check_password("/password", data.password, of=(link["name"], link["email"])))
    new = await desk_of(request).passwords.hash(data.password)
    async with acquire(call.pool) as db:
        begun = await in_transaction(db, lambda: _reset(request, db, data.token, new))
    limits.count("link_ok")
    hub_of(request).revoke_user(link["user_id"])
    return begun.answer()


async def _reset(request: Req, db: Connection, token: str, new: str) -> Begun:
    link = await links.use(db, token, "password_reset")
    if link is None:
        raise _over()
    user_id = link["user_id"]
    row = await accounts.person(db, user_id)
    if row is None or not await accounts.set_password(db, user_id, row["password_hash"], new):
        raise _over()
    await links.end_for_person(db, user_id)
    await sessions.end_all(db, user_id)
    return await entering.begin(request, db, user_id)


def _over() -> InvalidInput:
    limits.count("link_wrong")
    return InvalidInput.field("/token", "This link was used or is over; ask for a new one")


handlers = [change_password, reset_password]
