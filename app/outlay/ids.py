"""Ids that sort by time."""

import time
from secrets import randbits
from uuid import UUID


def uuid7() -> UUID:
    """A UUID of the current millisecond and 74 random bits (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | 0x7 << 76 | randbits(12) << 64 | 0b10 << 62 | randbits(62))
