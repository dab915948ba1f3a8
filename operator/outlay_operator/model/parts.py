"""The parts that a BackupSchedule, a Backup and a Restore are put together from."""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from outlay_operator.model.base import Count, Model, Name, Quantity, Rule, Word

SecretKey = Annotated[str, Meta(min_length=1, max_length=253, pattern=r"^[-._a-zA-Z0-9]+$")]


class SecretKeyRef(Model, frozen=True, kw_only=True):
    """One key of a Secret in the same namespace."""

    name: Annotated[Name, Meta(description="The Secret's name, in the same namespace.")]
    key: Annotated[SecretKey, Meta(description="The key in it.")]


class SecretRef(Model, frozen=True, kw_only=True):
    """A whole Secret in the same namespace."""

    name: Annotated[Name, Meta(description="The Secret's name, in the same namespace.")]


class Server(Model, frozen=True, kw_only=True):
    """A PostgreSQL and a database in it."""

    host: Annotated[
        Word, Meta(description="Host name of the server: a direct one, not a pooler's.")
    ]
    port: Annotated[int, Meta(description="Its port.", ge=1, le=65535)] = 5432
    name: Annotated[str, Meta(description="The database.", min_length=1, max_length=63)] = "outlay"
    ssl_mode: Annotated[
        Literal["disable", "require", "verify-ca", "verify-full"],
        Meta(
            description="Whether the connection is encrypted, and whose certificates are trusted."
        ),
    ] = "require"
    ca_secret_ref: Annotated[
        SecretKeyRef | UnsetType,
        Meta(description="The certificate authority that verify-ca and verify-full trust."),
    ] = UNSET


class Database(Server, frozen=True, kw_only=True):
    """A database and the role that reads it."""

    user: Annotated[
        str, Meta(description="A role that may read everything.", min_length=1, max_length=63)
    ]
    password_secret_ref: Annotated[
        SecretKeyRef | UnsetType,
        Meta(description="The role's password; only the Job's pod mounts it."),
    ] = UNSET


class Encryption(Model, frozen=True, kw_only=True):
    """The owners' public keys; who has one of the private ones can open the backups."""

    recipients: Annotated[
        tuple[
            Annotated[
                str, Meta(max_length=1024, pattern=r"^(age1[0-9a-z]{50,}|ssh-(ed25519|rsa) \S+.*)$")
            ],
            ...,
        ],
        Meta(description="Public keys: age1..., ssh-ed25519 or ssh-rsa.", max_length=16),
    ] = ()
    recipients_secret_ref: Annotated[
        SecretKeyRef | UnsetType, Meta(description="A Secret's key with public keys, one a line.")
    ] = UNSET
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "has(self.recipientsSecretRef) || (has(self.recipients) && size(self.recipients) > 0)",
            "give recipients, or recipientsSecretRef: a backup that nobody can open is none",
        ),
    )


class Retention(Model, frozen=True, kw_only=True):
    """Which verified backups stay; what any of the rules keeps stays, the newest always does."""

    keep_last: Annotated[Count, Meta(description="So many of the newest.", le=1000)] = 0
    keep_daily: Annotated[Count, Meta(description="The newest of so many days.", le=1000)] = 0
    keep_weekly: Annotated[Count, Meta(description="The newest of so many weeks.", le=1000)] = 0
    keep_monthly: Annotated[Count, Meta(description="The newest of so many months.", le=1000)] = 0
    keep_yearly: Annotated[Count, Meta(description="The newest of so many years.", le=1000)] = 0
    mode: Annotated[
        Literal["Delete", "DryRun", "Off"],
        Meta(
            description="Delete what no rule keeps; or only tell what would go (status.wouldRemove); or look at nothing, for stores that forbid deleting."
        ),
    ] = "Delete"
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "self.mode == 'Off' || self.keepLast + self.keepDaily + self.keepWeekly + self.keepMonthly + self.keepYearly > 0",
            "keep at least one: retention that keeps nothing deletes every backup but the newest",
        ),
    )


class Check(Model, frozen=True, kw_only=True):
    """A question that every restored copy is asked."""

    name: Annotated[str, Meta(description="What it is about.", min_length=1, max_length=128)]
    sql: Annotated[str, Meta(description="A query with one value.", min_length=1, max_length=4096)]
    expected: Annotated[str, Meta(description="The value as text.", max_length=1024)]


class Verify(Model, frozen=True, kw_only=True):
    """Every backup is restored and compared; this adds to it."""

    checks: Annotated[
        tuple[Check, ...],
        Meta(
            description="Queries asked of every restored copy, by a role that may only read.",
            max_length=20,
        ),
    ] = ()


class Scratch(Model, frozen=True, kw_only=True):
    """The volume on which the throw-away PostgreSQL runs; it goes with the pod."""

    size: Annotated[
        Quantity,
        Meta(description="Room for the database and its dump: twice the database's size does."),
    ] = "5Gi"
    storage_class_name: Annotated[
        str, Meta(description="The cluster's default when empty.", max_length=253)
    ] = ""


class Resources(Model, frozen=True, kw_only=True):
    """As of any container."""

    requests: Annotated[dict[str, Quantity], Meta(max_length=8)] = {}
    limits: Annotated[dict[str, Quantity], Meta(max_length=8)] = {}


_OPEN = {"x-kubernetes-preserve-unknown-fields": True}


class JobOptions(Model, frozen=True, kw_only=True):
    """How the pod runs. Its program, volumes and rights are not to be changed here."""

    resources: Annotated[
        Resources | UnsetType,
        Meta(description="What the pod may use; 100m and 256Mi, at most 1Gi by default."),
    ] = UNSET
    node_selector: Annotated[
        dict[str, Annotated[str, Meta(max_length=63)]],
        Meta(description="Labels of the nodes.", max_length=32),
    ] = {}
    tolerations: Annotated[
        tuple[Annotated[dict[str, Any], Meta(extra_json_schema=_OPEN)], ...],
        Meta(description="Taints that the pod bears.", max_length=32),
    ] = ()
    affinity: Annotated[
        dict[str, Any], Meta(description="Further wishes for the node.", extra_json_schema=_OPEN)
    ] = {}
    priority_class_name: Annotated[str, Meta(description="The pod's priority.", max_length=253)] = (
        ""
    )
    annotations: Annotated[
        dict[str, Annotated[str, Meta(max_length=4096)]],
        Meta(description="Annotations of the pod.", max_length=32),
    ] = {}
    service_account_name: Annotated[
        str,
        Meta(
            description="For workload identity; one of those that the operator allows.",
            max_length=253,
        ),
    ] = ""


class Run(Model, frozen=True, kw_only=True):
    """What one backup is made of."""

    database: Annotated[
        Database | UnsetType,
        Meta(
            description="PostgreSQL 16 to 18; by default that of the release, in whose namespace it is then."
        ),
    ] = UNSET
    deadline_seconds: Annotated[
        int, Meta(description="How long a run may take.", ge=60, le=604800)
    ] = 3600
    retention: Annotated[Retention, Meta(description="Which verified backups stay.")] = Retention(
        keep_daily=7, keep_weekly=4, keep_monthly=12
    )
    verify: Annotated[Verify | UnsetType, Meta(description="More to ask of the restored copy.")] = (
        UNSET
    )
    scratch: Annotated[Scratch, Meta(description="The volume to restore on.")] = Scratch()
    csv: Annotated[bool, Meta(description="Store the ledgers as CSV too.")] = True
    job: Annotated[JobOptions | UnsetType, Meta(description="How the pod runs.")] = UNSET
