"""Why a pod does not start: a Secret that is missing, a volume that is not bound, an image."""

from datetime import timedelta
from typing import Any, Final

from outlay_operator import kinds, moments
from outlay_operator.api import Api

Object = dict[str, Any]
_IMAGE: Final = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"}
)
_MOUNTS: Final = frozenset({"FailedMount", "FailedAttachVolume"})
# Until the scratch volume of a pod is made, the scheduler says each time that it is missing.
_PATIENCE: Final = timedelta(seconds=10)


async def reason(api: Api, pods: list[Object]) -> tuple[str, str]:
    """Return why the newest pod waits, and the sentence; nothing where it does not."""
    if not pods:
        return "", ""
    pod = max(pods, key=lambda each: str(each["metadata"]["creationTimestamp"]))
    status = pod.get("status", {})
    if status.get("phase") != "Pending":
        return "", ""
    return _unscheduled(status) or _held_up(status) or await _unmounted(api, pod) or ("", "")


def _unscheduled(status: Object) -> tuple[str, str] | None:
    for each in status.get("conditions", ()):
        if each["type"] == "PodScheduled" and each["status"] == "False" and _lasts(each):
            message = str(each.get("message", ""))
            claim = "persistentvolumeclaim" in message.lower()
            return ("VolumePending" if claim else "Unschedulable"), message
    return None


def _lasts(found: Object) -> bool:
    since = moments.read(found.get("lastTransitionTime") or "")
    return since is None or moments.now() - since > _PATIENCE


def _held_up(status: Object) -> tuple[str, str] | None:
    for each in (*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())):
        state = each.get("state", {}).get("waiting", {})
        why, message = state.get("reason", ""), state.get("message", "")
        if why in _IMAGE:
            return "ImageMissing", f"The image {each.get('image', '')} cannot be had: {message}"
        if why in {"CreateContainerConfigError", "CreateContainerError"}:
            return why, message
    return None


async def _unmounted(api: Api, pod: Object) -> tuple[str, str] | None:
    meta = pod["metadata"]
    selector = f"involvedObject.uid={meta['uid']},type=Warning"
    found = await api.all(kinds.EVENTS, meta["namespace"], fields=selector)
    for event in sorted(found, key=lambda each: str(each.get("lastTimestamp") or ""), reverse=True):
        if event.get("reason") in _MOUNTS:
            message = str(event.get("message", ""))
            missing = "secret" in message.lower() and "not found" in message.lower()
            keys = "references non-existent secret key" in message
            return ("SecretMissing" if missing or keys else "VolumePending"), message
    return None
