"""Members of a ledger: list, change the role, remove, leave, help with a lost password."""

from typing import Any, Final
from uuid import UUID

import asyncpg
from litestar import Request, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from outlay.access import Access, Call, call_of, owner, viewer
from outlay.auth import links
from outlay.auth.desk import PRIVATE, link_url
from outlay.auth.hub import hub_of
from outlay.auth.model import OneTimeLink
from outlay.errors import Forbidden, NotFound, Stale
from outlay.etags import wanted_version
from outlay.members import rules, store
from outlay.members.model import Member, MemberPatch, Members

Req = Request[Any, Any, Any]
PATH: Final = "/ledgers/{ledger:str}/members"
ONE: Final = PATH + "/{user:uuid}"
# Everybody may leave, but no token without the scope for such things.
LEAVE: Final = {"access": Access(who="member", scope="admin")}


@get(PATH, opt=viewer(), summary="List members")
async def list_members(request: Req) -> Members:
    """All of them, two hundred at most; placeholders, which cannot sign in, come last."""
    call = call_of(request)
    rows = await store.listed(call.db, call.ledger.id)
    return Members([rules.to_api(row, call) for row in rows])


@get(ONE, opt=viewer(), summary="Read a member")
async def get_member(request: Req, user: FromPath[UUID]) -> Response[Member]:
    call = call_of(request)
    return _response(await _existing(call, user), call)


@patch(ONE, opt=owner(headers=("If-Match",)), summary="Change a member's role")
async def patch_member(
    request: Req, user: FromPath[UUID], data: JSONBody[MemberPatch]
) -> Response[Member]:
    """The last owner stays one; invitations that a former owner made end."""
    call = call_of(request)
    current = await _wanted(request, call, user)
    if current["role"] == data.role:
        return _response(current, call)
    context = call.context("member.change")
    if not await store.change_role(
        call.db, call.ledger.id, context, user, current["version"], data.role
    ):
        raise _stale(await _existing(call, user), call)
    return _response(await _existing(call, user), call)


@delete(ONE, opt=owner(headers=("If-Match",)), status_code=204, summary="Remove a member")
async def delete_member(request: Req, user: FromPath[UUID]) -> None:
    """What they recorded stays; the last owner cannot go."""
    call = call_of(request)
    current = await _wanted(request, call, user)
    context = call.context("member.remove")
    if not await store.remove(call.db, call.ledger.id, context, user, current["version"]):
        raise _stale(await _existing(call, user), call)
    hub_of(request).revoke_member(call.ledger.id, user)


@delete(PATH + "/me", opt=LEAVE, status_code=204, summary="Leave a ledger")
async def leave_ledger(request: Req) -> None:
    """The last owner makes somebody else one first, or deletes the ledger."""
    call = call_of(request)
    user, context = call.caller.user_id, call.context("member.leave")
    if not await store.remove(call.db, call.ledger.id, context, user, None):
        raise NotFound("There is no such ledger")
    hub_of(request).revoke_member(call.ledger.id, user)


@post(ONE + "/password-reset", opt=owner(), status_code=201, summary="Make a reset link")
async def post_member_password_reset(request: Req, user: FromPath[UUID]) -> Response[OneTimeLink]:
    """A link that sets a member's password anew; it works once and for a day.

    Only for somebody who is no administrator and all of whose ledgers the caller owns, both now and
    when the link is used: so it never gives its maker a right they lack. Others ask an
    administrator. Nothing changes until the link is used.
    """
    call = call_of(request)
    await _existing(call, user)
    is_limited = call.caller.ledger_ids is not None
    if is_limited or not await store.may_reset(call.db, call.caller.user_id, user):
        raise Forbidden(
            "Only for somebody else who is no administrator and is in no ledger but your own; "
            "ask an administrator of this installation"
        )
    made = await links.create_reset_link(call.db, user, call.caller.user_id)
    link = OneTimeLink(made.secret, link_url(request, "reset", made.secret), made.expires_at)
    return Response(link, status_code=201, headers=PRIVATE)


async def _existing(call: Call, user: UUID) -> asyncpg.Record:
    row = await store.get(call.db, call.ledger.id, user)
    if row is None:
        raise NotFound("There is no such member")
    return row


async def _wanted(request: Req, call: Call, user: UUID) -> asyncpg.Record:
    version = wanted_version(request, call.epoch)
    row = await _existing(call, user)
    if version is not None and row["version"] != version:
        raise _stale(row, call)
    return row


def _stale(row: asyncpg.Record, call: Call) -> Stale:
    current = rules.to_api(row, call)
    return Stale(current=current, headers={"ETag": current.etag})


def _response(row: asyncpg.Record, call: Call) -> Response[Member]:
    member = rules.to_api(row, call)
    return Response(member, headers={"ETag": member.etag})


handlers = [
    list_members, get_member, patch_member, delete_member, leave_ledger, post_member_password_reset,
]  # fmt: skip
