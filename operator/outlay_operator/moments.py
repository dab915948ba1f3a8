"""Moments as Kubernetes writes them: UTC, RFC 3339, whole seconds."""

from datetime import UTC, datetime

from msgspec import UnsetType


def now() -> datetime:
    return datetime.now(UTC)


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(moment: str | UnsetType | None) -> datetime | None:
    """Return the moment; None where there is none."""
    return datetime.fromisoformat(moment) if isinstance(moment, str) and moment else None


def newest(*moments: datetime | None) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)
