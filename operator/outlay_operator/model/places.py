"""Where backups lie: a volume, or a bucket of one of three kinds."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from outlay_operator.model.base import Model, Name, Rule, Text, Word
from outlay_operator.model.parts import SecretRef

Options = Annotated[
    dict[str, Annotated[str, Meta(max_length=512)]],
    Meta(
        description="Settings of the store that are no secret, such as `region`; names as in its own documentation.",
        max_length=16,
    ),
]
Prefix = Annotated[
    str,
    Meta(
        description="Folder in it; one installation and one schedule each.",
        max_length=512,
        pattern=r"^([^/]+(/[^/]+)*)?$",
    ),
]


class Volume(Model, frozen=True, kw_only=True):
    """A claim that is mounted into the Job."""

    claim_name: Annotated[
        Name, Meta(description="The PersistentVolumeClaim, in the same namespace.")
    ]
    path: Annotated[Prefix, Meta(description="Folder in the volume.")] = ""
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("!self.path.matches('(^|/)[.][.]?(/|$)')", "path has a . or .. in it"),
    )


class S3(Model, frozen=True, kw_only=True):
    """S3, and what speaks like it."""

    bucket: Annotated[Word, Meta(description="The bucket.")]
    prefix: Prefix = ""
    endpoint: Annotated[
        Text, Meta(description="URL of a store that is not Amazon's.", pattern="^(https?://.+)?$")
    ] = ""
    region: Annotated[str, Meta(description="Its region.", max_length=64)] = ""
    credentials_secret_ref: Annotated[
        SecretRef | UnsetType,
        Meta(
            description="Secret with the keys `aws_access_key_id` and `aws_secret_access_key`. Without it the pod's own identity is used."
        ),
    ] = UNSET
    options: Options = {}


class Azure(Model, frozen=True, kw_only=True):
    """Azure Blob Storage."""

    container: Annotated[Word, Meta(description="The container.")]
    account: Annotated[Word, Meta(description="The storage account.")]
    prefix: Prefix = ""
    endpoint: Annotated[
        Text,
        Meta(description="URL of a store that is not Microsoft's.", pattern="^(https?://.+)?$"),
    ] = ""
    credentials_secret_ref: Annotated[
        SecretRef | UnsetType,
        Meta(
            description="Secret with the key `account_key` or `sas_key`. Without it the pod's own identity is used."
        ),
    ] = UNSET
    options: Options = {}


class GCS(Model, frozen=True, kw_only=True):
    """Google Cloud Storage."""

    bucket: Annotated[Word, Meta(description="The bucket.")]
    prefix: Prefix = ""
    credentials_secret_ref: Annotated[
        SecretRef | UnsetType,
        Meta(
            description="Secret with the key `key.json`, a service account's. Without it the pod's own identity is used."
        ),
    ] = UNSET
    options: Options = {}


class Destination(Model, frozen=True, kw_only=True):
    """Where backups lie: exactly one place."""

    volume: Annotated[
        Volume | UnsetType,
        Meta(description="A volume of this cluster, which dies with the cluster."),
    ] = UNSET
    s3: Annotated[S3 | UnsetType, Meta(description="S3 and what speaks like it.")] = UNSET
    azure: Annotated[Azure | UnsetType, Meta(description="Azure Blob Storage.")] = UNSET
    gcs: Annotated[GCS | UnsetType, Meta(description="Google Cloud Storage.")] = UNSET
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "[has(self.volume), has(self.s3), has(self.azure), has(self.gcs)].filter(x, x).size() == 1",
            "give exactly one of volume, s3, azure and gcs",
        ),
    )
