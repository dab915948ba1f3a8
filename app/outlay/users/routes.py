"""People of this installation, for its administrators."""

from typing import Annotated, Any
from uuid import UUID

import asyncpg
from litestar import Request, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from outlay.access import Call, admin, call_of
from outlay.auth import accounts, links, sessions
from outlay.auth.desk import PRIVATE, desk_of, link_url
from outlay.auth.hub import hub_of
from outlay.auth.links import MadeLink
from outlay.auth.model import OneTimeLink
from outlay.db import in_transaction
from outlay.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from outlay.etags import is_unchanged, wanted_version
from outlay.ids import uuid7
from outlay.ledgers.erase import ERASE_SECONDS
from outlay.users import rules, store
from outlay.users.erase import erase_person
from outlay.users.model import NewUser, User, UserInput, UserPatch, UserRow, Users

Req = Request[Any, Any, Any]
ONE = "/users/{id:uuid}"


@get("/users", opt=admin(), summary="List people")
async def list_users(
    request: Req,
    q: Annotated[
        str | None, QueryParameter(max_length=100, description="Part of a name or an address")
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200, description="People a page")] = 50,
    cursor: Annotated[UUID | None, QueryParameter(description="`next` of the page before")] = None,
) -> Users:
    """In the order they came; who was erased is not among them."""
    call = call_of(request)
    rows = await store.listed(call.db, cursor, q, limit + 1)
    shown = [rules.user_to_api(row, call.epoch) for row in rows[:limit]]
    return Users(shown, str(shown[-1].id) if len(rows) > limit else None)


@post("/users", opt=admin(), status_code=201, summary="Create a person")
async def post_user(request: Req, data: JSONBody[UserInput]) -> Response[NewUser]:
    """They have no ledger yet: invite them into one, or let them begin their own."""
    call = call_of(request)
    given = rules.check_new(data)
    kept = None
    if given.password is not None:
        kept = await desk_of(request).passwords.hash(given.password)
    new = uuid7()

    async def work() -> MadeLink | None:
        await accounts.insert(call.db, new, given.name, given.email, kept, is_admin=given.is_admin)
        # Made by nobody: may_reset() would keep an administrator from a first password.
        return None if kept else await links.create_reset_link(call.db, new, None)

    link = await in_transaction(call.db, work)
    made = rules.user_to_api(await _existing(call, new), call.epoch)
    answer = NewUser(made, None if link is None else _link(request, link))
    return Response(answer, status_code=201, headers={**PRIVATE, "ETag": made.etag})


@get(ONE, opt=admin(headers=("If-None-Match",)), summary="Read a person")
async def get_user(request: Req, id: FromPath[UUID]) -> Response[User | None]:
    call = call_of(request)
    found = rules.user_to_api(await _existing(call, id), call.epoch)
    if is_unchanged(request, found.etag):
        return Response(None, status_code=304, headers={"ETag": found.etag})
    return Response(found, headers={"ETag": found.etag})


@patch(ONE, opt=admin(headers=("If-Match",)), summary="Change a person")
async def patch_user(
    request: Req,
    id: FromPath[UUID],
    data: JSONBody[UserPatch],
) -> Response[User]:
    """Whoever is disabled is signed out at once; their tokens rest until they are enabled again."""
    call = call_of(request)
    version = wanted_version(request, call.epoch)
    rules.check_patch(data)

    async def work() -> UserRow:
        await store.lock_admins(call.db)
        current = await _existing(call, id)
        if version is not None and current["version"] != version:
            raise _stale(current, call)
        row = rules.patched_user(current, data)
        may_administer = row.is_admin and not row.is_disabled
        if not may_administer and not await store.has_other_admin(call.db, id):
            raise Conflict("The last administrator stays; make somebody else one first")
        if not await store.update(call.db, id, current["version"], row):
            raise _stale(await _existing(call, id), call)
        if row.is_disabled:
            await sessions.end_all(call.db, id)
            await links.end_of_person(call.db, id)
        return row

    if (await in_transaction(call.db, work)).is_disabled:
        hub_of(request).revoke_user(id)
    return _response(await _existing(call, id), call)


@delete(ONE, opt=admin(timeout=ERASE_SECONDS), status_code=204, summary="Erase a person")
async def delete_user(
    request: Req,
    id: FromPath[UUID],
    confirm: Annotated[str, QueryParameter(description="Their name")] = "",
    delete_ledgers: Annotated[
        bool, QueryParameter(description="Delete the ledgers that nobody else uses")
    ] = False,
) -> None:
    """As they could themselves: histories keep "Former member"; nothing undoes it."""
    call = call_of(request)
    found = await _existing(call, id)
    if confirm.strip() != found["name"]:
        raise InvalidInput.field("/confirm", f"Send ?confirm= with their name: {found['name']}")

    async def work() -> list[UUID]:
        return await erase_person(
            call.db,
            id,
            actor=call.caller.user_id,
            request_id=call.request_id,
            delete_ledgers=delete_ledgers,
        )

    for ledger in await in_transaction(call.db, work):
        hub_of(request).touch(ledger)
    hub_of(request).revoke_user(id)


@post(ONE + "/password-reset", opt=admin(), status_code=201, summary="Make a reset link")
async def post_user_password_reset(request: Req, id: FromPath[UUID]) -> Response[OneTimeLink]:
    """A link that sets the person's password anew, for anybody but administrators.

    It works once and for a day; nothing changes until it is used.
    """
    call = call_of(request)
    await _existing(call, id)
    if not await store.may_reset(call.db, call.caller.user_id, id):
        raise Forbidden(
            "Not for administrators or disabled people; "
            "an administrator gets back in with a command on the server"
        )
    link = await links.create_reset_link(call.db, id, call.caller.user_id)
    return Response(_link(request, link), status_code=201, headers=PRIVATE)


def _link(request: Req, made: MadeLink) -> OneTimeLink:
    return OneTimeLink(made.secret, link_url(request, "reset", made.secret), made.expires_at)


async def _existing(call: Call, id: UUID) -> asyncpg.Record:
    row = await store.get(call.db, id)
    if row is None:
        raise NotFound("There is no such person")
    return row


def _stale(row: asyncpg.Record, call: Call) -> Stale:
    current = rules.user_to_api(row, call.epoch)
    return Stale(current=current, headers={"ETag": current.etag})


def _response(row: asyncpg.Record, call: Call) -> Response[User]:
    person = rules.user_to_api(row, call.epoch)
    return Response(person, headers={"ETag": person.etag})


handlers = [list_users, post_user, get_user, patch_user, delete_user, post_user_password_reset]
