"""How a Job went, told from the Job and its pods alone."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

Object = dict[str, Any]
# SIGKILL: the kernel's out-of-memory killer, or a stop that took too long.
_KILLED: Final = 137
_MEMORY: Final = "It was killed, probably for lack of memory: raise the memory limit (job.resources), now {limit}."
# Why a run was ended from outside, where that was seen: the store knows only that it has no end.
FROM_OUTSIDE: Final = frozenset({"OutOfMemory", "Evicted", "DeadlineExceeded"})


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the backup program leaves as the termination message (docs/backups/program.md)."""

    run: str = ""
    started: str = ""
    finished: str = ""
    complete: bool = False
    verified: bool = False
    bytes: int = 0
    tables: int = 0
    rows: int = 0
    reason: str = ""
    message: str = ""
    location: str = ""
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = {}
    removed: tuple[str, ...] = ()
    would_remove: tuple[str, ...] = ()
    stored: int = 0
    stored_bytes: int = 0
    retention_refused: bool = False
    last_drill: str = ""
    # Of a restore.
    database: str = ""
    swapped: bool = False
    kept: str = ""
    dry_run: bool = False
    already_done: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """A container that ended: what it told, if it could, and what was seen from outside."""

    container: str
    exit_code: int
    told: Told | None
    seen: str
    reason: str


def finished(job: Object) -> str:
    """Return Complete, Failed, or nothing while it goes on."""
    for each in job.get("status", {}).get("conditions", ()):
        if each["type"] in {"Complete", "Failed"} and each["status"] == "True":
            return str(each["type"])
    return ""


def failure(job: Object) -> tuple[str, str]:
    """Return the reason and the message of a Job that failed."""
    for each in job.get("status", {}).get("conditions", ()):
        if each["type"] == "Failed" and each["status"] == "True":
            return each.get("reason", ""), each.get("message", "")
    return "", ""


def ends(pods: list[Object]) -> list[Ended]:
    """Return the containers that ended, of the newest pod first, and in a pod the last first."""
    found: list[Ended] = []
    for pod in sorted(pods, key=_age, reverse=True):
        status = pod.get("status", {})
        containers = [
            *status.get("initContainerStatuses", ()),
            *status.get("containerStatuses", ()),
        ]
        for each in reversed(containers):
            state = each.get("state", {}).get("terminated")
            if state:
                found.append(_ended(pod, each["name"], state))
    return found


def told_by(pods: list[Object], container: str = "") -> Told | None:
    """Return what the pods told last, or one of their containers; None where nothing was told."""
    named = (each for each in ends(pods) if not container or each.container == container)
    return next((each.told for each in named if each.told is not None), None)


def _age(pod: Object) -> str:
    return str(pod["metadata"]["creationTimestamp"])


def _ended(pod: Object, name: str, state: Object) -> Ended:
    code = int(state.get("exitCode", 0))
    reason, seen = _seen(pod, name, code, str(state.get("reason", "")))
    message = str(state.get("message", ""))
    told = parse(message)
    if told is None and message and not seen and code:
        # The last lines of its log.
        seen = message[-2000:]
    return Ended(name, code, told, seen, reason)


def _seen(pod: Object, name: str, code: int, reason: str) -> tuple[str, str]:
    status = pod.get("status", {})
    if reason == "OOMKilled" or (code == _KILLED and status.get("reason") is None):
        return "OutOfMemory", _MEMORY.format(limit=_limit(pod, name))
    if status.get("reason") == "Evicted":
        return "Evicted", f"The pod was evicted: {status.get('message', '')}"
    if status.get("reason") == "DeadlineExceeded":
        return "DeadlineExceeded", "It took longer than its deadline, and was ended."
    return "", ""


def _limit(pod: Object, name: str) -> str:
    spec = pod.get("spec", {})
    for each in (*spec.get("initContainers", ()), *spec.get("containers", ())):
        if each["name"] == name:
            return str(each.get("resources", {}).get("limits", {}).get("memory", "none"))
    return "none"


def parse(message: str) -> Told | None:
    """Return the program's result; None for anything else, such as the end of a log."""
    try:
        found = msgspec.json.decode(message, type=Told)
    except msgspec.MsgspecError:
        return None
    return found if message.lstrip().startswith("{") and (found.run or found.reason) else None
