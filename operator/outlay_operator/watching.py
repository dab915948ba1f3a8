"""Watches the Jobs and pods that the operator made, by their label: a cluster has many others.

kopf watches the custom resources; it has no watch by label, and would hold every pod of the cluster.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from aiohttp import ClientError
from kubernetes.aio.client.exceptions import ApiException

from outlay_operator import kinds
from outlay_operator.api import Api
from outlay_operator.kinds import Kind
from outlay_operator.labels import BACKUP, JOB_NAME, RESTORE, SCHEDULE, SELECTOR
from outlay_operator.queue import Key

Object = dict[str, Any]
log = logging.getLogger(__name__)
PAUSE_SECONDS: Final = 2.0


def keys(made: Object) -> list[Key]:
    """Return what a Job or a pod belongs to."""
    meta = made["metadata"]
    labels, namespace = meta.get("labels", {}), meta["namespace"]
    found = []
    if backup := labels.get(BACKUP):
        found.append(Key(kinds.BACKUPS.name, namespace, backup))
    if restore := labels.get(RESTORE):
        found.append(Key(kinds.RESTORES.name, namespace, restore))
    if schedule := labels.get(SCHEDULE):
        found.append(Key(kinds.SCHEDULES.name, namespace, schedule))
        # A recorded Backup has the name of its Job.
        job = labels.get(JOB_NAME) or meta["name"]
        found.append(Key(kinds.BACKUPS.name, namespace, job))
    return found


async def watch(api: Api, kind: Kind, namespace: str | None, add: Callable[[Key], None]) -> None:
    """Add what changes until cancelled; whatever breaks, it begins again from a new list."""
    while True:
        try:
            await _once(api, kind, namespace, add)
        except ApiException as error:
            if error.status != 410:
                log.warning("The watch of %s broke: %s", kind.plural, error.reason)
                await asyncio.sleep(PAUSE_SECONDS)
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("The watch of %s broke: %s", kind.plural, error)
            await asyncio.sleep(PAUSE_SECONDS)


async def _once(api: Api, kind: Kind, namespace: str | None, add: Callable[[Key], None]) -> None:
    version = ""
    first = await api.version(kind, namespace, SELECTOR)
    version = first["metadata"]["resourceVersion"]
    # What changed while nobody watched.
    async for made in api.pages(kind, namespace, SELECTOR):
        for key in keys(made):
            add(key)
    while True:
        async for change, made in api.watch(kind, namespace, SELECTOR, version):
            version = made["metadata"]["resourceVersion"]
            if change != "BOOKMARK":
                for key in keys(made):
                    add(key)
