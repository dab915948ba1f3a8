"""The published state of backups: times are UTC, sizes bytes."""

from datetime import datetime
from typing import Literal

import msgspec

VERSION = 1

RunState = Literal["waiting", "running", "complete", "verified", "failed", "unknown"]
# restored: it is what is used now; prepared: it waits for somebody to lead the service to it;
# compared: a dry run, which went well; released: the database that was there before is gone.
RestoreState = Literal[
    "waiting", "loading", "migrating", "swapping", "prepared", "compared", "restored", "released",
    "failed", "unknown",
]  # fmt: skip


class BackupFailure(msgspec.Struct, frozen=True, kw_only=True):
    """The last failed run of a schedule. `reason` is one word for programs."""

    at: datetime
    backup: str
    reason: str
    message: str


class BackupScheduleState(msgspec.Struct, frozen=True, kw_only=True):
    """One schedule. `schedule` is a cron expression in `time_zone`; `bytes` is the newest backup's.

    `last_drill` is when the owners' own key last restored a backup. `off_cluster` is false while the
    only copies are in the cluster that they are of. `problem` is a sentence, or empty.
    """

    name: str
    schedule: str
    time_zone: str
    suspended: bool
    destination: str
    off_cluster: bool
    created: datetime
    last_success: datetime | None
    last_verified: datetime | None
    last_drill: datetime | None
    next_run: datetime | None
    missed_runs: int
    consecutive_failures: int
    stored_backups: int
    bytes: int
    running: bool
    problem: str
    last_failure: BackupFailure | None


class BackupRun(msgspec.Struct, frozen=True, kw_only=True):
    """One backup. `schedule` is empty for one made by hand, `run` its folder in the store once known."""

    name: str
    schedule: str
    run: str
    started: datetime | None
    finished: datetime | None
    state: RunState
    bytes: int | None
    rows: int | None
    tables: int | None
    reason: str
    message: str


class RestoreRun(msgspec.Struct, frozen=True, kw_only=True):
    """One restore. `kept` names the database that was there before, or is empty."""

    name: str
    backup: str
    started: datetime | None
    finished: datetime | None
    state: RestoreState
    reason: str
    message: str
    kept: str


class PublishedState(msgspec.Struct, frozen=True, kw_only=True):
    """The file. Fields that this program does not know are passed over."""

    version: int
    updated: datetime
    schedules: tuple[BackupScheduleState, ...]
    backups: tuple[BackupRun, ...]
    restores: tuple[RestoreRun, ...]


class BackupState(msgspec.Struct, frozen=True, kw_only=True):
    """`published` is false, and the rest empty, where nobody publishes how backups are."""

    published: bool
    updated: datetime | None
    schedules: tuple[BackupScheduleState, ...]
    backups: tuple[BackupRun, ...]
    restores: tuple[RestoreRun, ...]


UNPUBLISHED = BackupState(published=False, updated=None, schedules=(), backups=(), restores=())
