"""ETags that carry the database's epoch, so that none survives a restore."""

import re
from functools import lru_cache
from typing import Final

from outlay.access import AnyRequest, header_of
from outlay.errors import BadRequest, PreconditionNeeded, Stale

_ETAG: Final = re.compile(r'(?:W/)?"([0-9a-f]{12})\.(\d{1,9})"')


@lru_cache(maxsize=1024)
def etag(epoch: str, version: int) -> str:
    return f'"{epoch}.{version}"'


def wanted_version(request: AnyRequest, epoch: str) -> int | None:
    """The version that If-Match names; None for `*`.

    Raises PreconditionNeeded without the header, Stale for a tag of before a restore.
    """
    header = header_of(request, b"if-match")
    if header is None:
        raise PreconditionNeeded
    if header.strip() == "*":
        return None
    match = _ETAG.fullmatch(header.strip())
    if match is None:
        raise BadRequest('If-Match takes one ETag of this API, such as "0123456789ab.3"')
    if match[1] != epoch:
        raise Stale("The database was restored since you read this; load it anew")
    return int(match[2])


def is_unchanged(request: AnyRequest, tag: str) -> bool:
    """Whether If-None-Match already has this tag, so that 304 is the answer."""
    header = header_of(request, b"if-none-match")
    return header is not None and (
        header.strip() == "*" or tag in header.replace("W/", "").split(", ")
    )
