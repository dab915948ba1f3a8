"""Backup: one run, asked for by somebody or recorded of a schedule's Job."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from outlay_operator.model.base import Conditions, Count, Model, Moment, Name, Rule, Word
from outlay_operator.model.parts import Encryption, Run
from outlay_operator.model.places import Destination
from outlay_operator.model.schedule import Zone


class Recorded(Model, frozen=True, kw_only=True):
    """The Job that made it. A Backup with this is history, and is never run again, wherever it is applied."""

    schedule: Annotated[str, Meta(description="The BackupSchedule.", max_length=253)] = ""
    job: Annotated[Name, Meta(description="The Job.")]
    uid: Annotated[Word, Meta(description="The Job's UID, by which the run is found in the store.")]
    scheduled: Annotated[Moment | UnsetType, Meta(description="When it was due.")] = UNSET


class BackupSpec(Run, frozen=True, kw_only=True):
    """What is backed up to where: as a schedule says, or said here."""

    schedule_name: Annotated[
        Name | UnsetType, Meta(description="Do what this BackupSchedule does, now.")
    ] = UNSET
    destination: Annotated[Destination | UnsetType, Meta(description="Where it lies.")] = UNSET
    encryption: Annotated[Encryption | UnsetType, Meta(description="Who can open it.")] = UNSET
    time_zone: Zone = "Etc/UTC"
    recorded: Annotated[
        Recorded | UnsetType, Meta(description="Written by the operator for a schedule's runs.")
    ] = UNSET
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("self == oldSelf", "a Backup is one run and cannot be changed: make another one"),
        Rule(
            "has(self.scheduleName) != has(self.destination)",
            "give either scheduleName, or destination and encryption",
        ),
        Rule(
            "!has(self.destination) || has(self.recorded) || has(self.encryption)",
            "give encryption: who is to open the backup",
        ),
    )


class BackupStatus(Model, frozen=True, kw_only=True):
    """How the run went; times are UTC, sizes bytes."""

    conditions: Conditions = ()
    observed_generation: Count = 0
    state: Annotated[
        str,
        Meta(
            description="Waiting, Running, Verified, Unverified, Failed or Unknown.", max_length=32
        ),
    ] = ""
    job: Annotated[str, Meta(description="Its Job.", max_length=253)] = ""
    job_uid: Annotated[str, Meta(max_length=64)] = ""
    inventory: Annotated[
        str, Meta(description="The Job that looks it up in the store.", max_length=253)
    ] = ""
    run: Annotated[str, Meta(description="Its folder in the store.", max_length=64)] = ""
    location: Annotated[str, Meta(description="Where that is.", max_length=1024)] = ""
    started: Moment | UnsetType = UNSET
    finished: Moment | UnsetType = UNSET
    seconds: Annotated[Count, Meta(description="How long it took.")] = 0
    steps: Annotated[
        dict[str, Annotated[int, Meta(ge=0)]],
        Meta(description="Seconds that each step took.", max_length=16),
    ] = {}
    bytes: Annotated[Count, Meta(description="Size of the stored dump.")] = 0
    rows: Count = 0
    tables: Count = 0
    reason: Annotated[str, Meta(description="Why it failed, in one word.", max_length=128)] = ""
    message: Annotated[str, Meta(description="Why, and what to do.", max_length=4096)] = ""
    notes: Annotated[tuple[Annotated[str, Meta(max_length=1024)], ...], Meta(max_length=16)] = ()
    removed: Annotated[
        tuple[Annotated[str, Meta(max_length=64)], ...],
        Meta(description="Older backups that the retention removed.", max_length=64),
    ] = ()
    would_remove: Annotated[
        tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=64)
    ] = ()
    stored: Annotated[Count, Meta(description="Verified backups in the store afterwards.")] = 0
    stored_bytes: Count = 0
    retention_refused: Annotated[bool, Meta(description="The store forbids deleting.")] = False
    last_drill: Annotated[
        Moment | UnsetType, Meta(description="When the owner's key restored it.")
    ] = UNSET
