"""A destination as the backup program's arguments."""

from typing import assert_never

from msgspec import UnsetType

from outlay_operator.jobs.mounts import CREDENTIALS, DESTINATION, Mounts
from outlay_operator.model.parts import SecretRef
from outlay_operator.model.places import GCS, S3, Azure, Destination, Volume

Place = Volume | S3 | Azure | GCS


def place(destination: Destination) -> Place:
    """Return the one that is given; the API server saw to it that one is."""
    for each in (destination.volume, destination.s3, destination.azure, destination.gcs):
        if not isinstance(each, UnsetType):
            return each
    raise AssertionError("a destination without a place")


def location(destination: Destination) -> str:
    """Return where backups lie as a person reads it, the same for the same place."""
    match found := place(destination):
        case Volume():
            return f"volume {found.claim_name}" + (f"/{found.path}" if found.path else "")
        case S3() | Azure() | GCS():
            return _url(found)
        case _:
            assert_never(found)


def identity(destination: Destination, namespace: str) -> tuple[str, ...]:
    """Return what tells two places apart: two schedules must not share one."""
    match found := place(destination):
        case Volume():
            return ("volume", namespace, found.claim_name, found.path)
        case S3():
            return ("s3", found.endpoint.rstrip("/"), found.bucket, found.prefix)
        case Azure():
            return ("az", found.account, found.container, found.prefix)
        case GCS():
            return ("gs", found.bucket, found.prefix)
        case _:
            assert_never(found)


def off_cluster(destination: Destination) -> bool:
    return not isinstance(place(destination), Volume)


def arguments(destination: Destination, mounts: Mounts) -> list[str]:
    """Return --store and what goes with it, and mount what they need."""
    found = place(destination)
    if isinstance(found, Volume):
        mounts.destination(found)
        return ["--store", f"{DESTINATION}/{found.path}".rstrip("/")]
    made = ["--store", _url(found)]
    for name, value in _options(found).items():
        made += ["--store-option", f"{name}={value}"]
    if isinstance(found.credentials_secret_ref, SecretRef):
        mounts.credentials(found.credentials_secret_ref)
        made += ["--credentials", CREDENTIALS]
    return made


def _url(found: S3 | Azure | GCS) -> str:
    match found:
        case S3():
            start = f"s3://{found.bucket}"
        case Azure():
            start = f"az://{found.container}"
        case GCS():
            start = f"gs://{found.bucket}"
        case _:
            assert_never(found)
    return f"{start}/{found.prefix}" if found.prefix else start


def _options(found: S3 | Azure | GCS) -> dict[str, str]:
    named: dict[str, str] = {}
    if isinstance(found, S3):
        named = {"endpoint": found.endpoint, "region": found.region}
    elif isinstance(found, Azure):
        named = {"account_name": found.account, "endpoint": found.endpoint}
    return {name: value for name, value in named.items() if value} | found.options
