"""One HTTP/1.1 server of granian in the running event loop, on a socket of ours."""

import asyncio
import logging
import socket
from typing import Any, Final

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from outlay.server.listen import BACKLOG

log = logging.getLogger("outlay.server")

# Connections beyond the live ones that are served at once; more wait in the system's backlog.
SPARE_CONNECTIONS: Final = 1024
# Longer heads get 431; what one read brings along counts, so that the limit is a rough one.
HEAD_BYTES: Final = 64 * 1024


class HttpServer(Server):
    """Serves an ASGI application until `close`.

    Slow clients: a connection that has not sent a request's whole head `head_seconds` after it
    was opened, or after its last answer, is closed. At most `connections` are served at once.
    """

    def __init__(
        self, app: Any, listening: socket.socket, *, head_seconds: float, connections: int
    ) -> None:
        super().__init__(
            app,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            backpressure=connections,
            http1_settings=HTTP1Settings(
                header_read_timeout=round(head_seconds * 1000), max_buffer_size=HEAD_BYTES
            ),
            log_enabled=False,
        )
        self._listening = listening
        self._serving: asyncio.Task[None] | None = None

    def _init_shared_socket(self) -> None:
        # The holder owns the descriptor from here on and closes it.
        holder: Any = SocketHolder
        self._shd = holder(self._listening.detach(), False, BACKLOG)  # noqa: FBT003

    def open(self) -> None:
        """Begin to serve, as a task of the running loop."""
        self._serving = asyncio.create_task(self.serve())

    async def failed(self) -> None:
        """Return only when the server ended without being asked to."""
        if self._serving is not None:
            await asyncio.shield(self._serving)

    async def close(self, grace: float, hasten: asyncio.Event) -> bool:
        """Stop accepting at once and let requests end; False when some were cut off.

        They have `grace` seconds, or until `hasten` is set.
        """
        if self._serving is None:
            self._listening.close()
            return True
        self.signal_handler_interrupt()  # type: ignore[no-untyped-call]
        hurry = asyncio.create_task(hasten.wait())
        done, _ = await asyncio.wait(
            {self._serving, hurry}, timeout=grace, return_when=asyncio.FIRST_COMPLETED
        )
        hurry.cancel()
        if self._serving in done:
            return True
        self._serving.cancel()
        await asyncio.wait({self._serving}, timeout=1.0)
        return False
