"""Live updates: what changes in ledgers, told as it happens."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from outlay.access import AnyRequest, Call, call_of, user
from outlay.errors import BadRequest, NotFound
from outlay.events.hub import EventHub
from outlay.events.response import EventStream

MOST_LEDGERS = 50


@get(
    "/events",
    opt=user("read", limited=True, db="brief", body="stream"),
    media_type="text/event-stream",
    summary="Follow what changes",
    response_description="Server-sent events, until either side ends the connection",
)
async def follow_events(
    request: AnyRequest,
    ledger: Annotated[
        list[str] | None,
        QueryParameter(description="An id, or `default`; repeat it to follow several"),
    ] = None,
    after: Annotated[
        str | None,
        QueryParameter(description="An event id, for clients that cannot send `Last-Event-ID`"),
    ] = None,
) -> EventStream:
    """Each change set as it is committed, as server-sent events.

    `hello` comes first (epoch, positions); `change` tells one change set, with up to 50 rows as the
    API shows them and `truncated` when it has more; `reset` says to load anew (the reason is
    `restored`, `too-old`, `unknown` or `slow`); `gone` names a ledger that is not yours any more.

    An event's id is `<epoch>.<seq>`, of several ledgers `<epoch>.<ledger>:<seq>,...`; sent back as
    `Last-Event-ID` it replays what was missed, up to 1,000 change sets.
    """
    call = call_of(request)
    hub: EventHub = request.app.state.hub
    last_id = request.headers.get("last-event-id", after)
    return EventStream(hub, call, _ids(call, ledger or ["default"]), last_id)


def _ids(call: Call, names: list[str]) -> list[UUID]:
    if len(names) > MOST_LEDGERS:
        raise BadRequest(f"One connection follows {MOST_LEDGERS} ledgers at most")
    return list(dict.fromkeys(_id(call, name) for name in names))


def _id(call: Call, name: str) -> UUID:
    if name == "default" and call.entered is not None:
        return call.entered.id
    try:
        return UUID(name)
    except ValueError:
        raise NotFound("There is no such ledger") from None


handlers = [follow_events]
