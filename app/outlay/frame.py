"""The outermost layer: request id, Host allow-list, security headers, metrics, one log line."""

import ipaddress
import logging
import re
from functools import lru_cache
from os import urandom
from time import perf_counter
from typing import Any, Final
from urllib.parse import quote, urlsplit

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from outlay import logs, metrics
from outlay.settings import Settings

log = logging.getLogger("outlay.request")

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "trusted-types svelte-trusted-html outlay-sw; require-trusted-types-for 'script'"
)
_HEADERS: Final = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_PORT: Final = re.compile(r":\d+$")
# Live streams last as long as a page is open, which says nothing about speed.
_ENDLESS: Final = frozenset({"/api/v1/events"})
_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")


class Frame:
    """Wraps the whole application; nothing inside it can go unseen."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = allowed_hosts(settings)
        self.proxies = [ipaddress.ip_network(name) for name in settings.trusted_proxies]
        self.public_host = urlsplit(settings.public_url).netloc if settings.public_url else None
        self.base = urlsplit(settings.public_url or "").path.rstrip("/")
        self.headers = _HEADERS

    def leave(self) -> None:
        """From now on ask clients to connect anew, which takes them to another process."""
        self.headers = [*_HEADERS, (b"connection", b"close")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        self._strip_base(scope)
        seen = _Seen(scope, send, headers.get(b"x-request-id"), self.headers)
        scope["state"] = {
            "request_id": seen.request_id,
            "address": self._address(scope),
            "headers": headers,
        }
        if self.public_host:
            scope["state"]["public_host"] = self.public_host
        try:
            if self._host_is_known(_host(scope, headers)):
                await self.app(scope, receive, seen.send)
            else:
                await _refuse_host(seen.send)
        finally:
            seen.tell()

    def _strip_base(self, scope: Any) -> None:
        """Take the public address's path off, for proxies that leave it on."""
        path = scope["path"]
        if self.base and (path == self.base or path.startswith(f"{self.base}/")):
            scope["path"] = path[len(self.base) :] or "/"
            scope["raw_path"] = scope["raw_path"][len(quote(self.base).encode()) :] or b"/"

    def _host_is_known(self, host: bytes) -> bool:
        name = _PORT.sub("", host.decode("latin-1")).lower()
        return name in self.hosts or "*" in self.hosts

    def _address(self, scope: Scope) -> str:
        client = scope["client"]
        peer = _plain(client[0]) if client else ""
        if not self.proxies or not self._is_proxy(peer):
            return peer
        forwarded = b",".join(v for k, v in scope["headers"] if k == b"x-forwarded-for")
        for hop in reversed(
            [_plain(part.strip()) for part in forwarded.decode("latin-1").split(",")]
        ):
            if hop and not self._is_proxy(hop):
                return hop[:64]
        return peer

    def _is_proxy(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.proxies)


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Host names answered to: this machine's, the public address's and those of the settings."""
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    own = () if settings.host in {"0.0.0.0", "::"} else (settings.host,)  # noqa: S104 - compared, not bound
    return frozenset({*_LOCAL, *own, *((public,) if public else ()), *settings.allowed_hosts})


def _plain(address: str) -> str:
    """An IPv4 address as such: a socket for both kinds shows it as ::ffff:192.0.2.1."""
    return address.removeprefix("::ffff:") if "." in address else address


def _host(scope: Scope, headers: dict[bytes, bytes]) -> bytes:
    """The one Host of the request; none where there are several (RFC 9112, section 3.2)."""
    given = scope["headers"]
    # Servers give a list. Only one with a name twice is worth a closer look.
    if len(headers) < len(given) and sum(name == b"host" for name, _ in given) > 1:  # type: ignore[arg-type]
        return b""
    return headers.get(b"host", b"")


@lru_cache(maxsize=4096)
def _meters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The meters of one kind of request; bounded, as methods, routes and statuses are."""
    return (
        metrics.REQUESTS.labels(method, route, str(status)),
        metrics.DURATION.labels(method, route, str(status)),
    )


class _Seen:
    """What one request looked like from outside."""

    def __init__(
        self,
        scope: Scope,
        send: Send,
        asked: bytes | None,
        headers: list[tuple[bytes, bytes]],
    ) -> None:
        self.scope = scope
        self.forward = send
        self.headers = headers
        self.started = perf_counter()
        self.status = 499
        given = asked.decode("latin-1") if asked else ""
        self.request_id = given if _REQUEST_ID.fullmatch(given) else urandom(8).hex()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                *self.headers,
                (b"x-request-id", self.request_id.encode()),
            ]
        await self.forward(message)

    def tell(self) -> None:
        seconds = perf_counter() - self.started
        route = self.scope.get("path_template") or "(none)"
        asked = str(self.scope.get("method"))
        method = asked if asked in _METHODS else "other"
        counter, histogram = _meters(method, route, self.status)
        counter.inc()
        if route not in _ENDLESS:
            histogram.observe(seconds)
        if log.isEnabledFor(logging.INFO):
            log.handle(
                logs.Fact(
                    log.name,
                    "%s %s %d",
                    (method, route, self.status),
                    self._fields(method, route, seconds),
                )
            )

    def _fields(self, method: str, route: str, seconds: float) -> dict[str, Any]:
        call = self.scope["state"].get("call")
        known = call.known if call else None
        entered = call.entered if call else None
        return {
            "request_id": self.request_id,
            "method": method,
            "route": route,
            "status": self.status,
            "ms": round(seconds * 1000, 2),
            "user": known.user_id if known else None,
            "ledger": entered.id if entered else None,
        }


async def _refuse_host(send: Send) -> None:
    body = msgspec.json.encode(
        {
            "type": "urn:outlay:problem:unknown-host",
            "title": "This Host name is not answered to",
            "status": 421,
            "detail": "Add the name to OUTLAY_ALLOWED_HOSTS, or set OUTLAY_PUBLIC_URL",
            "errors": [],
        }
    )
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
