"""What the failures of a store mean: theirs are of every kind, ours have names."""

import re
from typing import Final

from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

from outlay_backup.errors import (
    StoreDeniedError,
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreUnreachableError,
)

_BUCKET: Final = re.compile(r"NoSuchBucket|ContainerNotFound|bucket does not exist", re.IGNORECASE)
_DENIED: Final = re.compile(
    r"InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|AuthenticationFailed|ExpiredToken"
    r"|AuthorizationFailure|403 Forbidden|401 Unauthorized",
    re.IGNORECASE,
)
_FULL: Final = re.compile(r"No space left|os error 28|os error 122|QuotaExceeded|StorageFull")
_CUT: Final = re.compile(
    r"error sending request|connect|connection|timed? ?out|dns|after \d+ retries", re.IGNORECASE
)


def meaning(location: str, error: Exception) -> StoreError:
    """Return the error that says what happened at `location` and what to do."""
    text, line = str(error), _line(error)
    if _BUCKET.search(text):
        return StoreMissingError(f"There is no {location}: make the bucket first. {line}")
    if _FULL.search(text):
        return StoreFullError(f"{location} is full: {line}. Free space or keep fewer.")
    if isinstance(error, (UnauthenticatedError, PermissionDeniedError)) or _DENIED.search(text):
        return denied(location, error)
    if _CUT.search(text):
        return StoreUnreachableError(f"{location} cannot be reached: {line}")
    return StoreError(f"{location} failed: {line}")


def denied(location: str, error: Exception) -> StoreDeniedError:
    return StoreDeniedError(
        f"{location} refuses these credentials: {_line(error)}. Check the folder of the credentials,"
        " and that they may list, read and write there."
    )


def names_a_missing_bucket(error: Exception) -> bool:
    return _BUCKET.search(str(error)) is not None


def _line(error: Exception) -> str:
    """The first line, short: stores answer with pages."""
    return str(error).partition("\n")[0][:300]
