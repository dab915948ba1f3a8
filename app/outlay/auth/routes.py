"""The session: sign in, sign in by a one-time link, who am I, sign out."""

from typing import Any

import asyncpg
from litestar import Request, Response, delete, get, post
from litestar.params import JSONBody

from outlay.access import Call, anyone, call_of, user
from outlay.auth import accounts, entering, limits, links, sessions
from outlay.auth.desk import PRIVATE, desk_of, from_own_page
from outlay.auth.entering import Begun
from outlay.auth.hub import hub_of
from outlay.auth.limits import Try
from outlay.auth.model import Entered, LinkPreview, ShownLink, SignIn
from outlay.auth.passwords import Busy, Verdict
from outlay.auth.rules import clean_email
from outlay.db import acquire, in_transaction
from outlay.errors import Conflict, InvalidInput, Unauthenticated

Req = Request[Any, Any, Any]


@post("/session", opt=anyone(db="none"), status_code=201, summary="Sign in")
async def sign_in(request: Req, data: JSONBody[SignIn]) -> Response[Entered]:
    """With an address and a password; the answer sets the session's cookie.

    The session that the request came with ends. Ten wrong tries an account and fifty an address
    within fifteen minutes are answered 429 with `Retry-After`, and 503 means that more people sign
    in at this moment than the service takes on at once.
    """
    from_own_page(request)
    call = call_of(request)
    async with acquire(call.pool) as db:
        account = await accounts.find(db, clean_email(data.email))
        known = (account["id"], account["seen_at"]) if account else (None, [])
        by_account = limits.of_account(known[0], data.email, call.address, known[1])
        tried = await limits.take(db, by_account, limits.of_address(call.address))
    verdict = await _verified(request, call, account, data, tried)
    if account is None or not verdict.right:
        limits.count("wrong")
        raise Unauthenticated("This address and this password do not belong together")
    return await _let_in(request, call, account, verdict, tried)


async def _verified(
    request: Req, call: Call, account: asyncpg.Record | None, data: SignIn, tried: Try
) -> Verdict:
    try:
        return await desk_of(request).passwords.verify(
            account["password_hash"] if account else None, data.password
        )
    except Busy:
        limits.count("busy")
        async with acquire(call.pool) as db:
            await limits.give_back(db, tried)
        raise


async def _let_in(
    request: Req, call: Call, account: asyncpg.Record, verdict: Verdict, tried: Try
) -> Response[Entered]:
    user_id, kept = account["id"], account["password_hash"]
    async with acquire(call.pool) as db:

        async def work() -> Begun:
            begun = await entering.begin(request, db, user_id, password_hash=kept)
            if verdict.better_hash is not None:
                await accounts.keep_better_hash(db, user_id, kept, verdict.better_hash)
            await limits.give_back(db, tried)
            await limits.clear(db, tried.subjects[:1])
            return begun

        begun = await in_transaction(db, work)
    limits.count("ok")
    return begun.answer()


@post("/session/link", opt=anyone(db="none"), status_code=201, summary="Sign in by a link")
async def sign_in_by_link(request: Req, data: JSONBody[ShownLink]) -> Response[Entered]:
    """A one-time link works once and for ten minutes; the answer sets the session's cookie."""
    from_own_page(request)
    call = call_of(request)
    async with acquire(call.pool) as db:
        tried = await limits.take(db, limits.of_address(call.address))

        async def work() -> Begun | None:
            link = await links.use(db, data.token, "sign_in")
            if link is None:
                return None
            await limits.give_back(db, tried)
            return await entering.begin(request, db, link["user_id"])

        begun = await in_transaction(db, work)
    if begun is None:
        limits.count("link_wrong")
        raise InvalidInput.field("/token", "This link was used or is over; ask for a new one")
    limits.count("link_ok")
    return begun.answer()


@post("/links/preview", opt=anyone(db="none"), status_code=200, summary="What a link is for")
async def preview_link(request: Req, data: JSONBody[ShownLink]) -> Response[LinkPreview]:
    """Without using it up. A POST, so that the secret is in no address and no log."""
    call = call_of(request)
    async with acquire(call.pool) as db:
        tried = await limits.take(db, limits.of_address(call.address))
        row = await links.look_at(db, data.token)
        if row is None:
            raise InvalidInput.field("/token", "This link was used or is over; ask for a new one")
        await limits.give_back(db, tried)
    return Response(
        LinkPreview(
            row["kind"], row["expires_at"], row["ledger"], row["role"], row["maker"],
            row["name"], row["email"],
        ),
        headers=PRIVATE,
    )  # fmt: skip


@get("/session", opt=user("read", limited=True), summary="Who am I")
async def get_session(request: Req) -> Response[Entered]:
    """The person, the credential and this installation; a session's cookie is renewed."""
    call = call_of(request)
    who = await entering.who(call.db, call.caller)
    desk = desk_of(request)
    cookies = []
    if call.caller.credential == "session":
        cookies = [desk.cookie(desk.shown_secret(request))]
    return Response(who, cookies=cookies, headers=PRIVATE)


@delete("/session", opt=user("read", limited=True), status_code=204, summary="Sign out")
async def sign_out(request: Req) -> Response[None]:
    """End the session that asks, and remove its cookie."""
    call = call_of(request)
    if call.caller.credential == "token":
        raise Conflict("This is a token, not a session; delete it under /tokens")
    await sessions.end_one(call.db, call.caller.user_id, call.caller.credential_id)
    hub_of(request).revoke_session(call.caller.credential_id)
    return Response(None, status_code=204, cookies=[desk_of(request).cookie("")])


handlers = [sign_in, sign_in_by_link, preview_link, get_session, sign_out]
