"""Conditions: what holds, since when, and why (KEP-1623)."""

from collections.abc import Iterable

from msgspec.structs import replace

from outlay_operator.model.base import Condition

TRUE = "True"
FALSE = "False"
UNKNOWN = "Unknown"


def of(conditions: Iterable[Condition], kind: str) -> Condition | None:
    return next((each for each in conditions if each.type == kind), None)


def holds(conditions: Iterable[Condition], kind: str) -> bool:
    found = of(conditions, kind)
    return found is not None and found.status == TRUE


def merged(
    before: Iterable[Condition], wanted: Iterable[Condition], now: str, generation: int
) -> tuple[Condition, ...]:
    """Return the wanted ones; one whose status is as before keeps the time of its last change."""
    known = {each.type: each for each in before}
    made = []
    for each in wanted:
        old = known.get(each.type)
        kept = old.last_transition_time if old and old.status == each.status else now
        made.append(replace(each, last_transition_time=kept, observed_generation=generation))
    return tuple(made)


def condition(kind: str, status: str, reason: str, message: str = "") -> Condition:
    return Condition(type=kind, status=status, reason=reason, message=message[:4000])
