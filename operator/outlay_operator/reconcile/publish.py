"""Publishes the state of a namespace's backups in a ConfigMap, for the service to show."""

from typing import Final

import msgspec

from outlay_operator import kinds, moments
from outlay_operator.labels import MANAGED
from outlay_operator.queue import Key
from outlay_operator.reconcile.context import Context

STATE: Final = "State"
FILE: Final = "state.json"


async def reconcile(context: Context, key: Key) -> float | None:
    """Write the ConfigMap of a namespace, where there is or was a schedule."""
    state = context.book.state(key.namespace, moments.text(moments.now()))
    name = context.settings.state_config_map
    if not state["schedules"] and not state["backups"]:
        known = await context.api.get(kinds.CONFIG_MAPS, key.namespace, name)
        if known is None:
            return None
    made = {
        "metadata": {"name": name, "labels": MANAGED},
        "data": {FILE: msgspec.json.encode(state).decode()},
    }
    await context.api.apply(kinds.CONFIG_MAPS, key.namespace, made)
    return None
