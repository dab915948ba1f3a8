"""Invitation links: made by an owner, used once within a week."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from outlay.access import anyone, call_of, owner, user
from outlay.auth import accounts, entering, limits, links
from outlay.auth.desk import PRIVATE, desk_of, from_own_page, link_url
from outlay.auth.entering import Begun
from outlay.auth.hub import hub_of
from outlay.auth.model import Entered
from outlay.auth.rules import check_email, check_name, check_password, clean_email, refuse
from outlay.db import acquire, in_transaction
from outlay.errors import Conflict, NotFound
from outlay.ids import uuid7
from outlay.members import joining, rules, store
from outlay.members.model import (
    AcceptInvitation,
    Invitation,
    InvitationInput,
    Invitations,
    JoinByInvitation,
    Joined,
    NewInvitation,
)
from outlay.texts import check_text

Req = Request[Any, Any, Any]
PATH: Final = "/ledgers/{ledger:str}/invitations"


@get(PATH, opt=owner(), summary="List invitations")
async def list_invitations(request: Req) -> Invitations:
    """Those that still work, fifty at most, then the latest that do not; never their secrets."""
    call = call_of(request)
    rows = await store.invitations(call.db, call.ledger.id)
    return Invitations([rules.invitation_to_api(row) for row in rows])


@post(PATH, opt=owner(), status_code=201, summary="Invite somebody")
async def post_invitation(request: Req, data: JSONBody[InvitationInput]) -> Response[NewInvitation]:
    """A link with a role, to be sent by whatever way one likes; it works once and for a week.

    It ends early when its maker is no owner any more.
    """
    call = call_of(request)
    refuse(check_text("/note", data.note, most=100))
    if await store.count_open_invitations(call.db, call.ledger.id) >= rules.MOST_INVITATIONS:
        raise Conflict(f"{rules.MOST_INVITATIONS} invitations are open; end one first")
    made = await links.create_invitation(
        call.db, call.ledger.id, data.role, call.caller.user_id, data.note.strip()
    )
    row = await store.invitation(call.db, call.ledger.id, made.id)
    if row is None:
        raise NotFound("There is no such invitation")
    answer = NewInvitation(
        rules.invitation_to_api(row), made.secret, link_url(request, "join", made.secret)
    )
    return Response(answer, status_code=201, headers=PRIVATE)


@get(PATH + "/{id:uuid}", opt=owner(), summary="Read an invitation")
async def get_invitation(request: Req, id: FromPath[UUID]) -> Invitation:
    call = call_of(request)
    row = await store.invitation(call.db, call.ledger.id, id)
    if row is None:
        raise NotFound("There is no such invitation")
    return rules.invitation_to_api(row)


@delete(PATH + "/{id:uuid}", opt=owner(), status_code=204, summary="End an invitation")
async def delete_invitation(request: Req, id: FromPath[UUID]) -> None:
    call = call_of(request)
    if not await store.end_invitation(call.db, call.ledger.id, id):
        raise NotFound("There is no such invitation")


@post("/invitations/accept", opt=user("admin"), status_code=200, summary="Accept an invitation")
async def accept_invitation(request: Req, data: JSONBody[AcceptInvitation]) -> Joined:
    """As the person who is signed in; a lesser role they had in the ledger is raised."""
    call = call_of(request)

    async def work() -> Joined:
        return await joining.join(
            call.db,
            data.token,
            call.caller.user_id,
            source=call.source,
            request_id=call.request_id,
        )

    joined = await in_transaction(call.db, work)
    hub_of(request).touch(joined.ledger_id)
    return joined


@post(
    "/invitations/join", opt=anyone(db="none"), status_code=201, summary="Join with a new account"
)
async def join_by_invitation(request: Req, data: JSONBody[JoinByInvitation]) -> Response[Entered]:
    """Create an account, accept the invitation and sign in, all or nothing."""
    from_own_page(request)
    call = call_of(request)
    async with acquire(call.pool) as db:
        tried = await limits.take(db, limits.of_address(call.address))
        link = await links.look_at(db, data.token)
        if link is None or link["kind"] != "invitation":
            limits.count("link_wrong")
            raise joining.over()
        await limits.give_back(db, tried)
    email = clean_email(data.email)
    refuse(
        check_name("/name", data.name)
        + check_email("/email", email)
        + check_password("/password", data.password, of=(data.name, email))
    )
    kept = await desk_of(request).passwords.hash(data.password)
    new = uuid7()
    async with acquire(call.pool) as db:

        async def work() -> Begun:
            await accounts.insert(db, new, data.name.strip(), email, kept)
            await joining.join(db, data.token, new, source="web", request_id=call.request_id)
            return await entering.begin(request, db, new)

        begun = await in_transaction(db, work)
    limits.count("link_ok")
    hub_of(request).touch(link["ledger_id"])
    return begun.answer()


handlers = [
    list_invitations, post_invitation, get_invitation, delete_invitation, accept_invitation,
    join_by_invitation,
]  # fmt: skip
