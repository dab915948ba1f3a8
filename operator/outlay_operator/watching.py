"""Watches Jobs and pods that the operator made, by their label, and Backups.

kopf watches the other custom resources. It has no watch by label, and would hold every pod of the cluster
and every Backup that ever was.
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
from outlay_operator.labels import BACKUP, FINISHED, JOB_NAME, RESTORE, SCHEDULE
from outlay_operator.queue import Key

Object = dict[str, Any]
# Told with the kind of change: ADDED, MODIFIED or DELETED.
Changed = Callable[[str, Object], None]
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


def keys_of_backup(found: Object, *, gone: bool = False) -> list[Key]:
    """Return a Backup and its schedule, whose status tells of it; nothing for one that is history."""
    meta = found["metadata"]
    if meta.get("labels", {}).get(FINISHED) == meta["uid"] and not gone:
        return []
    own = [Key(kinds.BACKUPS.name, meta["namespace"], meta["name"])]
    schedule = meta.get("labels", {}).get(SCHEDULE)
    if schedule:
        own.append(Key(kinds.SCHEDULES.name, meta["namespace"], schedule))
    return own


async def watch(
    api: Api,
    kind: Kind,
    namespace: str | None,
    selector: str,
    changed: Changed,
    *,
    first: str = "",
) -> None:
    """Tell of what changes until cancelled; whatever breaks, it begins again from a new list.

    `first` selects what that list holds, where it is less than what is watched.
    """
    while True:
        try:
            await _once(api, kind, namespace, selector, changed, first or selector)
        except ApiException as error:
            if error.status != 410:
                log.warning("The watch of %s broke: %s", kind.plural, error.reason)
                await asyncio.sleep(PAUSE_SECONDS)
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("The watch of %s broke: %s", kind.plural, error)
            await asyncio.sleep(PAUSE_SECONDS)


async def _once(
    api: Api,
    kind: Kind,
    namespace: str | None,
    selector: str,
    changed: Changed,
    first: str,
) -> None:
    # What changed while nobody watched.
    found, version = await api.cached(kind, namespace, first)
    for made in found:
        changed("ADDED", made)
    while True:
        async for change, made in api.watch(kind, namespace, selector, version):
            version = made["metadata"]["resourceVersion"]
            if change != "BOOKMARK":
                changed(change, made)
