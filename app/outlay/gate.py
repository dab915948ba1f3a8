"""Between routing and a route: body, connection, caller, rights; one connection a request."""

import asyncio
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState
from prometheus_client import Gauge

from outlay import db, metrics
from outlay.access import Access, Call, Caller, LedgerView, Role, access_of, secret_hash
from outlay.direct import Direct, direct_of
from outlay.errors import (
    Forbidden,
    NotFound,
    Problem,
    TimedOut,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from outlay.settings import Settings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_LEDGER: Final = """
    l.id as ledger_id, l.currency, l.time_zone, l.first_day_of_month, l.first_day_of_week, m.role
"""
_BY_TOKEN: Final = f"""
select u.id, u.name, u.email, u.is_admin, t.id as credential_id, t.scopes, t.ledger_ids, i.epoch,
  coalesce(t.last_used_at < now() - interval '5 minutes', true) as is_due, {_LEDGER}
from public.api_tokens t
join public.users u on u.id = t.user_id and u.disabled_at is null
cross join public.installation i
left join public.ledgers l on l.id = coalesce($2, u.default_ledger_id)
  and (t.ledger_ids is null or l.id = any(t.ledger_ids))
left join public.members m on m.ledger_id = l.id and m.user_id = u.id
where t.token_hash = $1 and (t.expires_at is null or t.expires_at > now())
"""
_BY_SESSION: Final = f"""
select u.id, u.name, u.email, u.is_admin, s.id as credential_id,
  array['read', 'write', 'admin'] as scopes, null::uuid[] as ledger_ids, i.epoch,
  s.last_seen_at < now() - interval '5 minutes' as is_due, {_LEDGER}
from public.sessions s
join public.users u on u.id = s.user_id and u.disabled_at is null
cross join public.installation i
left join public.ledgers l on l.id = coalesce($2, u.default_ledger_id)
left join public.members m on m.ledger_id = l.id and m.user_id = u.id
where s.token_hash = $1 and s.expires_at > now()
"""
_SEEN_BEARER: Final = "update public.api_tokens set last_used_at = now() where id = $1"
_SEEN_SESSION: Final = """
update public.sessions set last_seen_at = now(), expires_at = now() + make_interval(days => $2)
where id = $1
"""


@lru_cache(maxsize=1024)
def _in_flight(method: str, route: str) -> Gauge:
    """The gauge of one route; bounded, as routes and their methods are."""
    return metrics.IN_FLIGHT.labels(method, route)


class Gate(ASGIMiddleware):
    """Reads the body, lends a connection, tells who calls, and lets them in or not."""

    scopes = (ScopeType.HTTP,)

    def __init__(
        self,
        settings: Settings,
        pool: Callable[[], db.Pool],
        cookie: Callable[[], str],
        on_write: Callable[[UUID], None],
    ) -> None:
        self.settings = settings
        self.pool = pool
        self.cookie = cookie
        self.on_write = on_write
        self.directs: dict[object, Direct | None] = {}

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        method = scope["method"]  # type: ignore[typeddict-item]  # scopes below leaves HTTP only
        rule = access_of(scope)
        call = Call(
            pool=self.pool(),
            request_id=scope["state"]["request_id"],
            address=scope["state"]["address"],
        )
        scope["state"]["call"] = call
        next_app = self._direct(scope) or next_app
        in_flight = _in_flight(method, scope["path_template"])
        in_flight.inc()
        try:
            if rule.body == "stream" or rule.db == "brief":
                await self._enter(scope, call, rule)
                await next_app(scope, receive, send)
            else:
                seconds = rule.timeout or self.settings.request_timeout
                if has_body(scope["state"]["headers"]):
                    await self._buffer(scope, receive, rule)
                await self._run(scope, receive, send, next_app, call, rule, seconds)
        finally:
            in_flight.dec()
            # Also when the caller went away before the answer: the write was committed.
            if call.entered is not None and method not in SAFE:
                self.on_write(call.entered.id)

    async def _run(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        next_app: ASGIApp,
        call: Call,
        rule: Access,
        seconds: float,
    ) -> None:
        if rule.db == "none":
            await next_app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(seconds), db.acquire(call.pool) as connection:
                call.held = connection
                await self._authorize(scope, call, rule)
                await next_app(scope, receive, send)
        except TimeoutError as error:
            raise Unavailable("This took too long and was stopped; ask for less at once") from error
        finally:
            call.held = None

    def _direct(self, scope: Scope) -> Direct | None:
        handler = scope["route_handler"]
        if handler not in self.directs:
            self.directs[handler] = direct_of(handler, frozenset(scope["path_params"]))
        return self.directs[handler]

    async def _enter(self, scope: Scope, call: Call, rule: Access) -> None:
        async with db.acquire(call.pool) as connection:
            call.held = connection
            try:
                await self._authorize(scope, call, rule)
            finally:
                call.held = None

    async def _authorize(self, scope: Scope, call: Call, rule: Access) -> None:
        if rule.who == "anyone":
            return
        await self._identify(scope, call)
        if rule.scope not in call.caller.scopes:
            raise Forbidden(f"This token lacks the scope {rule.scope}")
        if rule.who != "member" and call.caller.ledger_ids is not None and not rule.limited:
            raise Forbidden("This token is limited to ledgers; use one without that limit")
        if rule.who == "admin" and not call.caller.is_admin:
            raise Forbidden("Only an administrator of this installation may do this")
        if rule.who == "member":
            if call.entered is None:
                raise NotFound("There is no such ledger")
            if call.entered.role < rule.role:
                raise Forbidden(
                    f"This needs the role {rule.role.name}; yours is {call.entered.role.name}"
                )

    async def _identify(self, scope: Scope, call: Call) -> None:
        headers = scope["state"]["headers"]
        bearer = headers.get(b"authorization", b"").decode("latin-1")
        ledger_id = _ledger_id(scope)
        if bearer:
            row = await self._by_token(call, bearer, ledger_id)
        else:
            row = await self._by_session(scope, call, headers, ledger_id)
        if row is None:
            raise Unauthenticated(headers={"WWW-Authenticate": "Bearer"})
        ids = row["ledger_ids"]
        call.epoch = row["epoch"]
        call.known = Caller(
            row["id"], row["name"], row["email"], row["is_admin"], "token" if bearer else "session",
            row["credential_id"], tuple(row["scopes"]), None if ids is None else tuple(ids),
        )  # fmt: skip
        if row["role"] is not None:
            call.entered = LedgerView(
                row["ledger_id"], row["currency"], row["time_zone"], row["first_day_of_month"],
                row["first_day_of_week"], Role[row["role"]],
            )  # fmt: skip

    async def _by_token(
        self, call: Call, bearer: str, ledger_id: UUID | None
    ) -> asyncpg.Record | None:
        scheme, _, secret = bearer.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated("Send the token as `Authorization: Bearer ...`")
        row = await call.db.fetchrow(_BY_TOKEN, secret_hash(secret.strip()), ledger_id)
        if row is not None and row["is_due"]:
            await call.db.execute(_SEEN_BEARER, row["credential_id"])
        return row

    async def _by_session(
        self, scope: Scope, call: Call, headers: dict[bytes, bytes], ledger_id: UUID | None
    ) -> asyncpg.Record | None:
        secret = read_cookie(headers.get(b"cookie", b""), self.cookie())
        if not secret:
            return None
        if scope["method"] not in SAFE:  # type: ignore[typeddict-item]
            refuse_foreign_origin(headers, scope)
        row = await call.db.fetchrow(_BY_SESSION, secret_hash(secret), ledger_id)
        # A page kept changes of one person, and the browser's cookie may be another's by now.
        meant = headers.get(b"outlay-user")
        if row is not None and meant is not None and meant.decode("latin-1") != str(row["id"]):
            raise Unauthenticated(
                "Somebody else is signed in in this browser by now",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if row is not None and row["is_due"]:
            await call.db.execute(_SEEN_SESSION, row["credential_id"], self.settings.session_days)
        return row

    async def _buffer(self, scope: Scope, receive: Receive, rule: Access) -> None:
        limit = self.settings.max_bulk_body if rule.body == "bulk" else self.settings.max_body
        if scope["state"]["headers"].get(b"content-encoding", b"identity") != b"identity":
            raise UnsupportedMedia(
                "Send the body unpacked, without Content-Encoding",
                headers={"Accept-Encoding": "identity"},
            )
        try:
            async with asyncio.timeout(self.settings.request_timeout):
                body = await read_body(scope["state"]["headers"], receive, limit)
        except TimeoutError as error:
            raise TimedOut from error
        # What Litestar would have kept, had it read the body itself.
        ScopeState.from_scope(scope).body = scope["state"]["body"] = body


def read_cookie(header: bytes, name: str) -> str:
    """The value of one cookie, or an empty text."""
    for part in header.decode("latin-1").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def refuse_foreign_origin(headers: dict[bytes, bytes], scope: Scope) -> None:
    """Refuse a cookie-borne write that another site's page sent (SameSite is the first guard)."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    site = headers.get(b"sec-fetch-site", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    allowed = {host, scope["state"].get("public_host", host)}
    if (origin and urlsplit(origin).netloc in allowed) or (not origin and site == "same-origin"):
        return
    raise Forbidden("This request did not come from Outlay's own pages; send an API token instead")


def _ledger_id(scope: Scope) -> UUID | None:
    """The ledger of the path; None means the caller's default. No such text, no such ledger."""
    text = scope["path_params"].get("ledger", "default")
    if text == "default":
        return None
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound("There is no such ledger") from None


def has_body(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a body follows (RFC 9112, section 6.3)."""
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


async def read_body(headers: Mapping[bytes, bytes], receive: Receive, limit: int) -> bytes:
    """The whole body; raises TooLarge as soon as it is known to exceed `limit` bytes."""
    declared = headers.get(b"content-length", b"0")
    problem: Problem = TooLarge(f"The body may have {limit} bytes at most")
    if declared.isdigit() and int(declared) > limit:
        raise problem
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise TimedOut("The connection ended before the request was whole")
        chunk = message["body"]
        size += len(chunk)
        if size > limit:
            raise problem
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
