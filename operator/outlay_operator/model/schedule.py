"""BackupSchedule: backups at set times."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from outlay_operator.model.base import Conditions, Count, Model, Moment, Name, Rule, Text, rules
from outlay_operator.model.parts import Encryption, Run
from outlay_operator.model.places import Destination

_NUMBERS = {
    "minute": "[0-5]?[0-9]",
    "hour": "([01]?[0-9]|2[0-3])",
    "day": "(0?[1-9]|[12][0-9]|3[01])",
    "month": "(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    "weekday": "([0-6]|sun|mon|tue|wed|thu|fri|sat)",
}


def _cron() -> str:
    fields = []
    for number in _NUMBERS.values():
        part = rf"([*]|{number}(-{number})?)(/[1-9][0-9]?)?"
        fields.append(rf"{part}(,{part})*")
    named = "@(yearly|annually|monthly|weekly|daily|midnight|hourly)"
    return rf"^({named}|{' +'.join(fields)})$"


Cron = Annotated[
    str,
    Meta(
        description="When: minute, hour, day of month, month, day of week, as in `17 3 * * *`; or @daily and the like.",
        min_length=1,
        max_length=128,
        extra_json_schema=rules(
            (
                f"self.matches('{_cron()}')",
                "schedule is no cron expression of five fields, such as 17 3 * * *",
            )
        ),
    ),
]
Zone = Annotated[
    str,
    Meta(
        description="Time zone of the schedule and of the retention's days, as in `Europe/Berlin`.",
        min_length=1,
        max_length=64,
        extra_json_schema=rules(
            (
                "self != 'Local' && timestamp('2026-01-01T00:00:00Z').getFullYear(self) > 2000",
                "timeZone is no name of the tz database, such as Europe/Berlin",
            )
        ),
    ),
]


class HistoryLimit(Model, frozen=True, kw_only=True):
    """How many Backup objects stay; what lies in the store stays as the retention says."""

    failed: Annotated[Count, Meta(description="Of those that failed.", le=1000)] = 20
    verified: Annotated[
        int,
        Meta(description="Of those that did not, and that the store still has.", ge=1, le=5000),
    ] = 200


class ScheduleSpec(Run, frozen=True, kw_only=True):
    """What is backed up, when, and to where."""

    schedule: Cron
    time_zone: Zone = "Etc/UTC"
    suspend: Annotated[bool, Meta(description="Begin no further run.")] = False
    starting_deadline_seconds: Annotated[
        int, Meta(description="How late a run may begin; later, it is missed.", ge=60, le=86400)
    ] = 3600
    destination: Annotated[Destination, Meta(description="Where backups lie.")]
    encryption: Annotated[Encryption, Meta(description="Who can open them.")]
    history_limit: Annotated[HistoryLimit, Meta(description="How many Backup objects stay.")] = (
        HistoryLimit()
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "has(self.destination.volume) == has(oldSelf.destination.volume)"
            " && has(self.destination.s3) == has(oldSelf.destination.s3)"
            " && has(self.destination.azure) == has(oldSelf.destination.azure)"
            " && has(self.destination.gcs) == has(oldSelf.destination.gcs)",
            "the kind of destination cannot change: make another schedule, so that the backups here stay in order",
        ),
    )


class LastFailure(Model, frozen=True, kw_only=True):
    """The latest run that failed."""

    at: Moment
    backup: Name
    reason: Annotated[str, Meta(max_length=128)]
    message: Annotated[str, Meta(max_length=4096)] = ""


class ScheduleStatus(Model, frozen=True, kw_only=True, omit_defaults=False):
    """How the backups of a schedule stand; times are UTC. No failures are told as 0."""

    conditions: Conditions = ()
    observed_generation: Count = 0
    last_success: Annotated[
        Moment | UnsetType, Meta(description="When a backup was last stored whole.")
    ] = UNSET
    last_verified: Annotated[
        Moment | UnsetType, Meta(description="When one was last restored and compared.")
    ] = UNSET
    last_verified_backup: Annotated[Name | UnsetType, Meta(description="Its Backup.")] = UNSET
    last_failure: Annotated[
        LastFailure | UnsetType, Meta(description="The latest that failed.")
    ] = UNSET
    last_drill: Annotated[
        Moment | UnsetType, Meta(description="When the owner's own key last restored one.")
    ] = UNSET
    next_run: Annotated[Moment | UnsetType, Meta(description="When the next one is due.")] = UNSET
    accounted_until: Annotated[
        Moment | UnsetType, Meta(description="Up to when missed runs were counted.")
    ] = UNSET
    missed_runs: Annotated[int, Meta(description="Runs that were due and never began.")] = 0
    consecutive_failures: Annotated[Count, Meta(description="Failures since the last success.")] = 0
    active: Annotated[str, Meta(description="The Backup that is under way.", max_length=253)] = ""
    bytes: Annotated[Count, Meta(description="Size of the newest.")] = 0
    seconds: Annotated[Count, Meta(description="How long the newest took.")] = 0
    stored: Annotated[
        Count, Meta(description="Verified backups in the store, after the newest run.")
    ] = 0
    stored_bytes: Annotated[Count, Meta(description="Their size.")] = 0
    would_remove: Annotated[
        tuple[Annotated[str, Meta(max_length=64)], ...],
        Meta(description="What the retention would delete, where it only tells.", max_length=64),
    ] = ()
    cron_job: Annotated[
        str, Meta(description="The CronJob that starts the runs.", max_length=253)
    ] = ""
    problem: Annotated[
        Text, Meta(description="What keeps it from running, or from being safe.")
    ] = ""
