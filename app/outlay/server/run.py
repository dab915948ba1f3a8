"""`outlay serve`: one process, one loop, two ports, from the settings to an orderly end."""

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from outlay import __version__, logs, management
from outlay.main import Service
from outlay.management import Readiness
from outlay.server.begin import Begun
from outlay.server.database import address, prepare
from outlay.server.errors import ServerFailedError
from outlay.server.http import SPARE_CONNECTIONS, HttpServer
from outlay.server.listen import listen, raise_file_limit, url_of
from outlay.server.local import Owner, local_owner
from outlay.server.loop import new_event_loop
from outlay.server.signals import Stop, stop_signals
from outlay.settings import Settings

log = logging.getLogger("outlay.server")

GRACE_SECONDS: Final = 20.0
_MANAGEMENT_CONNECTIONS: Final = 64
_MANAGEMENT_GRACE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Running:
    """What is up: both addresses and, of a service of this machine alone, its owner."""

    url: str
    management_url: str
    owner: Owner | None
    servers: tuple[HttpServer, ...]
    service: Service


Announce = Callable[[str, str | None], None]


def serve(
    settings: Settings, begun: Begun | None, *, may_migrate: bool, announce: Announce
) -> None:
    """Run until a signal ends it.

    Once both ports answer, `announce` is told the public address and, of a service of this machine
    alone, the link that signs its owner in.

    Raises ListenError, EmbeddedError, DatabaseError or MigrationError, whose message is meant for
    the person at the terminal, when it cannot start.
    """
    logs.configure(settings)
    raise_file_limit()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_until_stopped(settings, begun, may_migrate, announce))


async def _until_stopped(
    settings: Settings, begun: Begun | None, may_migrate: bool, announce: Announce
) -> None:
    readiness = Readiness(settings)
    with stop_signals() as stop:
        log.info("starting", extra={"fields": {"version": __version__}})
        async with AsyncExitStack() as stack:
            start = _start(stack, settings, begun, readiness, stop, may_migrate)
            running = await _unless_stopped(start, stop)
            if running is None:
                return
            _spare_collector()
            announce(running.url, running.owner.sign_in_url if running.owner else None)
            await _asked_or_failed(stop, running.servers)
            readiness.stops()
            log.info("stopping; a second signal cuts off what still runs")
            await _drain(running.service, stop)


def _spare_collector() -> None:
    """What exists now lives as long as the process: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.enable()


async def _drain(service: Service, stop: Stop) -> None:
    """Serve on until load balancers have noticed, and let clients go one answer at a time."""
    service.asgi.leave()
    with suppress(TimeoutError):
        async with asyncio.timeout(service.settings.drain_seconds):
            await stop.hurry.wait()


async def _unless_stopped(start: Coroutine[Any, Any, Running], stop: Stop) -> Running | None:
    """Return what `start` makes; a signal in the meantime ends it half way."""
    starting = asyncio.create_task(start)
    asked = asyncio.create_task(stop.asked.wait())
    await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if stop.asked.is_set():
        starting.cancel()
        await asyncio.wait({starting})
        if starting.cancelled():
            return None
    return await starting


async def _start(
    stack: AsyncExitStack,
    settings: Settings,
    begun: Begun | None,
    readiness: Readiness,
    stop: Stop,
    may_migrate: bool,
) -> Running:
    listening = stack.enter_context(listen(settings.host, settings.port, "OUTLAY"))
    url = url_of(listening)
    private = await stack.enter_async_context(_management(settings, readiness, stop))
    dsn = await address(settings, begun)
    await prepare(settings, dsn, may_migrate=may_migrate or begun is not None)
    service = Service(settings, dsn)
    await stack.enter_async_context(service.running())
    owner = None
    if begun is not None:
        owner = await stack.enter_async_context(local_owner(service, url, begun.folder))
    public = await stack.enter_async_context(_public(service, listening, stop))
    stack.push_async_callback(readiness.close)
    readiness.serves(dsn)
    running = Running(url, private.url, owner, (public, private.server), service)
    log.info("serving", extra={"fields": _facts(running)})
    return running


@dataclass(frozen=True, slots=True)
class _Private:
    url: str
    server: HttpServer


@asynccontextmanager
async def _management(
    settings: Settings, readiness: Readiness, stop: Stop
) -> AsyncIterator[_Private]:
    """Serve the management port: up before the database and until after it."""
    name = "OUTLAY_MANAGEMENT"
    with listen(settings.management_host, settings.management_port, name) as listening:
        url = url_of(listening)
        server = HttpServer(
            management.application(readiness),
            listening,
            head_seconds=settings.request_timeout,
            connections=_MANAGEMENT_CONNECTIONS,
        )
        server.open()
        try:
            yield _Private(url, server)
        finally:
            await server.close(_MANAGEMENT_GRACE, stop.hurry)


@asynccontextmanager
async def _public(
    service: Service, listening: socket.socket, stop: Stop
) -> AsyncIterator[HttpServer]:
    """Serve the public port: on the way out it refuses at once, ends live streams and lets requests end."""
    server = HttpServer(
        service.asgi,
        listening,
        head_seconds=service.settings.request_timeout,
        connections=service.settings.max_sse_clients + SPARE_CONNECTIONS,
    )
    server.open()
    try:
        yield server
    finally:
        service.hub.end_streams()
        if not await server.close(GRACE_SECONDS, stop.hurry):
            log.warning("some requests were cut off")


async def _asked_or_failed(stop: Stop, servers: Iterable[HttpServer]) -> None:
    asked = asyncio.create_task(stop.asked.wait())
    failing = [asyncio.create_task(server.failed()) for server in servers]
    await asyncio.wait({asked, *failing}, return_when=asyncio.FIRST_COMPLETED)
    for task in (asked, *failing):
        task.cancel()
    if not stop.asked.is_set():
        raise ServerFailedError("A port is no longer served; the log says why. Start Outlay again")


def _facts(running: Running) -> dict[str, Any]:
    return {
        "url": running.url,
        "management_url": running.management_url,
    }
