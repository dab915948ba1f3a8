"""Everywhere a person is signed in."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get
from litestar.params import FromPath, QueryParameter

from outlay.access import call_of, user
from outlay.auth import sessions
from outlay.auth.desk import desk_of
from outlay.auth.hub import hub_of
from outlay.auth.model import Session, Sessions
from outlay.errors import NotFound

Req = Request[Any, Any, Any]


@get("/sessions", opt=user("admin"), summary="List my sessions")
async def list_sessions(request: Req) -> Sessions:
    """Where I am signed in, last seen first: fifty at most, as a new one ends the oldest."""
    call = call_of(request)
    rows = await sessions.listed(call.db, call.caller.user_id)
    return Sessions(
        [Session(**row, current=row["id"] == call.caller.credential_id) for row in rows]
    )


@delete("/sessions/{id:uuid}", opt=user("admin"), status_code=204, summary="End a session")
async def end_session(request: Req, id: FromPath[UUID]) -> None:
    """One of mine; its live connections end with it."""
    call = call_of(request)
    if not await sessions.end_one(call.db, call.caller.user_id, id):
        raise NotFound("There is no such session")
    hub_of(request).revoke_session(id)


@delete("/sessions", opt=user("admin"), status_code=204, summary="Sign out everywhere")
async def end_sessions(
    request: Req,
    others: Annotated[bool, QueryParameter(description="Keep the session that asks")] = False,
) -> Response[None]:
    """End all my sessions; API tokens stay and are ended under /tokens."""
    call = call_of(request)
    kept = call.caller.credential_id if others else None
    for ended in await sessions.end_all(call.db, call.caller.user_id, but=kept):
        hub_of(request).revoke_session(ended)
    gone = [] if others or call.caller.credential == "token" else [desk_of(request).cookie("")]
    return Response(None, status_code=204, cookies=gone)


handlers = [list_sessions, end_session, end_sessions]
