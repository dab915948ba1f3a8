"""Retention: which backups stay. Pure: no store, no clock of its own.

Only verified backups count and only they are deleted; the newest verified one always stays. Each
rule keeps the newest backup of each of the last N days, weeks (Monday to Sunday), months or years
that have one, by the calendar of a time zone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Final


@dataclass(frozen=True, slots=True)
class Backup:
    """A run as retention sees it; `started` is aware of its time zone."""

    name: str
    started: datetime
    complete: bool
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How many to keep by each rule; all 0 keeps everything."""

    last: int = 0
    daily: int = 0
    weekly: int = 0
    monthly: int = 0
    yearly: int = 0

    def __post_init__(self) -> None:
        if min(self.last, self.daily, self.weekly, self.monthly, self.yearly) < 0:
            raise ValueError("a number of backups to keep is 0 or more")

    @property
    def keeps_all(self) -> bool:
        return not any((self.last, self.daily, self.weekly, self.monthly, self.yearly))


@dataclass(frozen=True, slots=True)
class Plan:
    """What stays and by which rules, what goes, and what never became a backup."""

    keep: dict[str, tuple[str, ...]] = field(default_factory=dict)
    delete: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()


_PERIODS: Final[dict[str, Callable[[datetime], tuple[int, ...]]]] = {
    "daily": lambda local: (local.year, local.month, local.day),
    "weekly": lambda local: local.isocalendar()[:2],
    "monthly": lambda local: (local.year, local.month),
    "yearly": lambda local: (local.year,),
}


def plan(
    backups: Iterable[Backup], policy: Policy, zone: tzinfo, now: datetime, deadline: timedelta
) -> Plan:
    """Decide; an upload older than twice its deadline will never become whole."""
    known = sorted(backups, key=lambda each: (each.started, each.name), reverse=True)
    verified = [each for each in known if each.verified and each.complete]
    reasons: dict[str, list[str]] = {each.name: [] for each in verified}
    if verified:
        reasons[verified[0].name].append("newest verified")
    for each in verified[: policy.last]:
        reasons[each.name].append("last")
    for rule, period in _PERIODS.items():
        for name in _newest_of_each(verified, period, zone, getattr(policy, rule)):
            reasons[name].append(rule)
    keep = {
        name: tuple(why) or ("no rule",) for name, why in reasons.items() if why or policy.keeps_all
    }
    for each in known:
        if each.complete and not each.verified:
            keep[each.name] = ("not verified",)
    return Plan(
        keep=keep,
        delete=tuple(each.name for each in verified if each.name not in keep),
        incomplete=tuple(
            each.name for each in known if not each.complete and now - each.started > 2 * deadline
        ),
    )


def _newest_of_each(
    newest_first: Sequence[Backup],
    period: Callable[[datetime], tuple[int, ...]],
    zone: tzinfo,
    most: int,
) -> list[str]:
    """The newest backup of each of the last `most` periods that have one."""
    found: dict[tuple[int, ...], str] = {}
    for each in newest_first:
        key = period(each.started.astimezone(zone))
        if key not in found and len(found) == most:
            break
        found.setdefault(key, each.name)
    return list(found.values())
