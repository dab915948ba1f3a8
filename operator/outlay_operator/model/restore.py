"""Restore: a backup brought back."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from outlay_operator.model.base import Conditions, Count, Model, Moment, Name, Rule
from outlay_operator.model.parts import JobOptions, Scratch, SecretKeyRef, Server
from outlay_operator.model.places import Destination


class Source(Model, frozen=True, kw_only=True):
    """Which backup."""

    backup_name: Annotated[Name | UnsetType, Meta(description="A Backup in this namespace.")] = (
        UNSET
    )
    destination: Annotated[
        Destination | UnsetType,
        Meta(description="Where backups lie: nothing else is needed, but the key."),
    ] = UNSET
    run: Annotated[
        str,
        Meta(
            description="With destination: the run, or the latest verified one.",
            max_length=64,
            pattern=r"^(latest|[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8})$",
        ),
    ] = "latest"
    allow_unverified: Annotated[
        bool, Meta(description="Take a backup, too, that was stored and never verified.")
    ] = False
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "has(self.backupName) != has(self.destination)", "give either backupName or destination"
        ),
    )


class Admin(Model, frozen=True, kw_only=True):
    """A role that may create databases and is a member of the owner's; it need not be a superuser."""

    user: Annotated[str, Meta(description="The role.", min_length=1, max_length=63)]
    password_secret_ref: Annotated[SecretKeyRef, Meta(description="Its password.")]
    owner: Annotated[
        str,
        Meta(description="The role that owns the database; by default as before.", max_length=63),
    ] = ""


class RestoreSpec(Model, frozen=True, kw_only=True):
    """What to bring back, and with whose key."""

    source: Annotated[Source, Meta(description="Which backup.")]
    key_secret_ref: Annotated[SecretKeyRef, Meta(description="An owner's private key (age).")]
    database: Annotated[
        Server | UnsetType, Meta(description="The database to replace; by default the release's.")
    ] = UNSET
    admin: Annotated[
        Admin | UnsetType, Meta(description="Who may replace it; by default the release's role.")
    ] = UNSET
    dry_run: Annotated[
        bool, Meta(description="Restore and compare, and leave everything as it is.")
    ] = False
    keep_tokens: Annotated[
        bool,
        Meta(
            description="Where there is no database to ask who was shut out: keep API tokens and links."
        ),
    ] = False
    deadline_seconds: Annotated[
        int, Meta(description="How long it may take.", ge=60, le=604800)
    ] = 14400
    scratch: Annotated[Scratch, Meta(description="Room for the dump.")] = Scratch()
    job: Annotated[JobOptions | UnsetType, Meta(description="How the pod runs.")] = UNSET
    release_old: Annotated[
        bool,
        Meta(
            description="Set it to true when all is well: the old database, kept until then, is dropped."
        ),
    ] = False
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "has(self.database) == has(self.admin)", "give database and admin together, or neither"
        ),
        Rule(
            "!oldSelf.releaseOld || self.releaseOld",
            "what was released is gone: releaseOld stays true",
        ),
    )


class RestoreStatus(Model, frozen=True, kw_only=True):
    """How it goes; times are UTC."""

    conditions: Conditions = ()
    observed_generation: Count = 0
    state: Annotated[
        str,
        Meta(
            description="Waiting, Loading, Migrating, Swapping, Restored, Compared, Prepared, Released or Failed.",
            max_length=32,
        ),
    ] = ""
    job: Annotated[str, Meta(description="Its Job.", max_length=253)] = ""
    release_job: Annotated[str, Meta(max_length=253)] = ""
    run: Annotated[str, Meta(description="What is brought back.", max_length=64)] = ""
    started: Moment | UnsetType = UNSET
    finished: Moment | UnsetType = UNSET
    rows: Count = 0
    tables: Count = 0
    kept: Annotated[
        str, Meta(description="The old database's name, until it is released.", max_length=63)
    ] = ""
    reason: Annotated[str, Meta(description="Why it failed, in one word.", max_length=128)] = ""
    message: Annotated[str, Meta(description="Why, and what to do.", max_length=4096)] = ""
