"""The management port: metrics, and whether the process lives and can serve."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg

from outlay import db, metrics
from outlay.migrations.errors import MigrationError
from outlay.migrations.runner import applied_versions, check_fit
from outlay.settings import Settings

Application = Callable[[Any, Any, Any], Awaitable[None]]
CHECK_SECONDS: Final = 3.0
_TEXT: Final = b"text/plain; charset=utf-8"
_METRICS: Final = b"text/plain; version=0.0.4; charset=utf-8"


class Readiness:
    """Tells whether requests can be served, over a connection of its own.

    The pool's would not do: one that is busy to the last connection is ready all the same.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._dsn = ""
        self._state = "Outlay is starting"
        self._connection: db.Direct | None = None
        self._one_at_a_time = asyncio.Lock()

    def serves(self, dsn: str) -> None:
        """From now on the database decides."""
        self._dsn = dsn
        self._state = ""

    def stops(self) -> None:
        """From now on the answer is no."""
        self._state = "Outlay is stopping"

    async def obstacle(self) -> str | None:
        """Why the service cannot serve, in a sentence; None when it can."""
        found = await self._obstacle()
        metrics.READY.set(found is None)
        return found

    async def _obstacle(self) -> str | None:
        if self._state:
            return self._state
        try:
            async with asyncio.timeout(CHECK_SECONDS), self._one_at_a_time:
                check_fit(await applied_versions(await self._connected()))
        except MigrationError as error:
            return str(error)
        except (*db.UNREACHABLE, TimeoutError) as error:
            await self.close()
            return f"The database cannot be reached ({type(error).__name__})"
        except asyncpg.PostgresError as error:
            await self.close()
            return f"The database does not answer as it should ({type(error).__name__})"
        return None

    async def close(self) -> None:
        """End the connection without waiting for a server that may be gone."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, asyncpg.InterfaceError):
                connection.terminate()

    async def _connected(self) -> db.Direct:
        if self._connection is None or self._connection.is_closed():
            self._connection = await db.connect(self._settings, self._dsn)
        return self._connection


def application(readiness: Readiness) -> Application:
    """Answer GET and HEAD for /metrics, /healthz and /readyz.

    Whoever gets an answer at all has proof that the process and its loop live.
    """

    async def answer(scope: Any, _: Any, send: Any) -> None:
        status, media, body = await _page(readiness, scope["method"], scope["path"])
        headers = [
            (b"content-type", media),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        shown = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": shown, "more_body": False})

    return answer


async def _page(readiness: Readiness, method: str, path: str) -> tuple[int, bytes, bytes]:
    if method not in {"GET", "HEAD"}:
        return 405, _TEXT, b"Only GET and HEAD here\n"
    match path:
        case "/metrics":
            await readiness.obstacle()
            return 200, _METRICS, metrics.exposition()
        case "/healthz":
            return 200, _TEXT, b"alive\n"
        case "/readyz":
            obstacle = await readiness.obstacle()
            if obstacle is None:
                return 200, _TEXT, b"ready\n"
            return 503, _TEXT, f"{obstacle}\n".encode()
        case _:
            return 404, _TEXT, b"Here are /metrics, /healthz and /readyz\n"
