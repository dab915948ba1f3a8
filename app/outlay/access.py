"""Who may call a route, declared on the route itself and enforced before it runs."""

import hashlib
from enum import IntEnum
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Request
from litestar.types import Scope

from outlay.db import Connection, Pool

AnyRequest = Request[Any, Any, Any]
ScopeName = Literal["read", "write", "admin"]
SCOPES: Final[tuple[ScopeName, ...]] = ("read", "write", "admin")


class Role(IntEnum):
    """A member's rights in one ledger; each includes those below it."""

    viewer = 1
    editor = 2
    owner = 3


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """A route's rule.

    `who`: anyone, user (signed in), admin (of the installation) or member (of the ledger in the
    path, with at least `role`). `scope` is what an API token needs. A token limited to ledgers is
    kept from routes outside of them, unless a route is `limited`: such a route promises to show and
    change no more than the token's own ledgers. `db` says whether the route holds a connection from
    start to end, only while the caller is told (`brief`: streams take their own), or none. `body`:
    which limit its size has; `stream` is read by the route itself. `headers`, `query` and
    `media` only describe: the request headers it heeds, the structs that it reads with queries.asked,
    and the media types of its answer where that is not JSON.
    """

    who: Literal["anyone", "user", "admin", "member"]
    role: Role = Role.viewer
    scope: ScopeName = "read"
    limited: bool = False
    db: Literal["held", "brief", "none"] = "held"
    body: Literal["normal", "bulk", "stream"] = "normal"
    timeout: float | None = None
    headers: tuple[str, ...] = ()
    query: tuple[type[msgspec.Struct], ...] = ()
    media: tuple[str, ...] = ()


def anyone(*, db: Literal["held", "none"] = "held") -> dict[str, Any]:
    return {"access": Access(who="anyone", db=db)}


def user(scope: ScopeName = "read", **more: Any) -> dict[str, Any]:
    return {"access": Access(who="user", scope=scope, **more)}


def admin(**more: Any) -> dict[str, Any]:
    return {"access": Access(who="admin", scope="admin", **more)}


def viewer(**more: Any) -> dict[str, Any]:
    return {"access": Access(who="member", role=Role.viewer, scope="read", **more)}


def editor(**more: Any) -> dict[str, Any]:
    return {"access": Access(who="member", role=Role.editor, scope="write", **more)}


def owner(**more: Any) -> dict[str, Any]:
    return {"access": Access(who="member", role=Role.owner, scope="admin", **more)}


class Caller(msgspec.Struct, frozen=True):
    """The signed-in person behind a request and what they showed for it."""

    user_id: UUID
    name: str
    email: str | None
    is_admin: bool
    credential: Literal["session", "token"]
    credential_id: UUID
    scopes: tuple[str, ...]
    ledger_ids: tuple[UUID, ...] | None


class LedgerView(msgspec.Struct, frozen=True):
    """What every route of a ledger needs to know of it."""

    id: UUID
    currency: str
    time_zone: str
    first_day_of_month: int
    first_day_of_week: int
    role: Role


class Call(msgspec.Struct, kw_only=True):
    """Everything a route may use: the caller, the ledger and the request's one connection."""

    pool: Pool
    request_id: str
    address: str
    epoch: str = ""
    held: Connection | None = None
    known: Caller | None = None
    entered: LedgerView | None = None

    @property
    def db(self) -> Connection:
        if self.held is None:
            raise AssertionError("this route was declared without a connection")
        return self.held

    @property
    def caller(self) -> Caller:
        if self.known is None:
            raise AssertionError("this route was declared for anyone")
        return self.known

    @property
    def ledger(self) -> LedgerView:
        if self.entered is None:
            raise AssertionError("this route was declared outside a ledger")
        return self.entered

    def context(self, action: str, *, source: str | None = None, undoes: int | None = None) -> str:
        """JSON for begin_write(): who writes and why, as the change set shows it."""
        return msgspec.json.encode(
            {
                "actor": self.caller.user_id,
                "source": source or self.source,
                "action": action,
                "request": self.request_id,
                "undoes": undoes,
            }
        ).decode()

    @property
    def source(self) -> Literal["web", "api"]:
        return "web" if self.caller.credential == "session" else "api"


def call_of(request: AnyRequest) -> Call:
    return request.scope["state"]["call"]  # type: ignore[no-any-return]


def header_of(request: AnyRequest, name: bytes) -> str | None:
    """A header by its lower-case name."""
    value = request.scope["state"]["headers"].get(name)
    return None if value is None else value.decode("latin-1")


def access_of(scope: Scope) -> Access:
    """The rule of the route; a route without one is refused by a contract test and here."""
    rule = scope["route_handler"].opt.get("access")
    if not isinstance(rule, Access):
        raise AssertionError(f"{scope['path_template']} has no access rule")
    return rule


def secret_hash(secret: str) -> bytes:
    """What the database keeps of a session, token or link; the secrets have 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()
