"""Puts the parts together: kopf tells what changes, the queue looks at it, a pass looks at everything."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import kopf

from outlay_operator import api, kinds, metrics, watching
from outlay_operator.jobs import places
from outlay_operator.labels import FINISHED, SCHEDULE, SELECTOR, UNFINISHED
from outlay_operator.model.base import GROUP, VERSION
from outlay_operator.model.schedule import ScheduleSpec
from outlay_operator.queue import Key, Queue
from outlay_operator.reconcile import backups, publish, restores, schedules
from outlay_operator.reconcile.context import Context, spec_of
from outlay_operator.server import serving
from outlay_operator.settings import Settings

Object = dict[str, Any]
log = logging.getLogger(__name__)
PASS_SECONDS: Final = 60.0
PUBLISH_SECONDS: Final = 2.0
_WATCHED: Final = (kinds.SCHEDULES, kinds.RESTORES)
# Backups of a schedule that are done are the schedule's to tell of.
_PASSED: Final = (
    (kinds.SCHEDULES, ""),
    (kinds.RESTORES, ""),
    (kinds.BACKUPS, UNFINISHED),
    (kinds.BACKUPS, f"{FINISHED},!{SCHEDULE}"),
)


class Operator:
    """One process's work; `context` is made when the cluster is connected."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._queue = Queue(self._reconcile)
        self._context: Context | None = None
        self._passed = 0.0

    @property
    def namespace(self) -> str | None:
        return self._settings.namespace or None

    def add(self, key: Key) -> None:
        self._queue.add(key)

    def ready(self) -> bool:
        """Tell whether everything was looked at not long ago."""
        return time.monotonic() - self._passed < 5 * PASS_SECONDS if self._passed else False

    async def _reconcile(self, key: Key) -> float | None:
        assert self._context is not None  # noqa: S101 - the workers begin after it is made
        match key.kind:
            case "BackupSchedule":
                delay = await schedules.reconcile(self._context, key)
            case "Backup":
                delay = await backups.reconcile(self._context, key)
            case "Restore":
                delay = await restores.reconcile(self._context, key)
            case publish.STATE:
                return await publish.reconcile(self._context, key)
            case _:
                raise AssertionError(key.kind)
        while self._context.book.changed:
            namespace = self._context.book.changed.pop()
            self._queue.add(Key(publish.STATE, namespace, ""), PUBLISH_SECONDS)
        return delay

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Work until the block ends."""
        async with api.connected() as connected:
            self._context = Context(connected, self._settings, queue=self._queue)
            await self._learn_places(connected)
            async with (
                serving(self._settings.host, self._settings.port, self.ready),
                _tasks(
                    self._queue.work(),
                    self._passes(connected),
                    *(self._watch(connected, kind) for kind in (kinds.JOBS, kinds.PODS)),
                    self._watch_backups(connected),
                ),
            ):
                yield

    async def _watch(self, connected: api.Api, kind: kinds.Kind) -> None:
        def changed(_change: str, made: Object) -> None:
            for key in watching.keys(made):
                self.add(key)

        await watching.watch(connected, kind, self.namespace, SELECTOR, changed)

    async def _watch_backups(self, connected: api.Api) -> None:
        def changed(change: str, found: Object) -> None:
            for key in watching.keys_of_backup(found, gone=change == "DELETED"):
                self.add(key)

        watched = kinds.BACKUPS, self.namespace
        await watching.watch(connected, *watched, "", changed, first=UNFINISHED)

    async def _look_for_copies(self, connected: api.Api) -> None:
        """Look once at those that say they are done and are not: applied again, while nobody watched."""
        async for found in connected.pages(kinds.BACKUPS, self.namespace):
            for key in watching.keys_of_backup(found):
                self.add(key)

    async def _learn_places(self, connected: api.Api) -> None:
        """Know who stores where before anybody is judged by it."""
        assert self._context is not None  # noqa: S101 - made just before
        async for found in connected.pages(kinds.SCHEDULES, self.namespace):
            meta = found["metadata"]
            place = places.identity(spec_of(found, ScheduleSpec).destination, meta["namespace"])
            key = Key(kinds.SCHEDULES.name, meta["namespace"], meta["name"])
            self._context.book.places[key] = (place, str(meta["creationTimestamp"]))

    async def _passes(self, connected: api.Api) -> None:
        """Look at everything now and again, whatever was told or not: what is done is passed over."""
        looked = False
        while True:
            try:
                if not looked:
                    await self._look_for_copies(connected)
                    looked = True
                await self._pass(connected)
            except (api.ApiException, OSError, TimeoutError) as error:
                log.warning("Not everything could be looked at: %s", error)
            await asyncio.sleep(PASS_SECONDS)

    async def _pass(self, connected: api.Api) -> None:
        for kind, selector in _PASSED:
            for found in (await connected.cached(kind, self.namespace, selector))[0]:
                meta = found["metadata"]
                self.add(Key(kind.name, meta["namespace"], meta["name"]))
        self._passed = time.monotonic()
        metrics.LAST_PASS.set_to_current_time()


@asynccontextmanager
async def _tasks(*work: Any) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def registry(operator: Operator) -> kopf.OperatorRegistry:
    """Return kopf's handlers: events only, which leave neither a finalizer nor an annotation."""
    made = kopf.OperatorRegistry()

    async def changed(
        namespace: str | None, name: str | None, resource: kopf.Resource, **_: Any
    ) -> None:
        if namespace and name and resource.kind:
            operator.add(Key(resource.kind, namespace, name))

    for kind in _WATCHED:
        kopf.on.event(GROUP, VERSION, kind.plural, registry=made)(changed)

    def login(**arguments: Any) -> kopf.ConnectionInfo | None:
        return kopf.login_with_service_account(**arguments) or kopf.login_with_kubeconfig(
            **arguments
        )

    kopf.on.login(registry=made)(login)
    return made


def settings_of_kopf() -> kopf.OperatorSettings:
    made = kopf.OperatorSettings()
    # A namespaced operator may read neither namespaces nor definitions.
    made.scanning.disabled = True
    made.posting.enabled = False
    made.watching.server_timeout = 300
    made.watching.client_timeout = 330
    made.networking.request_timeout = 30
    return made


async def run(settings: Settings, ready: asyncio.Event | None = None) -> None:
    """Run until SIGTERM or cancellation."""
    operator = Operator(settings)
    async with operator.working():
        await kopf.operator(
            registry=registry(operator),
            settings=settings_of_kopf(),
            standalone=True,
            clusterwide=not settings.namespace,
            namespaces=[settings.namespace] if settings.namespace else (),
            ready_flag=ready,
        )
