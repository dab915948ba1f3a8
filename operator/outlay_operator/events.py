"""Kubernetes Events: what `kubectl describe` shows of an object."""

from typing import Any, Final

from outlay_operator import kinds, moments
from outlay_operator.api import Api

Object = dict[str, Any]
NORMAL: Final = "Normal"
WARNING: Final = "Warning"


async def tell(api: Api, about: Object, kind: str, reason: str, message: str) -> None:
    """Post an Event of an object; `reason` is one word, in CamelCase."""
    meta = about["metadata"]
    now = moments.text(moments.now())
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{meta['name'][:200]}.", "namespace": meta["namespace"]},
        "involvedObject": {
            "apiVersion": about["apiVersion"], "kind": about["kind"], "name": meta["name"],
            "namespace": meta["namespace"], "uid": meta["uid"],
            "resourceVersion": meta.get("resourceVersion", ""),
        },
        "reason": reason,
        "message": message[:1024],
        "type": kind,
        "source": {"component": "outlay-operator"},
        "reportingComponent": "outlay-operator",
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
    }  # fmt: skip
    await api.create(kinds.EVENTS, meta["namespace"], event)
