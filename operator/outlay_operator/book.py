"""What is remembered of the objects between two looks: enough to publish their state."""

from dataclasses import dataclass, field
from typing import Any, Final

from outlay_operator.queue import Key

Object = dict[str, Any]
RECENT: Final = 50


@dataclass(slots=True)
class Book:
    """Summaries as docs/operations/backups.md has them, by object; and who has which place."""

    schedules: dict[Key, Object] = field(default_factory=dict)
    backups: dict[Key, Object] = field(default_factory=dict)
    restores: dict[Key, Object] = field(default_factory=dict)
    # Who stores where: the creation time decides who was there first.
    places: dict[Key, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def note(self, of: dict[Key, Object], key: Key, summary: Object | None) -> None:
        """Keep a summary, or forget it, and remember that its namespace changed."""
        if of.get(key) == summary:
            return
        if summary is None:
            of.pop(key, None)
        else:
            of[key] = summary
        self.changed.add(key.namespace)

    def keep_backups(self, schedule: Key, summaries: dict[str, Object]) -> None:
        """Keep these of a schedule's Backups and no others."""
        namespace, name = schedule.namespace, schedule.name
        for key, known in list(self.backups.items()):
            if (key.namespace, known["schedule"]) == (
                namespace,
                name,
            ) and key.name not in summaries:
                self.note(self.backups, key, None)
        for each, summary in summaries.items():
            self.note(self.backups, Key("Backup", namespace, each), summary)

    def first_at(self, key: Key, place: tuple[str, ...], created: str) -> Key | None:
        """Return who else stores at a place and was there before; None where nobody was."""
        self.places[key] = (place, created)
        before = [
            (since, other)
            for other, (theirs, since) in self.places.items()
            if other != key and theirs == place and (since, other) < (created, key)
        ]
        return min(before)[1] if before else None

    def state(self, namespace: str, now: str) -> Object:
        """Return what is published of a namespace."""
        backups = sorted(
            _within(self.backups, namespace), key=lambda each: str(each["started"]), reverse=True
        )
        restores = sorted(
            _within(self.restores, namespace), key=lambda each: str(each["started"]), reverse=True
        )
        schedules = sorted(_within(self.schedules, namespace), key=lambda each: str(each["name"]))
        return {
            "version": 1,
            "updated": now,
            "schedules": schedules[:RECENT],
            "backups": backups[:RECENT],
            "restores": restores[:10],
        }


def _within(of: dict[Key, Object], namespace: str) -> list[Object]:
    return [summary for key, summary in of.items() if key.namespace == namespace]
