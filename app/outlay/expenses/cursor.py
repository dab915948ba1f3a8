"""The opaque cursor of a page: where it ended, for which filter, and what was counted."""

import base64
import hashlib
import hmac
from typing import Any, Final

import msgspec

from outlay.errors import InvalidInput
from outlay.expenses.page import Count, Key

_SIGNATURE: Final = 8


class _Content(msgspec.Struct, frozen=True, array_like=True):
    key: Key
    count: Count


def write(key: Key, count: Count, scope: bytes) -> str:
    """A cursor that only `read` with the same `scope` (ledger, filter, sort) accepts."""
    content = msgspec.json.encode(_Content(key, count))
    return _text(_sign(content, scope) + content)


def read(text: str, scope: bytes, value_type: type[Any]) -> tuple[Key, Count]:
    """The content of a cursor; raises InvalidInput when it was altered or is of another list."""
    wrong = InvalidInput.field("/cursor", "This cursor is not of this list; start again without it")
    try:
        data = base64.b64decode(
            text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
    except ValueError:
        raise wrong from None
    signature, content = data[:_SIGNATURE], data[_SIGNATURE:]
    if text != _text(data) or not hmac.compare_digest(signature, _sign(content, scope)):
        raise wrong
    decoded = msgspec.json.decode(content, type=_Content)
    value = msgspec.convert(decoded.key.value, value_type)
    return Key(value, decoded.key.id), decoded.count


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _sign(content: bytes, scope: bytes) -> bytes:
    return hashlib.blake2b(
        content, digest_size=_SIGNATURE, key=hashlib.sha256(scope).digest()
    ).digest()
