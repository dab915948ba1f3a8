"""The management port: /metrics, /healthz (the process lives) and /readyz (it looks at things)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import exposition

from outlay_operator.metrics import REGISTRY


def application(ready: Callable[[], bool]) -> web.Application:
    async def metrics(_request: web.Request) -> web.Response:
        encode, kind = exposition.choose_encoder(_request.headers.get("Accept", ""))
        return web.Response(body=encode(REGISTRY), headers={"Content-Type": kind})

    async def alive(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def is_ready(_request: web.Request) -> web.Response:
        if ready():
            return web.Response(text="ok\n")
        return web.Response(text="Not everything was looked at yet.\n", status=503)

    made = web.Application(client_max_size=1024)
    made.router.add_get("/metrics", metrics)
    made.router.add_get("/healthz", alive)
    made.router.add_get("/readyz", is_ready)
    return made


@asynccontextmanager
async def serving(host: str, port: int, ready: Callable[[], bool]) -> AsyncIterator[None]:
    """Serve until the block ends; every address when `host` is empty."""
    runner = web.AppRunner(application(ready), access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host or None, port).start()
        yield
    finally:
        await runner.cleanup()
