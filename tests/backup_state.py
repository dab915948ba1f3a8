"""The state of backups as the operator publishes it, for tests to write and change."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime.now(UTC).replace(microsecond=0)


def at(hours: float) -> str:
    """So many hours from now; before it where they are negative."""
    return (NOW + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def schedule(**other: Any) -> dict[str, Any]:
    return {
        "name": "nightly", "schedule": "17 2 * * *", "time_zone": "Europe/Rome",
        "suspended": False, "destination": "s3://household/outlay", "off_cluster": True,
        "created": at(-900), "last_success": at(-3), "last_verified": at(-3),
        "last_drill": at(-400), "next_run": at(21), "missed_runs": 0, "consecutive_failures": 0,
        "stored_backups": 9, "bytes": 12_300_000, "running": False, "problem": "",
        "last_failure": None, **other,
    }  # fmt: skip


def backup(name: str, hours: float, state: str = "verified", **other: Any) -> dict[str, Any]:
    return {
        "name": name, "schedule": "nightly", "run": "20261126T205227Z-3f9a2c71",
        "started": at(hours), "finished": at(hours + 0.1), "state": state, "bytes": 12_300_000,
        "rows": 41_200, "tables": 23, "reason": "", "message": "", **other,
    }  # fmt: skip


def restore(name: str, hours: float, state: str, **other: Any) -> dict[str, Any]:
    return {
        "name": name, "backup": "nightly-1", "started": at(hours), "finished": at(hours + 0.2),
        "state": state, "reason": "", "message": "", "kept": "", **other,
    }  # fmt: skip


def published(**other: Any) -> dict[str, Any]:
    """One schedule, one verified backup."""
    return {
        "version": 1, "updated": at(0), "schedules": [schedule()],
        "backups": [backup("nightly-1", -3)], "restores": [], **other,
    }  # fmt: skip


def publish(path: Path, state: Any) -> None:
    """As Kubernetes does it: another file takes the place of the one before, at once."""
    new = path.with_suffix(".new")
    new.write_text(state if isinstance(state, str) else json.dumps(state))
    new.replace(path)


def withdraw(path: Path) -> None:
    path.unlink()
